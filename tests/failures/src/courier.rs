//! Brings parcels.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Resolves when the parcel has been delivered.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    is_delivered: Arc<AtomicBool>,
}

impl Parcel {
    /// Leaves the parcel at the door. The bell is broken: who waits for it is not woken.
    pub fn deliver(&self) {
        self.is_delivered.store(true, Ordering::Release);
    }
}

impl Future for Parcel {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if self.is_delivered.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
    }
}

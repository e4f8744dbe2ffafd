use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::state::world;
use crate::bubble::lock;

/// Tells a task that all has come to rest at an instant.
#[derive(Default)]
pub(super) struct Alarm {
    gone_off: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Alarm {
    /// Called by the root, not by a hook: it wakes a task.
    pub(super) fn go_off(&self) {
        self.gone_off.store(true, Ordering::Release);
        let waker = lock(&self.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Resolves once everything that is due up to an instant has happened, and all is at rest there.
pub(super) struct Rest {
    bubble: u32,
    alarm: Arc<Alarm>,
}

impl Rest {
    /// `at` is in nanoseconds since the bubble began.
    pub(super) fn at(bubble: u32, at: u64) -> Self {
        let alarm = Arc::new(Alarm::default());
        world(|world| {
            if let Some(room) = world.rooms.get_mut(&bubble) {
                room.alarms.push((at, Arc::clone(&alarm)));
            }
            world.reconsider(bubble);
        });
        Self { bubble, alarm }
    }
}

impl Future for Rest {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut waker = lock(&self.alarm.waker);
        if self.alarm.gone_off.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        *waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        if self.alarm.gone_off.load(Ordering::Acquire) {
            return;
        }
        world(|world| {
            if let Some(room) = world.rooms.get_mut(&self.bubble) {
                room.alarms.retain(|(_, alarm)| !Arc::ptr_eq(alarm, &self.alarm));
            }
        });
    }
}

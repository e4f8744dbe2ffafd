use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use crate::bubble::{Bubble, Card, Event, How, lock, trace};

/// A future that the bubble knows by name, can look into, and sees the end of.
pub(super) struct Watched<F> {
    inner: Pin<Box<F>>,
    bubble: Arc<Bubble>,
    card: Arc<Card>,
    /// Set while `inner` is polled: if it still is when this is dropped, the poll panicked.
    is_polling: bool,
    is_done: bool,
}

impl<F: Future> Watched<F> {
    pub(super) fn new(inner: F, bubble: Arc<Bubble>, card: Arc<Card>) -> Self {
        Self { inner: Box::pin(inner), bubble, card, is_polling: false, is_done: false }
    }
}

impl<F> Watched<F> {
    fn end(&mut self, how: How) {
        self.is_done = true;
        self.bubble.note(Event::Ended { task: self.card.name.clone(), how });
        self.bubble.tasks.close(&self.card);
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.bubble.root.note_run();
        self.card.polls.fetch_add(1, Ordering::Relaxed);
        self.card.polled_at_jump.store(self.bubble.root.idle_jumps(), Ordering::Relaxed);
        {
            let mut waker = lock(&self.card.waker);
            if waker.as_ref().is_none_or(|waker| !waker.will_wake(cx.waker())) {
                *waker = Some(cx.waker().clone());
            }
        }
        self.is_polling = true;
        self.card.is_polling.store(true, Ordering::Relaxed);
        let polled = if self.card.trace_asked.swap(false, Ordering::Acquire) {
            let (polled, chains) = trace(self.inner.as_mut(), cx.waker());
            *lock(&self.card.trace) = chains;
            polled
        } else {
            self.inner.as_mut().poll(cx)
        };
        self.is_polling = false;
        self.card.is_polling.store(false, Ordering::Relaxed);
        if polled.is_ready() {
            self.end(How::Finished);
        }
        polled
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        if !self.is_done {
            self.end(if self.is_polling { How::Panicked } else { How::Cancelled });
        }
    }
}

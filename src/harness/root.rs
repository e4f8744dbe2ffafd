use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::bubble::{self, Bubble, Chain, Cut, trace};

/// How the body came to its end, or did not.
pub(super) enum Ended<T> {
    Finished(T),
    Panicked(Box<dyn Any + Send>),
    Cut(Cut),
}

/// A test's body, of whatever type: what runs it is then compiled once, and not anew for each test.
pub(super) type Body<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Makes a body; it is called at the first poll.
pub(super) fn body<'a, T>(body: impl AsyncFnOnce() -> T + 'a) -> Body<'a, T> {
    Box::pin(async { body().await })
}

/// The body, and what watches over it at the root of the runtime.
pub(super) struct Root<'a, T> {
    bubble: Arc<Bubble>,
    body: Option<Body<'a, T>>,
    waker: Option<(Arc<BodyWaker>, Waker)>,
    alarm: Option<Pin<Box<Sleep>>>,
    limit: Option<Instant>,
    /// Once the limit has come: what is due at that very instant still runs.
    last_call: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

/// Wakes the root, and says that it was for the body's sake.
struct BodyWaker {
    woken: AtomicBool,
    root: Waker,
}

impl Wake for BodyWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.root.wake_by_ref();
    }
}

impl<'a, T> Root<'a, T> {
    /// `limit` counts from the bubble's start.
    pub(super) fn new(bubble: Arc<Bubble>, body: Body<'a, T>, limit: Option<Duration>) -> Self {
        let limit = limit.map(|limit| bubble.clock.start() + limit);
        Self { bubble, body: Some(body), waker: None, alarm: None, limit, last_call: None }
    }

    /// Lets the body run until it ends or something ends it.
    pub(super) async fn until_end(&mut self) -> Ended<T> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// Polls the body once more to see where it waits.
    pub(super) fn look(&mut self) -> Result<Vec<Chain>, Ended<T>> {
        let Some((_, waker)) = self.waker.clone() else { return Ok(Vec::new()) };
        let mut chains = Vec::new();
        let polled = poll_body(&self.bubble, &mut self.body, |body| {
            let (polled, seen) = trace(body, &waker);
            chains = seen;
            polled
        });
        match polled {
            Poll::Ready(ended) => Err(ended),
            Poll::Pending => Ok(chains),
        }
    }

    /// Whether the body has been woken since it was last polled.
    pub(super) fn is_woken(&self) -> bool {
        self.waker.as_ref().is_some_and(|(flag, _)| flag.woken.load(Ordering::Acquire))
    }

    /// Drops the body, with its locals; gives the payload if that panics.
    pub(super) fn drop_body(&mut self) -> Result<(), Box<dyn Any + Send>> {
        catch_unwind(AssertUnwindSafe(|| drop(self.body.take())))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Ended<T>> {
        let (flag, waker) = self.waker.get_or_insert_with(|| {
            self.bubble.root.start(cx.waker());
            let flag = Arc::new(BodyWaker { woken: AtomicBool::new(true), root: cx.waker().clone() });
            (Arc::clone(&flag), Waker::from(flag))
        });
        let is_woken = flag.woken.swap(false, Ordering::Acquire);
        if is_woken {
            let mut cx = Context::from_waker(waker);
            let polled = poll_body(&self.bubble, &mut self.body, |body| body.poll(&mut cx));
            if polled.is_ready() {
                return polled;
            }
        }
        let is_alarm_changed = is_woken && self.bubble.clock.goes_on();
        if !self.bubble.root.takes_attention() && !is_alarm_changed {
            return Poll::Pending;
        }
        self.bubble.clock.top_of_turn(is_woken);
        if let Some(cut) = self.bubble.root.take_cut() {
            return Poll::Ready(Ended::Cut(cut));
        }
        self.poll_alarm().map(Ended::Cut)
    }

    fn poll_alarm(&mut self) -> Poll<Cut> {
        let attention = Waker::from(Arc::clone(&self.bubble.root));
        let mut cx = Context::from_waker(&attention);
        if self.last_call.is_none() {
            let Some(at) = self.bubble.clock.alarm().into_iter().chain(self.limit).min() else {
                self.alarm = None;
                return Poll::Pending;
            };
            // One that has gone off is not set anew: had anything changed since, it would have been set before. And it is
            // replaced, not reset, which would leave the wheel to stop at the old deadline.
            let is_set = self.alarm.as_ref().is_some_and(|alarm| alarm.deadline() == at || alarm.is_elapsed());
            if !is_set {
                self.alarm = Some(Box::pin(sleep_until(at)));
            }
            ready!(self.alarm.as_mut().expect("it is set").as_mut().poll(&mut cx));
            if self.limit.is_none_or(|limit| Instant::now() < limit) {
                let clock = &self.bubble.clock;
                if !(clock.is_frozen() && clock.was_moved_by_hand()) {
                    return Poll::Ready(Cut::Stuck);
                }
                // Somebody moved the frozen clock past the alarm, which says nothing of rest.
                self.alarm = None;
                self.bubble.root.wake_by_ref();
                return Poll::Pending;
            }
        }
        let last_call = self.last_call.get_or_insert_with(|| self.bubble.clock.settle());
        last_call.as_mut().poll(&mut cx).map(|()| Cut::VirtualLimit)
    }
}

fn poll_body<T>(
    bubble: &Bubble,
    body: &mut Option<Body<'_, T>>,
    poll: impl FnOnce(Pin<&mut (dyn Future<Output = T> + '_)>) -> Poll<T>,
) -> Poll<Ended<T>> {
    let body = body.as_mut().expect("the body is polled only while it lives").as_mut();
    match bubble.root.body_polled(|| catch_unwind(AssertUnwindSafe(|| poll(body)))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ended::Finished(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(payload) => Poll::Ready(Ended::Panicked(payload)),
    }
}

/// Lets everything run that can, from the root, once the body runs no more; unless it is to give that up.
pub(super) async fn settle(bubble: &Bubble, gives_up: impl Fn(&bubble::Root) -> bool) {
    let mut rest = bubble.clock.settle();
    poll_fn(|cx| {
        if bubble.root.is_hurried() || gives_up(&bubble.root) {
            return Poll::Ready(());
        }
        bubble.clock.top_of_turn(false);
        rest.as_mut().poll(cx)
    })
    .await;
    tokio::task::yield_now().await;
}

/// How many tasks of the current runtime are alive.
pub(super) fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

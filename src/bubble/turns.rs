use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use super::lock;

/// How many polls of tasks make one turn of the scheduler; then it asks its drivers and polls its root again.
pub(super) const TURN: u32 = 61;

/// After so many turns something must be spinning, and who waits for rest is told that there is none.
const MOST_TURNS: u32 = 10_000;

/// Finds out when everything that can run has run, without letting the scheduler park (which would move the clock).
///
/// A ticker that wakes itself fills the scheduler's turns. Once a whole turn held nothing but the ticker,
/// after the drivers were asked, there is nothing left to run.
#[derive(Default)]
pub(super) struct Turns {
    waiting: Vec<Arc<Rest>>,
    ticker: Option<Arc<Ticker>>,
    left: u32,
}

/// One caller's wait for rest.
#[derive(Default)]
pub(super) struct Rest {
    reached: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

#[derive(Default)]
struct Ticker {
    polls: AtomicU32,
    stopped: AtomicBool,
}

impl Turns {
    pub(super) fn wait(&mut self) -> Arc<Rest> {
        let rest = Arc::new(Rest::default());
        self.waiting.push(Arc::clone(&rest));
        rest
    }

    /// To be called at the top of each turn; says whether the root must be polled again after this one.
    pub(super) fn top(&mut self, body_ran: bool) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        match &self.ticker {
            None => {
                self.ticker = Some(Ticker::start());
                self.left = MOST_TURNS;
            }
            Some(ticker) => {
                self.left -= 1;
                let quiet = ticker.polls.swap(0, Ordering::Relaxed) == TURN && !body_ran;
                if quiet || self.left == 0 {
                    self.end();
                    return false;
                }
            }
        }
        true
    }

    fn end(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.stopped.store(true, Ordering::Relaxed);
        }
        for rest in self.waiting.drain(..) {
            rest.reached.store(true, Ordering::Release);
            let waker = lock(&rest.waker).take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl Rest {
    pub(super) async fn reached(&self) {
        poll_fn(|cx| {
            let mut waker = lock(&self.waker);
            if self.reached.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            *waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Ticker {
    fn start() -> Arc<Self> {
        let ticker = Arc::new(Self::default());
        let ticking = Arc::clone(&ticker);
        drop(tokio::spawn(poll_fn(move |cx| {
            if ticking.stopped.load(Ordering::Relaxed) {
                return Poll::Ready(());
            }
            ticking.polls.fetch_add(1, Ordering::Relaxed);
            cx.waker().wake_by_ref();
            Poll::Pending
        })));
        ticker
    }
}

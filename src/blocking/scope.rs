use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::os::Scope;

thread_local! {
    /// Without a destructor, so that it can be read at any time in a thread's life.
    static SCOPE: Cell<Scope> = const { Cell::new(Scope::Open) };
}

/// What the code that runs now says of blocking.
#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees calls"))]
pub(super) fn scope() -> Scope {
    SCOPE.with(Cell::get)
}

fn within<T>(scope: Scope, run: impl FnOnce() -> T) -> T {
    struct Before(Scope);

    impl Drop for Before {
        fn drop(&mut self) {
            SCOPE.set(self.0);
        }
    }

    let _before = Before(SCOPE.replace(scope));
    run()
}

/// Runs code that may block: it is known, and meant.
///
/// If the test fails for another reason, its report lists the calls, with the reason. For code that awaits, see
/// [`BlockingExt::allow_blocking`].
///
/// # Examples
///
/// ```
/// use std::{thread, time::Duration};
///
/// use standstill::blocking::allow_blocking;
///
/// standstill::run(async || {
///     allow_blocking("a driver's warm-up", || thread::sleep(Duration::from_secs(1)));
/// });
/// ```
pub fn allow_blocking<T>(reason: &'static str, run: impl FnOnce() -> T) -> T {
    within(Scope::Allow(reason), run)
}

/// Runs code that must not block, whatever the test, the baseline or a scope around it allows.
///
/// It says so to a bubble or to a [`Detector`](super::Detector): where neither watches, nothing is found.
///
/// # Examples
///
/// ```
/// use standstill::blocking::{allow_blocking, deny_blocking};
///
/// let answer = allow_blocking("legacy", || deny_blocking(|| 6 * 7));
/// assert_eq!(answer, 42);
/// ```
pub fn deny_blocking<T>(run: impl FnOnce() -> T) -> T {
    within(Scope::Deny, run)
}

/// Says of a future what [`allow_blocking`] and [`deny_blocking`] say of a closure.
pub trait BlockingExt: Future + Sized {
    /// Lets the future's polls block: that is known, and meant.
    ///
    /// It goes with the future, so tasks that run in between are not allowed anything.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{thread, time::Duration};
    ///
    /// use standstill::prelude::*;
    ///
    /// standstill::run(async || {
    ///     async {
    ///         tokio::time::sleep(1.secs()).await;
    ///         thread::sleep(1.secs());
    ///     }
    ///     .allow_blocking("a driver's warm-up")
    ///     .await;
    /// });
    /// ```
    fn allow_blocking(self, reason: &'static str) -> Scoped<Self> {
        Scoped { future: Some(Box::pin(self)), scope: Scope::Allow(reason) }
    }

    /// Denies the future's polls to block, whatever the test allows otherwise, and whatever scope is around it.
    fn deny_blocking(self) -> Scoped<Self> {
        Scoped { future: Some(Box::pin(self)), scope: Scope::Deny }
    }
}

impl<F: Future> BlockingExt for F {}

/// A future in a scope of its own. See [`BlockingExt`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Scoped<F> {
    future: Option<Pin<Box<F>>>,
    scope: Scope,
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let scope = self.scope;
        let future = self.future.as_mut().expect("it is taken only when dropped").as_mut();
        within(scope, || future.poll(cx))
    }
}

impl<F> Drop for Scoped<F> {
    fn drop(&mut self) {
        within(self.scope, || drop(self.future.take()));
    }
}

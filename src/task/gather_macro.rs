use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::task::JoinError;

use super::children::Ends;
use super::gather::{AFTER_ITS_END, failure, is_failure, settled_output, value};
use super::{GatherError, IntoTask, Outcome, Task};
use crate::bubble::Card;

/// Gathers children of different types, as [`gather`](crate::task::gather()) does those of one.
///
/// Gives a tuple. Children that can fail must all have the same error type, and then the others wrap their value in `Ok`.
/// Takes one to eight children; `.settled()` works as it does on `gather`.
///
/// # Panics
///
/// Panics where [`gather`](crate::task::gather()) does.
///
/// # Examples
///
/// ```
/// use standstill::{assert_elapsed, gather, prelude::*};
/// use tokio::time::sleep;
///
/// standstill::run(async || {
///     let user = async {
///         sleep(2.secs()).await;
///         "ada"
///     };
///     let orders = async {
///         sleep(3.secs()).await;
///         7
///     };
///
///     assert_eq!(gather!(user, orders).await, Ok(("ada", 7)));
///     assert_elapsed!(3.secs());
/// });
/// ```
#[macro_export]
macro_rules! gather {
    ($($child:expr),+ $(,)?) => {
        $crate::task::Tuple::gather(($($child,)+))
    };
}

/// A tuple of children for [`gather!`](crate::gather).
pub trait Tuple {
    /// The children as tasks.
    type Tasks: Abort;

    /// Starts the children.
    fn gather(self) -> GatherTuple<Self::Tasks>;
}

/// A tuple of tasks that can be cancelled together.
#[doc(hidden)]
pub trait Abort {
    fn abort_all(&self);
}

/// Waits for the children of [`gather!`](crate::gather).
#[must_use = "the children are cancelled when this is dropped"]
pub struct GatherTuple<Tasks: Abort> {
    /// Taken at the end, and when an error lets the others run on.
    tasks: Option<Tasks>,
    ends: Ends,
    /// How many have not ended.
    waiting: usize,
}

/// Waits for all children of a [`gather!`](crate::gather), whatever becomes of them.
#[must_use = "the children are cancelled when this is dropped"]
pub struct SettledTuple<Tasks: Abort> {
    gather: GatherTuple<Tasks>,
}

impl<Tasks: Abort> GatherTuple<Tasks> {
    fn new<const N: usize>(tasks: Tasks, cards: &[Arc<Card>; N]) -> Self {
        Self { tasks: Some(tasks), ends: Ends::of(cards.iter()), waiting: N }
    }

    /// Has every child waited for, and its error, panic or cancellation given as a value.
    pub fn settled(self) -> SettledTuple<Tasks> {
        SettledTuple { gather: self }
    }
}

/// A tuple has no pinned part: its tasks are handles.
impl<Tasks: Abort> Unpin for GatherTuple<Tasks> {}

/// As of [`GatherTuple`].
impl<Tasks: Abort> Unpin for SettledTuple<Tasks> {}

impl<Tasks: Abort> Drop for GatherTuple<Tasks> {
    fn drop(&mut self) {
        if let Some(tasks) = &self.tasks {
            tasks.abort_all();
        }
    }
}

impl<Tasks: Abort> fmt::Debug for GatherTuple<Tasks> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatherTuple").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

impl<Tasks: Abort> fmt::Debug for SettledTuple<Tasks> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettledTuple").field("waiting", &self.gather.waiting).finish_non_exhaustive()
    }
}

macro_rules! tuple {
    ($($child:ident $number:tt),+) => {
        impl<$($child: IntoTask),+> Tuple for ($($child,)+) {
            type Tasks = ($(Task<$child::Output>,)+);

            #[track_caller]
            fn gather(self) -> GatherTuple<Self::Tasks> {
                let place = Location::caller();
                let tasks = ($(self.$number.into_task(concat!("gather[", $number, "]").to_owned(), place),)+);
                let cards = [$(Arc::clone(&tasks.$number.card)),+];
                GatherTuple::new(tasks, &cards)
            }
        }

        impl<$($child),+> Abort for ($(Task<$child>,)+) {
            fn abort_all(&self) {
                $(self.$number.abort();)+
            }
        }

        impl<E, $($child: Outcome<Error = E>),+> Future for GatherTuple<($(Task<$child>,)+)> {
            type Output = Result<($($child::Value,)+), GatherError<E>>;

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                while self.waiting > 0 {
                    let number = ready!(self.ends.poll_next(cx));
                    self.waiting -= 1;
                    let tasks = self.tasks.as_mut().expect(AFTER_ITS_END);
                    let is_failure = match number {
                        $($number => is_failure(tasks.$number.output()),)+
                        _ => unreachable!("only these children are listened to"),
                    };
                    if is_failure {
                        let tasks = self.tasks.take().expect("they were there a moment ago");
                        return Poll::Ready(Err(match number {
                            $($number => failure(tasks.$number),)+
                            _ => unreachable!("only these children are listened to"),
                        }));
                    }
                }
                let tasks = self.tasks.take().expect(AFTER_ITS_END);
                Poll::Ready(Ok(($(value(tasks.$number),)+)))
            }
        }

        impl<$($child),+> Future for SettledTuple<($(Task<$child>,)+)> {
            type Output = ($(Result<$child, JoinError>,)+);

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                while self.gather.waiting > 0 {
                    ready!(self.gather.ends.poll_next(cx));
                    self.gather.waiting -= 1;
                }
                let tasks = self.gather.tasks.take().expect(AFTER_ITS_END);
                Poll::Ready(($(settled_output(tasks.$number),)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, F 4);
tuple!(A 0, B 1, C 2, D 3, F 4, G 5);
tuple!(A 0, B 1, C 2, D 3, F 4, G 5, H 6);
tuple!(A 0, B 1, C 2, D 3, F 4, G 5, H 6, I 7);

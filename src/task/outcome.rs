use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// What a child of [`gather`](super::gather()) may give: a `Result`, whose error counts as the child's error, or a plain value.
///
/// Implemented for `Result` and for std's common types. For a type of your own, wrap the value in `Ok`, or
/// implement it:
///
/// ```
/// use std::convert::Infallible;
/// use standstill::task::{Outcome, gather};
///
/// # #[derive(Debug, PartialEq)]
/// struct Order(u32);
///
/// impl Outcome for Order {
///     type Value = Order;
///     type Error = Infallible;
///
///     fn into_result(self) -> Result<Order, Infallible> {
///         Ok(self)
///     }
/// }
///
/// standstill::run(async || {
///     let orders = gather([1, 2].map(async |number| Order(number))).await.unwrap();
///     assert_eq!(orders, [Order(1), Order(2)]);
/// });
/// ```
#[diagnostic::on_unimplemented(
    message = "`gather` and `wait` cannot tell whether a `{Self}` is an error",
    label = "this child gives a `{Self}`",
    note = "have the child give a `Result` (wrap the value in `Ok`), or implement `standstill::task::Outcome` for `{Self}`"
)]
pub trait Outcome {
    /// What a child gives that did well.
    type Value;
    /// What it gives otherwise.
    type Error;

    /// Tells the two apart.
    ///
    /// # Errors
    ///
    /// Gives the child's error, if it is one.
    fn into_result(self) -> Result<Self::Value, Self::Error>;

    /// Says whether it is an error.
    fn is_error(&self) -> bool {
        false
    }
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }

    fn is_error(&self) -> bool {
        self.is_err()
    }
}

macro_rules! plain {
    ([$($generic:ident),*] $type:ty) => {
        impl<$($generic),*> Outcome for $type {
            type Value = Self;
            type Error = Infallible;

            fn into_result(self) -> Result<Self, Infallible> {
                Ok(self)
            }
        }
    };
}

macro_rules! plain_all {
    ($($type:ty),* $(,)?) => {$( plain!([] $type); )*};
}

plain_all!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    Duration,
    Instant,
    SystemTime,
    tokio::time::Instant,
    &'static str,
);
plain!([T] Option<T>);
plain!([T] Vec<T>);
plain!([T] VecDeque<T>);
plain!([T] Box<T>);
plain!([T] Rc<T>);
plain!([T] Arc<T>);
plain!([T] BTreeSet<T>);
plain!([T, S] HashSet<T, S>);
plain!([K, V] BTreeMap<K, V>);
plain!([K, V, S] HashMap<K, V, S>);
plain!([A, B](A, B));
plain!([A, B, C](A, B, C));
plain!([A, B, C, D](A, B, C, D));

impl<T, const N: usize> Outcome for [T; N] {
    type Value = Self;
    type Error = Infallible;

    fn into_result(self) -> Result<Self, Infallible> {
        Ok(self)
    }
}

use std::fmt::Debug;

use super::copied::Hopeless;
use super::kept::Plain;
use super::kept_args::KeptArgs;
use super::views::{View, Views};

/// What a [`MockFn`](super::MockFn) stands in for: its arguments and its output.
///
/// Function pointers are signatures, `fn(u64) -> String`, and for those the arguments must be `Clone + Debug + Send`.
/// What [`mock_fn!`](crate::mock_fn) and [`async_mock`](macro@crate::async_mock) make demand nothing of their arguments, and may borrow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no signature of a mock",
    label = "not a signature",
    note = "write `mock_fn!(async fn name(text: &str, reply: Reply) -> String)`, whose arguments may borrow and need no bound",
    note = "or a function pointer of up to eight arguments that are `Clone + Debug + Send` and borrow nothing: `MockFn<fn(u64) -> String>`"
)]
pub trait Signature: Sized + 'static {
    /// What a call is given: nothing, the one argument, or a tuple of several.
    type Args<'a>;
    /// A tuple of copies of the arguments.
    type Kept: KeptArgs;
    /// What matchers see.
    type Views: Views;
    /// What a call gives, owned.
    type Output: 'static;
    /// Which kind of function it wraps: [`Awaited`], or [`AtOnce`].
    type Pace;

    /// The names of the arguments, if they have any.
    const NAMES: &'static [&'static str];

    /// The file, line and column of the macro that wrote the function, if one did.
    #[doc(hidden)]
    const WRITTEN_AT: (&'static str, u32, u32) = ("", 0, 0);

    /// Copies what can be copied.
    fn keep(args: &Self::Args<'_>) -> Self::Kept;

    /// Shows the arguments to a matcher.
    fn views<'a>(args: &'a Self::Args<'_>, kept: &'a Self::Kept) -> <Self::Views as Views>::Refs<'a>;

    /// As `views`, if it takes nothing but the arguments.
    #[doc(hidden)]
    fn views_of_args<'a>(_: &'a Self::Args<'_>) -> Option<<Self::Views as Views>::Refs<'a>> {
        None
    }

    /// Drops the arguments as a function's end does: the last one first.
    fn release(args: Self::Args<'_>) {
        drop(args);
    }
}

/// The pace of an async function.
pub struct Awaited;

/// The pace of a sync function.
pub struct AtOnce;

/// A signature whose calls are awaited, so that an answer may take its time.
#[diagnostic::on_unimplemented(
    message = "a sync function answers at once, so it cannot wait",
    note = "`after`, `after_each`, `pending`, `gate`, `answers_async`, `next_call` are for async functions"
)]
pub trait Async: Signature {}

/// A way that nothing goes. With it the compiler, where a function pointer borrows, tells of the trait and not of lifetimes.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<T: Hopeless + 'static> Signature for T {
    type Args<'a> = ();
    type Kept = ();
    type Views = ();
    type Output = ();
    type Pace = AtOnce;

    const NAMES: &'static [&'static str] = &[];

    fn keep((): &()) {}

    fn views<'a>((): &'a (), (): &'a ()) {}
}

impl<R: 'static> Signature for fn() -> R {
    type Args<'a> = ();
    type Kept = ();
    type Views = ();
    type Output = R;
    type Pace = Awaited;

    const NAMES: &'static [&'static str] = &[];

    fn keep((): &()) -> Self::Kept {}

    fn views<'a>((): &'a (), (): &'a ()) {}

    fn views_of_args((): &()) -> Option<()> {
        Some(())
    }
}

impl<R: 'static> Async for fn() -> R {}

#[diagnostic::do_not_recommend]
impl<A: Clone + Debug + Send + 'static, R: 'static> Signature for fn(A) -> R {
    type Args<'a> = A;
    type Kept = (Plain<A>,);
    type Views = (View<A>,);
    type Output = R;
    type Pace = Awaited;

    const NAMES: &'static [&'static str] = &[];

    fn keep(argument: &A) -> Self::Kept {
        (Plain(argument.clone()),)
    }

    fn views<'a>(argument: &'a A, _: &'a Self::Kept) -> &'a A {
        argument
    }

    fn views_of_args(argument: &A) -> Option<&A> {
        Some(argument)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Clone + Debug + Send + 'static, R: 'static> Async for fn(A) -> R {}

macro_rules! function {
    ($($type:ident $name:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($type: Clone + Debug + Send + 'static,)* R: 'static> Signature for fn($($type),*) -> R {
            type Args<'a> = ($($type,)*);
            type Kept = ($(Plain<$type>,)*);
            type Views = ($(View<$type>,)*);
            type Output = R;
            type Pace = Awaited;

            const NAMES: &'static [&'static str] = &[];

            fn keep(($($name,)*): &Self::Args<'_>) -> Self::Kept {
                ($(Plain($name.clone()),)*)
            }

            fn views<'a>(($($name,)*): &'a Self::Args<'_>, _: &'a Self::Kept) -> ($(&'a $type,)*) {
                ($($name,)*)
            }

            fn views_of_args<'a>(($($name,)*): &'a Self::Args<'_>) -> Option<($(&'a $type,)*)> {
                Some(($($name,)*))
            }

            fn release(args: Self::Args<'_>) {
                #[expect(unused_variables, reason = "as locals, they are dropped in reverse")]
                let ($($name,)*) = args;
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: Clone + Debug + Send + 'static,)* R: 'static> Async for fn($($type),*) -> R {}
    };
}

function!(A a, B b);
function!(A a, B b, C c);
function!(A a, B b, C c, D d);
function!(A a, B b, C c, D d, E e);
function!(A a, B b, C c, D d, E e, F f);
function!(A a, B b, C c, D d, E e, F f, G g);
function!(A a, B b, C c, D d, E e, F f, G g, H h);

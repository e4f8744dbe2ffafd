//! A generic method's mocks, before it is said which of them is meant.

use std::marker::PhantomData;

/// What the field of a generic method is, beside its `of`: it has the names of a mock's methods, so that the compiler can say
/// what comes before them.
pub struct Undecided<T>(PhantomData<T>);

impl<T> Undecided<T> {
    /// Gives one of any type.
    pub const fn any<'a>() -> &'a Self {
        &Self(PhantomData)
    }
}

/// What no such field is. The compiler has its own words unless the field itself is asked for it.
#[diagnostic::on_unimplemented(
    message = "a generic method has one mock for each choice of its types",
    label = "of which types? `.of::<..>()` goes before this",
    note = "as in `users.find.of::<ByName>().returns(..)`, for the calls of `find` with a `ByName`"
)]
pub trait Decided {}

macro_rules! undecided {
    ($($name:ident)*) => {
        impl<T: Decided> Undecided<T> {
            $(
                #[doc(hidden)]
                pub fn $name(&self) {}
            )*
        }
    };
}

undecided! {
    name call call_now
    when when_fn always nice by_hand next_call wait_until_called must_be_polled without_args
    returns returns_once sequence answers answers_async wraps fails pending gate after after_each never
    calls called polled completed cancelled never_polled in_flight peak_in_flight pauses intervals
    assert_calls assert_called_once_with assert_never_called assert_all_completed checkpoint
}

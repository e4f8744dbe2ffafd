use crate::bubble::{self, Holder};

/// Lists who keeps the clock from moving, apart from the calling thread: a guard, a request to another process, a child process,
/// a thread. Where no timer is left, those are also whom a test waits for that would be stuck otherwise.
///
/// # Panics
///
/// Panics outside a bubble.
///
/// # Examples
///
/// ```
/// use standstill::clock::{self, Holder};
///
/// standstill::run(async || {
///     assert_eq!(clock::held_by(), []);
///
///     let _hold = clock::outside("the printer answers");
///     let held_by = clock::held_by();
///     assert!(matches!(&held_by[..], [Holder::Outside { why, .. }] if why == "the printer answers"));
///     assert!(held_by[0].to_string().starts_with("clock::outside(\"the printer answers\") at "));
/// });
/// ```
#[track_caller]
pub fn held_by() -> Vec<Holder> {
    bubble::expect_current("clock::held_by").held_by()
}

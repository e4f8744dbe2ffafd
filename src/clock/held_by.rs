use crate::bubble::{self, Holder, lock};

/// Lists who keeps the clock from moving, apart from the calling thread: a guard, a request to another process, a thread.
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
    let bubble = bubble::expect_current("clock::held_by");
    let holds: Vec<_> = lock(&bubble.holds).values().cloned().collect();
    let outside = holds.into_iter().map(|(why, place)| Holder::Outside { why, place });
    let freezes: Vec<_> = lock(&bubble.freezes).iter().map(|(_, place)| Holder::Freeze { place }).collect();
    outside.chain(freezes).chain(bubble.clock.held_by()).collect()
}

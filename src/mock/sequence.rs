use std::fmt;
use std::sync::{Arc, Mutex};

use super::report;
use super::times::Times;
use crate::bubble::lock;

/// An order in which rules are to be used, across mocks. See [`Rule::in_order`](super::Rule::in_order).
///
/// A rule's turn comes once each rule before it has been used as often as it must be; from then on those before it are closed.
///
/// # Examples
///
/// ```
/// use standstill::mock::{MockFn, Sequence};
///
/// standstill::run(async || {
///     let connect: MockFn<fn() -> bool> = MockFn::new("connect");
///     let send: MockFn<fn(u64) -> bool> = MockFn::new("send");
///     let order = Sequence::new();
///     connect.returns(true).in_order(&order);
///     send.returns(true).times(2).in_order(&order);
///
///     assert!(connect.call(()).await);
///     assert!(send.call(1).await);
///     assert!(send.call(2).await);
/// });
/// ```
#[derive(Clone, Default)]
pub struct Sequence {
    /// Those of rules that were put in another place since are `None`.
    steps: Arc<Mutex<Vec<Option<Step>>>>,
}

struct Step {
    /// The mock and the rule, for reports.
    what: String,
    times: Times,
    taken: usize,
}

/// A rule's place in a sequence.
#[derive(Clone)]
pub(super) struct Place {
    sequence: Sequence,
    number: usize,
}

impl Sequence {
    /// Makes an empty one.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn add(&self, what: String, times: Times) -> Place {
        let mut steps = lock(&self.steps);
        steps.push(Some(Step { what, times, taken: 0 }));
        Place { sequence: self.clone(), number: steps.len() - 1 }
    }
}

impl Place {
    pub(super) fn set_times(&self, times: Times) {
        if let Some(step) = &mut lock(&self.sequence.steps)[self.number] {
            step.times = times;
        }
    }

    /// Gives the place up.
    pub(super) fn leave(&self) {
        lock(&self.sequence.steps)[self.number] = None;
    }

    /// Uses the step; or says which one is missing, or which has come already.
    pub(super) fn take(&self) -> Result<(), String> {
        let mut steps = lock(&self.sequence.steps);
        if let Some(missing) = steps[..self.number].iter().flatten().find(|step| step.taken < step.times.least) {
            return Err(format!(
                "its turn comes after {}, which saw {} of {}",
                missing.what,
                report::some(missing.taken),
                missing.times
            ));
        }
        if let Some(later) = steps[self.number + 1..].iter().flatten().find(|step| step.taken > 0) {
            return Err(format!("its turn was before {}, which has been used", later.what));
        }
        if let Some(step) = &mut steps[self.number] {
            step.taken += 1;
        }
        Ok(())
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = lock(&self.steps);
        f.debug_list()
            .entries(steps.iter().flatten().map(|step| format!("{}: {} of {}", step.what, step.taken, step.times)))
            .finish()
    }
}

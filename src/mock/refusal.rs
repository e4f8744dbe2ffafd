use std::panic::{Location, resume_unwind};

use super::report;
use super::rule_state::RuleState;
use super::shown::{Shown, name_of};
use super::signature::Signature;
use super::state::Shared;
use crate::bubble::{Cut, Did, Mocked, lock};

/// Why a call has no answer; `rule` is where the rule stands that would have given one.
pub(super) enum Refusal {
    NoRules,
    NoRule,
    Never {
        rule: &'static Location<'static>,
    },
    Exhausted {
        rule: &'static Location<'static>,
        nth: usize,
        steps: usize,
    },
    NoAnswer {
        rule: &'static Location<'static>,
    },
    OutOfOrder {
        rule: &'static Location<'static>,
        why: String,
    },
    /// A sync call would have to wait.
    Waits {
        rule: Option<&'static Location<'static>>,
    },
    Reentrant {
        rule: &'static Location<'static>,
    },
    InsideMatcher {
        rule: &'static Location<'static>,
    },
}

impl<S: Signature> Shared<S> {
    /// Fails the call, and with it whoever awaits it.
    pub(super) fn refuse(&self, number: u32, args: Option<&S::Args<'_>>, refusal: &Refusal) -> ! {
        let home = self.home();
        self.note(home.now(), number, Did::Refuse);
        let text = self.refusal(number, args, refusal);
        lock(&self.state).violations.push(text.clone());
        match home.bubble() {
            // The harness reports it, so the panic hook need not, which would name a line in here.
            Some(bubble) => {
                if bubble.ends_at_panic && tokio::task::try_id().is_some() {
                    bubble.root.cut(Cut::TaskPanic);
                }
                resume_unwind(Box::new(text))
            }
            None => panic!("{text}"),
        }
    }

    fn refusal(&self, number: u32, args: Option<&S::Args<'_>>, refusal: &Refusal) -> String {
        let calls = self.calls();
        let at = self.home().is_virtual().then(|| self.home().now());
        let rules = match (args, refusal) {
            (Some(args), Refusal::NoRule) => self.tried(args),
            _ => Vec::new(),
        };
        let place = lock(&self.state).book.place(number);
        report::refused(&self.describe(number), at, place, refusal, &rules, &calls)
    }
    /// The rules, and why each did not take the call; what the test gave says so without the mock's lock.
    fn tried(&self, args: &S::Args<'_>) -> Vec<report::Tried> {
        let kept = S::keep(args);
        let refs = S::views(args, &kept);
        let tried = |rule: &RuleState<S>| (rule.matching.clone(), rule.place, rule.times, rule.is_spent());
        let rules: Vec<_> = lock(&self.state).rules.iter().map(tried).collect();
        let rules = rules.into_iter().map(|(matching, place, times, is_spent)| report::Tried {
            expects: matching.expects(&name_of::<S>),
            place,
            times,
            is_spent,
            misses: matching
                .misses(refs)
                .into_iter()
                .map(|place| format!("{} is {}", name_of::<S>(place), Shown(&kept, place)))
                .collect(),
        });
        rules.collect()
    }
}

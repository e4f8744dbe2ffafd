use std::panic::{Location, resume_unwind};

use super::report;
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
        let state = lock(&self.state);
        let mut rules = Vec::new();
        if let (Some(args), Refusal::NoRule) = (args, refusal) {
            let kept = S::keep(args);
            for rule in &state.rules {
                let misses = rule.matcher.misses(S::views(args, &kept));
                let misses =
                    misses.into_iter().map(|place| format!("{} is {}", name_of::<S>(place), Shown(&kept, place)));
                rules.push(report::Tried {
                    expects: rule.expects(),
                    place: rule.place,
                    times: rule.times,
                    is_spent: rule.is_spent(),
                    misses: misses.collect(),
                });
            }
        }
        let place = state.book.place(number);
        drop(state);
        report::refused(&self.describe(number), at, place, refusal, &rules, &calls)
    }
}

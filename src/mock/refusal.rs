use std::panic::{Location, resume_unwind};
use std::thread;

use super::answer::Unanswered;
use super::difference::long_difference;
use super::kept_args::KeptArgs as _;
use super::report;
use super::rule_state::{RuleState, unit};
use super::shown::{Shown, name_of};
use super::signature::Signature;
use super::state::Shared;
use super::whence::Whence;
use crate::bubble::{Cut, Did, Mocked, say, say_aloud};

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
    OutOfDelays {
        rule: &'static Location<'static>,
        nth: usize,
        delays: usize,
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
    /// The answer was given by `.local()` on another thread.
    Elsewhere {
        rule: Option<&'static Location<'static>>,
    },
}

impl Refusal {
    /// Why a rule's answer has nothing for the nth call.
    pub(super) fn unanswered(why: &Unanswered, rule: &'static Location<'static>, nth: usize) -> Self {
        match *why {
            Unanswered::Exhausted { steps } => Self::Exhausted { rule, nth, steps },
            Unanswered::Elsewhere => Self::Elsewhere { rule: Some(rule) },
        }
    }
}

impl<S: Signature> Shared<S> {
    /// Notes that a call is refused, and gives the words for it.
    fn note_refusal(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&S::Args<'_>>,
        refusal: &Refusal,
    ) -> String {
        self.note(self.home().now(), number, Did::Refuse);
        let text = self.refusal(number, place, args, refusal);
        self.state().violations.push(text.clone());
        text
    }

    /// Fails a sync call, and with it whoever makes it.
    ///
    /// To panic while a destructor runs that a panic set going would end the process; a call that gives `()` can do without.
    pub(super) fn refuse_now(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&S::Args<'_>>,
        refusal: &Refusal,
    ) -> S::Output {
        if let (true, Some(unit)) = (thread::panicking(), unit()) {
            let text = self.note_refusal(number, place, args, refusal);
            if !self.home().is_in_bubble() {
                say(&format!("{text}\n"));
            }
            return unit;
        }
        self.refuse(number, place, args, refusal)
    }

    /// Fails the call, and with it whoever awaits it.
    pub(super) fn refuse(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&S::Args<'_>>,
        refusal: &Refusal,
    ) -> ! {
        let text = self.note_refusal(number, place, args, refusal);
        if thread::panicking() {
            // This may end the process, and the test's own output with it.
            say_aloud(&format!("standstill: {text}\n"));
        }
        match self.home().bubble() {
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

    fn refusal(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&S::Args<'_>>,
        refusal: &Refusal,
    ) -> String {
        let calls = self.calls();
        let at = self.home().is_virtual().then(|| self.home().now());
        let rules = match (args, refusal) {
            (Some(args), Refusal::NoRule) => self.tried(args),
            _ => Vec::new(),
        };
        let relatives = match refusal {
            Refusal::NoRules => self.relatives.get().map(|relatives| relatives.with_rules()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let when_and_where = report::when_and_where(at, &Whence::of_running::<S>(place));
        let call = match args {
            // What a checkpoint let go of is still there itself.
            Some(args) if !self.is_on_record(number) => self.shown(Some(&S::keep(args))),
            _ => self.describe(number),
        };
        report::refused(&call, &when_and_where, refusal, &relatives, &rules, &calls)
    }

    /// Whether no checkpoint has let go of a call.
    fn is_on_record(&self, number: u32) -> bool {
        self.state().book.place(number).is_some()
    }

    /// The rules, and why each did not take the call.
    fn tried(&self, args: &S::Args<'_>) -> Vec<report::Tried> {
        let kept = S::keep(args);
        let refs = S::views(args, &kept);
        let state = self.state();
        let misses: Vec<_> = state.rules.iter().map(|rule| rule.matching.misses(refs)).collect();
        let fewest = misses.iter().map(Vec::len).filter(|count| *count > 0).min();
        let mut closest = misses.iter().position(|misses| Some(misses.len()) == fewest);
        let tried = |(place, (rule, misses)): (usize, (&RuleState<S>, Vec<usize>))| {
            let is_closest = closest.take_if(|closest| *closest == place).is_some();
            report::Tried {
                expects: rule.matching.expects(&name_of::<S>),
                place: rule.place,
                times: rule.times,
                is_spent: rule.is_spent(),
                misses: misses.into_iter().map(|place| miss::<S>(rule, &kept, place, is_closest)).collect(),
            }
        };
        state.rules.iter().zip(misses).enumerate().map(tried).collect()
    }
}

/// Why the type of an argument stands for its value.
const NO_DEBUG: &str =
    ", whose value has no `Debug` to show it by: derive it, or if its type is a parameter, add it to the bounds";

/// Says how an argument misses what a rule expects.
fn miss<S: Signature>(rule: &RuleState<S>, kept: &S::Kept, place: usize, is_closest: bool) -> report::Miss {
    let name = name_of::<S>(place);
    let expected = if is_closest { rule.matching.equal_to(place) } else { None };
    let difference =
        expected.and_then(|expected| long_difference(&name, &expected, &format!("{:#}", Shown(kept, place))));
    let is = || {
        let why = if kept.has_debug(place) { "" } else { NO_DEBUG };
        report::Miss::Is(format!("{name} is {}{why}", Shown(kept, place)))
    };
    difference.map_or_else(is, report::Miss::Differs)
}

use std::any::Any;
use std::panic::{Location, resume_unwind};
use std::thread;

use super::answer::{Length, Unanswered};
use super::difference::long_difference;
use super::kept_args::KeptArgs;
use super::matching::Expects;
use super::report;
use super::rule_state::unit;
use super::shown::Shown;
use super::signature::Signature;
use super::state::Shared;
use super::terms::Terms;
use super::typed::{Typed, Untyped};
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
        length: Length,
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
            Unanswered::Exhausted(length) => Self::Exhausted { rule, nth, length },
            Unanswered::Elsewhere => Self::Elsewhere { rule: Some(rule) },
            Unanswered::Reentrant => Self::Reentrant { rule },
        }
    }
}

/// The arguments of a call, to those who know nothing of its signature.
pub(super) trait Given {
    /// Copies what can be copied.
    fn keep(&self) -> Box<dyn KeptArgs>;

    /// Gives for each rule the places of the arguments that do not match; `kept` is a copy of them.
    fn misses(&self, kept: &dyn KeptArgs, rules: &mut dyn Untyped) -> Vec<Vec<usize>>;
}

/// The arguments of a call.
pub(super) struct Arguments<'x, 'a, S: Signature>(pub(super) &'x S::Args<'a>);

impl<S: Signature> Given for Arguments<'_, '_, S> {
    fn keep(&self) -> Box<dyn KeptArgs> {
        Box::new(S::keep(self.0))
    }

    fn misses(&self, kept: &dyn KeptArgs, rules: &mut dyn Untyped) -> Vec<Vec<usize>> {
        let Some(kept) = (kept as &dyn Any).downcast_ref() else { unreachable!("a mock has one signature") };
        let refs = S::views(self.0, kept);
        let mut misses = Vec::new();
        for rule in &Typed::<S>::of(rules).rules {
            misses.push(rule.matching.misses(refs));
        }
        misses
    }
}

impl Shared {
    /// Notes that a call is refused, and gives the words for it.
    fn note_refusal(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&dyn Given>,
        refusal: &Refusal,
    ) -> String {
        self.note(self.home().now(), number, Did::Refuse);
        let text = self.refusal(number, place, args, refusal);
        self.state().violations.push(text.clone());
        text
    }

    /// Notes that a call of a sync function is refused which can do without an answer.
    fn refuse_quietly(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&dyn Given>,
        refusal: &Refusal,
    ) {
        let text = self.note_refusal(number, place, args, refusal);
        if !self.home().is_in_bubble() {
            say(&format!("{text}\n"));
        }
    }

    /// Fails a sync call, and with it whoever makes it.
    ///
    /// To panic while a destructor runs that a panic set going would end the process; a call that gives `()` can do without.
    pub(super) fn refuse_now<S: Signature>(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&S::Args<'_>>,
        refusal: &Refusal,
    ) -> S::Output {
        let given = args.map(Arguments::<S>);
        let given = given.as_ref().map(|given| given as &dyn Given);
        if let (true, Some(unit)) = (thread::panicking(), unit()) {
            self.refuse_quietly(number, place, given, refusal);
            return unit;
        }
        self.refuse(number, place, given, refusal)
    }

    /// Fails the call, and with it whoever awaits it.
    pub(super) fn refuse(
        &self,
        number: u32,
        place: &'static Location<'static>,
        args: Option<&dyn Given>,
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
        args: Option<&dyn Given>,
        refusal: &Refusal,
    ) -> String {
        let calls = self.records();
        let at = self.home().is_virtual().then(|| self.home().now());
        let rules = match (args, refusal) {
            (Some(args), Refusal::NoRule) => self.tried(args),
            _ => Vec::new(),
        };
        let relatives = match refusal {
            Refusal::NoRules => self.relatives.get().map(|relatives| relatives.with_rules()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let when_and_where = report::when_and_where(at, &Whence::of_running(&self.form, place));
        let call = match args {
            // What a checkpoint let go of is still there itself.
            Some(args) if !self.is_on_record(number) => self.shown(Some(&*args.keep())),
            _ => self.describe(number),
        };
        report::refused(&call, &when_and_where, refusal, &relatives, &rules, &calls)
    }

    /// Whether no checkpoint has let go of a call.
    fn is_on_record(&self, number: u32) -> bool {
        self.state().book.place(number).is_some()
    }

    /// The rules, and why each did not take the call.
    fn tried(&self, args: &dyn Given) -> Vec<report::Tried> {
        let kept = args.keep();
        let mut state = self.state();
        let misses = args.misses(&*kept, &mut *state.typed);
        let fewest = misses.iter().map(Vec::len).filter(|count| *count > 0).min();
        let mut closest = misses.iter().position(|misses| Some(misses.len()) == fewest);
        let tried = |(rule, (terms, misses)): (usize, (&Terms, Vec<usize>))| {
            let is_closest = closest.take_if(|closest| *closest == rule).is_some();
            let expects = state.typed.expects(rule);
            let miss = |place| self.miss(expects, &*kept, place, is_closest);
            report::Tried {
                expects: state.expects(rule, &self.form),
                place: terms.place,
                spent: terms.spent(),
                misses: misses.into_iter().map(miss).collect(),
            }
        };
        state.terms.iter().zip(misses).enumerate().map(tried).collect()
    }

    /// Says how an argument misses what a rule expects.
    fn miss(&self, expects: &dyn Expects, kept: &dyn KeptArgs, place: usize, is_closest: bool) -> report::Miss {
        let name = self.form.name_of(place);
        let expected = if is_closest { expects.equal_to(place) } else { None };
        let difference =
            expected.and_then(|expected| long_difference(&name, &expected, &format!("{:#}", Shown(kept, place))));
        let is = || {
            let why = if kept.has_debug(place) { "" } else { NO_DEBUG };
            report::Miss::Is(format!("{name} is {}{why}", Shown(kept, place)))
        };
        difference.map_or_else(is, report::Miss::Differs)
    }
}

/// Why the type of an argument stands for its value.
const NO_DEBUG: &str =
    ", whose value has no `Debug` to show it by: derive it, or if its type is a parameter, add it to the bounds";

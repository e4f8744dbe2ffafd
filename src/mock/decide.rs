use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{Replies, Then};
use super::matching::Asked;
use super::refusal::Refusal;
use super::rule_state::{Plain, PlainRun, RuleAnswer, RuleState, give, unit};
use super::search::{Ask, Open, Search};
use super::signature::Signature;
use super::state::{Shared, State};
use super::terms::{Terms, Use};
use super::typed::Typed;

/// What a call gets.
pub(super) struct Chosen<'a, S: Signature> {
    /// Where the rule stands, if one took the call.
    pub(super) rule: Option<&'static Location<'static>>,
    nth: usize,
    pub(super) delay: Duration,
    pub(super) reply: Reply<'a, S>,
}

/// How it gets it.
pub(super) enum Reply<'a, S: Signature> {
    Then(Then<'a, S::Output>),
    /// From a rule's answer, which is to be asked for it.
    Plain(Arc<PlainRun<S::Output>>),
    Apart(Arc<dyn Replies<S>>),
}

/// What is to be had before it is decided who answers a call.
pub(super) enum Before<S: Signature> {
    /// The functions are in the order of what asks for them.
    Functions(Vec<Ask>, Vec<Arc<dyn Asked<S::Views>>>),
    Copy,
}

/// Who answers a call, as far as it is decided.
pub(super) type Decided<'a, S> = Result<Result<Chosen<'a, S>, Refusal>, Before<S>>;

impl<'a, S: Signature> Chosen<'a, S> {
    fn by_no_rule(then: Then<'a, S::Output>) -> Self {
        Self { rule: None, nth: 0, delay: Duration::ZERO, reply: Reply::Then(then) }
    }

    /// Whether it is a value that is there.
    pub(super) fn is_value(&self) -> bool {
        self.delay.is_zero() && matches!(self.reply, Reply::Then(Then::Value(_)))
    }

    /// Whether it is had by no code of the test but `Clone` and `Drop`.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.reply, Reply::Plain(_))
    }
}

impl<S: Signature> Before<S> {
    fn new(open: Open, rules: &[RuleState<S>]) -> Self {
        let Open::Rules(asks) = open else { return Self::Copy };
        let mut functions = Vec::new();
        for ask in &asks {
            if let Some(asked) = rules[ask.place].matching.asked() {
                functions.push(Arc::clone(asked));
            }
        }
        Self::Functions(asks, functions)
    }
}

impl State {
    /// Decides who answers a call, as far as it is known; a copy of its arguments may be had apart from that of the book.
    pub(super) fn decide<'a, S: Signature>(
        &mut self,
        number: u32,
        args: &S::Args<'_>,
        search: &mut Search,
        kept: &mut Option<S::Kept>,
    ) -> Decided<'a, S> {
        let place = self.book.index(number);
        let Typed::<S> { copies, rules, nice, by_hand } = Typed::of(&mut *self.typed);
        let found = {
            let copy = place.and_then(|place| copies.get(place));
            let refs = match (S::views_of_args(args), &copy, &*kept) {
                (Some(refs), ..) => Some(refs),
                (None, Some(copy), _) => Some(S::views(args, copy)),
                (None, None, Some(kept)) => Some(S::views(args, kept)),
                (None, None, None) => None,
            };
            let mut round = search.round(self.gone_rules);
            for (place, terms) in self.terms.iter().enumerate() {
                if round.is_of_interest(terms) && round.hear(place, terms, rules[place].matching.matches(refs)) {
                    break;
                }
            }
            round.end(&mut self.terms)
        };
        let rule = match found {
            Ok(rule) => rule,
            Err(open) => return Err(Before::new(open, rules)),
        };
        if let Some(rule) = rule {
            return Ok(take(&mut self.terms[rule], &mut rules[rule]));
        }
        if let Some(by_hand) = by_hand {
            let Some(taken) = by_hand(number, place, copies, kept) else { return Err(Before::Copy) };
            self.hands.push_back(taken.tests);
            search.waiting.append(&mut self.waiting);
            return Ok(Ok(Chosen::by_no_rule(Then::Waits(taken.callers))));
        }
        Ok(match *nice {
            Some(make) => Ok(Chosen::by_no_rule(Then::Made(make))),
            None if rules.is_empty() => Err(Refusal::NoRules),
            None => Err(Refusal::NoRule),
        })
    }
}

/// Has a rule take a call.
fn take<'a, S: Signature>(terms: &mut Terms, rule: &mut RuleState<S>) -> Result<Chosen<'a, S>, Refusal> {
    let Use { rule: place, nth, delay } = terms.take()?;
    let reply = match &mut rule.answer {
        Some(RuleAnswer::Plain(Plain::AtHand(answer))) => match answer.give() {
            Ok(value) => Reply::Then(Then::Value(value)),
            Err(why) => return Err(Refusal::unanswered(&why, place, nth)),
        },
        Some(RuleAnswer::Plain(Plain::Apart(run))) => Reply::Plain(Arc::clone(run)),
        Some(RuleAnswer::Apart(run)) => Reply::Apart(Arc::clone(run)),
        None if unit::<S::Output>().is_some() => Reply::Then(Then::Made(|| unit().expect("the output is `()`"))),
        None => return Err(Refusal::NoAnswer { rule: place }),
    };
    Ok(Chosen { rule: Some(place), nth, delay, reply })
}

impl Shared {
    /// Goes on until it is decided who answers a call. Functions, and how arguments are copied, run without the lock: they may ask the mock.
    pub(super) fn choose<'a, S: Signature>(
        &self,
        mut before: Before<S>,
        search: &mut Search,
        kept: &mut Option<S::Kept>,
        number: u32,
        args: &S::Args<'_>,
    ) -> Result<Chosen<'a, S>, Refusal> {
        loop {
            match before {
                Before::Functions(asks, functions) => {
                    let refs = match S::views_of_args(args) {
                        Some(refs) => refs,
                        None => S::views(args, kept.get_or_insert_with(|| S::keep(args))),
                    };
                    search.ask(&asks, &mut |number| functions[number].takes(refs))?;
                }
                Before::Copy => *kept = Some(S::keep(args)),
            }
            match self.state().decide(number, args, search, kept) {
                Ok(chosen) => return chosen,
                Err(still) => before = still,
            }
        }
    }

    /// Has a call's answer.
    pub(super) fn answer<'a, S: Signature>(
        &self,
        chosen: Chosen<'a, S>,
        args: &mut Option<S::Args<'a>>,
    ) -> Result<Then<'a, S::Output>, Refusal> {
        let answered = match chosen.reply {
            Reply::Then(then) => return Ok(then),
            Reply::Plain(run) => {
                let _unpatched = self.unpatch();
                give(&run).map(Then::Value)
            }
            Reply::Apart(run) => {
                let _unpatched = self.unpatch();
                run.reply(args)
            }
        };
        match (answered, chosen.rule) {
            (Ok(then), _) => Ok(then),
            (Err(why), Some(rule)) => Err(Refusal::unanswered(&why, rule, chosen.nth)),
            (Err(_), None) => unreachable!("only a rule is asked"),
        }
    }
}

use std::panic::Location;
use std::sync::Arc;
use std::task::Waker;

use super::matching::Asked;
use super::refusal::Refusal;
use super::rule_state::RuleState;
use super::run::Inside;
use super::signature::Signature;
use super::state::wake;

/// Finds the first rule that takes a call.
///
/// Matchers are asked without the mock's lock; so rules may be used up or come meanwhile, and what is still open is asked in another round.
pub(super) struct Search<S: Signature> {
    /// What matchers said so far, by the place of the rule.
    said: Vec<Option<bool>>,
    /// How many rules checkpoints had let go of.
    gone_rules: usize,
    /// A copy of the arguments, once one is needed: those of the book may be used under the mock's lock only.
    pub(super) kept: Option<S::Kept>,
    /// Who waits for a call that no rule takes, if this is one.
    pub(super) waiting: Vec<Waker>,
}

/// A matcher that is to be asked about the call.
pub(super) struct Ask<S: Signature> {
    place: usize,
    rule: &'static Location<'static>,
    /// Whether it is of interest though another rule takes the call.
    may_be_hidden: bool,
    is_never: bool,
    pub(super) is_function: bool,
    matcher: Arc<Asked<S::Views>>,
}

impl<S: Signature> Search<S> {
    pub(super) fn new() -> Self {
        Self { said: Vec::new(), gone_rules: 0, kept: None, waiting: Vec::new() }
    }

    /// Gives the place of the rule that takes the call, if one does, and tells those that it hides; or what there is to ask before.
    pub(super) fn look(&mut self, rules: &mut [RuleState<S>], gone_rules: usize) -> Result<Option<usize>, Vec<Ask<S>>> {
        if self.gone_rules != gone_rules {
            self.said.clear();
            self.gone_rules = gone_rules;
        }
        let mut asks = Vec::new();
        // A rule that takes everything would hide one that says never.
        for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.is_never()) {
            match self.said(place, rule) {
                Some(true) if asks.is_empty() => return Ok(Some(place)),
                Some(_) => {}
                None => asks.extend(Ask::new(place, rule)),
            }
        }
        let mut taker = None;
        for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| !rule.is_spent()) {
            match self.said(place, rule) {
                Some(true) => taker = taker.or(Some(place)),
                None if taker.is_none() || rule.may_be_hidden() => asks.extend(Ask::new(place, rule)),
                Some(false) | None => {}
            }
        }
        if !asks.is_empty() {
            return Err(asks);
        }
        if let Some(taker) = taker {
            self.hide(rules, taker);
        }
        Ok(taker)
    }

    /// Wakes who waits for the call.
    pub(super) fn wake(&mut self) {
        wake(std::mem::take(&mut self.waiting));
    }

    fn said(&self, place: usize, rule: &RuleState<S>) -> Option<bool> {
        if rule.matching.asked().is_none() { Some(true) } else { self.said.get(place).copied().flatten() }
    }

    fn hide(&self, rules: &mut [RuleState<S>], taker: usize) {
        let by = rules[taker].place;
        for (place, later) in rules.iter_mut().enumerate().skip(taker + 1) {
            if later.may_be_hidden() && self.said(place, later) == Some(true) {
                later.hidden_by = Some(by);
            }
        }
    }

    /// Asks until one takes the call; those after it, only whether they are hidden.
    pub(super) fn ask(&mut self, asks: Vec<Ask<S>>, args: &S::Args<'_>) -> Result<(), Refusal> {
        let refs = match S::views_of_args(args) {
            Some(refs) => refs,
            None => S::views(args, self.kept.get_or_insert_with(|| S::keep(args))),
        };
        let mut is_taken = false;
        for ask in asks {
            if is_taken && !ask.may_be_hidden {
                continue;
            }
            let does_match = ask
                .matcher
                .enter(|matcher| matcher.matches(refs))
                .map_err(|Inside| Refusal::InsideMatcher { rule: ask.rule })?;
            if self.said.len() <= ask.place {
                self.said.resize(ask.place + 1, None);
            }
            self.said[ask.place] = Some(does_match);
            is_taken |= does_match;
            if does_match && ask.is_never {
                break;
            }
        }
        Ok(())
    }
}

impl<S: Signature> Ask<S> {
    fn new(place: usize, rule: &RuleState<S>) -> Option<Self> {
        Some(Self {
            place,
            rule: rule.place,
            may_be_hidden: rule.may_be_hidden(),
            is_never: rule.is_never(),
            is_function: rule.matching.is_function(),
            matcher: Arc::clone(rule.matching.asked()?),
        })
    }
}

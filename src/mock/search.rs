use std::panic::Location;
use std::sync::Arc;
use std::task::Waker;

use super::matching::{Asked, Matching};
use super::refusal::Refusal;
use super::rule_state::RuleState;
use super::run::Inside;
use super::signature::Signature;
use super::state::wake;
use super::views::Views;

/// Finds the first rule that takes a call.
///
/// Functions are asked without the mock's lock; so rules may be used up or come meanwhile, and what is still open is asked in another round.
pub(super) struct Search<S: Signature> {
    /// What functions said so far, by the place of the rule.
    said: Vec<Option<bool>>,
    /// How many rules checkpoints had let go of.
    gone_rules: usize,
    /// A copy of the arguments, once one is needed: those of the book may be used under the mock's lock only.
    pub(super) kept: Option<S::Kept>,
    /// Who waits for a call that no rule takes, if this is one.
    pub(super) waiting: Vec<Waker>,
}

/// What is to be had before it is decided who answers a call.
pub(super) enum Open<S: Signature> {
    Rules(Vec<Ask<S>>),
    /// A copy of the arguments, for the test.
    Copy,
}

/// A function that is to be asked about the call.
pub(super) struct Ask<S: Signature> {
    place: usize,
    rule: &'static Location<'static>,
    /// Whether it is of interest though another rule takes the call.
    may_be_hidden: bool,
    is_never: bool,
    function: Arc<Asked<S::Views>>,
}

/// Whether a rule takes a call, as far as it is known.
enum Takes {
    Yes,
    No,
    /// Its function is to be asked.
    Unasked,
    /// There is nothing to show its predicates.
    Unseen,
}

impl<S: Signature> Search<S> {
    pub(super) fn new() -> Self {
        Self { said: Vec::new(), gone_rules: 0, kept: None, waiting: Vec::new() }
    }

    /// Gives the place of the rule that takes the call, if one does, and tells those that it hides; or what is to be had before.
    pub(super) fn look(
        &mut self,
        rules: &mut [RuleState<S>],
        gone_rules: usize,
        refs: Option<<S::Views as Views>::Refs<'_>>,
    ) -> Result<Option<usize>, Open<S>> {
        if self.gone_rules != gone_rules {
            self.said.clear();
            self.gone_rules = gone_rules;
        }
        let (mut taker, mut hidden, mut asks) = (None, Vec::new(), Vec::new());
        for (place, rule) in rules.iter().enumerate() {
            let is_never = rule.is_never();
            let is_of_interest = is_never || !rule.is_spent() && (taker.is_none() || rule.may_be_hidden());
            if !is_of_interest {
                continue;
            }
            match self.takes(place, rule, refs) {
                Takes::No => {}
                // A rule that takes everything would hide one that says never.
                Takes::Yes if is_never => return Ok(Some(place)),
                Takes::Yes if taker.is_none() => taker = Some(place),
                Takes::Yes => hidden.push(place),
                Takes::Unasked => asks.extend(Ask::new(place, rule)),
                Takes::Unseen => return Err(Open::Copy),
            }
        }
        if !asks.is_empty() {
            return Err(Open::Rules(asks));
        }
        if let Some(taker) = taker {
            let by = rules[taker].place;
            for place in hidden {
                rules[place].hidden_by = Some(by);
            }
        }
        Ok(taker)
    }

    /// Wakes who waits for the call.
    #[inline]
    pub(super) fn wake(&mut self) {
        wake(std::mem::take(&mut self.waiting));
    }

    #[inline]
    fn takes(&self, place: usize, rule: &RuleState<S>, refs: Option<<S::Views as Views>::Refs<'_>>) -> Takes {
        match &rule.matching {
            Matching::Every => Takes::Yes,
            Matching::Predicates(matcher) => match refs.map(|refs| matcher.matches(refs)) {
                Some(true) => Takes::Yes,
                Some(false) => Takes::No,
                None => Takes::Unseen,
            },
            Matching::Function(..) => match self.said.get(place).copied().flatten() {
                Some(true) => Takes::Yes,
                Some(false) => Takes::No,
                None => Takes::Unasked,
            },
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
                .function
                .enter(|function| function.takes(refs))
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
            function: Arc::clone(rule.matching.asked()?),
        })
    }
}

use std::panic::Location;
use std::task::Waker;

use super::refusal::Refusal;
use super::run::Inside;
use super::state::wake;
use super::terms::Terms;

/// Finds the first rule that takes a call.
///
/// Functions are asked without the mock's lock; so rules may be used up or come meanwhile, and what is still open is asked in another round.
pub(super) struct Search {
    /// What functions said so far, by the place of the rule.
    said: Vec<Option<bool>>,
    /// How many rules checkpoints had let go of.
    gone_rules: usize,
    /// Who waits for a call that no rule takes, if this is one.
    pub(super) waiting: Vec<Waker>,
}

/// What is to be had before it is decided who answers a call.
pub(super) enum Open {
    Rules(Vec<Ask>),
    /// A copy of the arguments, to match, or for the test.
    Copy,
}

/// A rule whose function is to be asked about the call.
pub(super) struct Ask {
    pub(super) place: usize,
    rule: &'static Location<'static>,
    /// Whether it is of interest though another rule takes the call.
    may_be_hidden: bool,
    is_never: bool,
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

impl Search {
    pub(super) fn new() -> Self {
        Self { said: Vec::new(), gone_rules: 0, waiting: Vec::new() }
    }

    /// Gives the place of the rule that takes the call, if one does, and tells those that it hides; or what is to be had before.
    ///
    /// A rule without a function says itself whether it matches, if there is something to show it.
    pub(super) fn look(
        &mut self,
        rules: &mut [Terms],
        gone_rules: usize,
        matches: &dyn Fn(usize) -> Option<bool>,
    ) -> Result<Option<usize>, Open> {
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
            match self.takes(place, rule, matches) {
                Takes::No => {}
                // A rule that takes everything would hide one that says never.
                Takes::Yes if is_never => return Ok(Some(place)),
                Takes::Yes if taker.is_none() => taker = Some(place),
                Takes::Yes => hidden.push(place),
                Takes::Unasked => asks.push(Ask::new(place, rule)),
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

    fn takes(&self, place: usize, rule: &Terms, matches: &dyn Fn(usize) -> Option<bool>) -> Takes {
        let (does_match, unknown) = if rule.has_function {
            (self.said.get(place).copied().flatten(), Takes::Unasked)
        } else {
            (matches(place), Takes::Unseen)
        };
        match does_match {
            Some(true) => Takes::Yes,
            Some(false) => Takes::No,
            None => unknown,
        }
    }

    /// Asks until one takes the call; those after it, only whether they are hidden.
    pub(super) fn ask(
        &mut self,
        asks: &[Ask],
        takes: &mut dyn FnMut(usize) -> Result<bool, Inside>,
    ) -> Result<(), Refusal> {
        let mut is_taken = false;
        for (number, ask) in asks.iter().enumerate() {
            if is_taken && !ask.may_be_hidden {
                continue;
            }
            let does_match = takes(number).map_err(|Inside| Refusal::InsideMatcher { rule: ask.rule })?;
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

impl Ask {
    fn new(place: usize, rule: &Terms) -> Self {
        Self { place, rule: rule.place, may_be_hidden: rule.may_be_hidden(), is_never: rule.is_never() }
    }
}

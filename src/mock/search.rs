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

/// One round of a search: each rule that is of interest says whether it takes the call.
///
/// It is asked where its signature is known, for there may be a hundred; so what is done for each is inline.
pub(super) struct Round<'a> {
    search: &'a Search,
    taker: Option<usize>,
    hidden: Vec<usize>,
    asks: Vec<Ask>,
    is_unseen: bool,
}

impl Round<'_> {
    #[inline]
    pub(super) fn is_of_interest(&self, rule: &Terms) -> bool {
        rule.is_never() || !rule.is_spent() && (self.taker.is_none() || rule.may_be_hidden())
    }

    /// Hears whether a rule takes the call, if it knows without a function; and says whether no other need be asked.
    #[inline]
    pub(super) fn hear(&mut self, place: usize, rule: &Terms, does_match: Option<bool>) -> bool {
        does_match != Some(false) && self.hear_more(place, rule, does_match)
    }

    fn hear_more(&mut self, place: usize, rule: &Terms, does_match: Option<bool>) -> bool {
        let said = if rule.has_function { self.search.said.get(place).copied().flatten() } else { does_match };
        match said {
            Some(false) => {}
            // A rule that takes everything would hide one that says never.
            Some(true) if rule.is_never() => {
                self.taker = Some(place);
                self.hidden.clear();
                self.asks.clear();
                return true;
            }
            Some(true) if self.taker.is_none() => self.taker = Some(place),
            Some(true) => self.hidden.push(place),
            None if rule.has_function => self.asks.push(Ask::new(place, rule)),
            None => {
                self.is_unseen = true;
                return true;
            }
        }
        false
    }

    /// Gives the place of the rule that takes the call, if one does, and tells those that it hides; or what is to be had before.
    pub(super) fn end(self, rules: &mut [Terms]) -> Result<Option<usize>, Open> {
        if self.is_unseen {
            return Err(Open::Copy);
        }
        if !self.asks.is_empty() {
            return Err(Open::Rules(self.asks));
        }
        if let Some(taker) = self.taker {
            let by = rules[taker].place;
            for place in self.hidden {
                rules[place].hidden_by = Some(by);
            }
        }
        Ok(self.taker)
    }
}

impl Search {
    pub(super) fn new() -> Self {
        Self { said: Vec::new(), gone_rules: 0, waiting: Vec::new() }
    }

    /// Begins a round.
    pub(super) fn round(&mut self, gone_rules: usize) -> Round<'_> {
        if self.gone_rules != gone_rules {
            self.said.clear();
            self.gone_rules = gone_rules;
        }
        Round { search: self, taker: None, hidden: Vec::new(), asks: Vec::new(), is_unseen: false }
    }

    /// Wakes who waits for the call.
    #[inline]
    pub(super) fn wake(&mut self) {
        wake(std::mem::take(&mut self.waiting));
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

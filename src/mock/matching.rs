use std::sync::Arc;

use super::run::{Inside, Run};
use super::views::{Matcher, Views};

/// Which calls a rule takes.
pub(super) enum Matching<V: Views> {
    Every,
    /// Asked with the mock's lock: there may be a hundred of them, and they look at the arguments only.
    Predicates(Box<dyn Matcher<V> + Send>),
    /// And what it expects. It may ask the mock, and count on the rules before it to have taken some calls.
    Function(&'static str, Arc<dyn Asked<V>>),
}

/// A function that is to be asked.
pub(super) trait Asked<V: Views>: Send + Sync {
    /// Whether it takes a call.
    fn takes(&self, refs: V::Refs<'_>) -> Result<bool, Inside>;
}

impl<V: Views, F: Fn(V::Refs<'_>) -> bool + Send> Asked<V> for Run<F> {
    fn takes(&self, refs: V::Refs<'_>) -> Result<bool, Inside> {
        self.enter(|function| function(refs))
    }
}

/// What a rule expects, whatever the arguments are.
pub(super) trait Expects {
    /// Gives the `{:#?}` of what the argument at a place is to be equal to, if that is what is expected of it.
    fn equal_to(&self, place: usize) -> Option<String>;

    /// Says what is expected of each argument, given its name.
    fn expects(&self, name: &dyn Fn(usize) -> String) -> String;
}

impl<V: Views> Matching<V> {
    pub(super) fn function(expects: &'static str, holds: impl Fn(V::Refs<'_>) -> bool + Send + 'static) -> Self {
        Self::Function(expects, Arc::new(Run::new(holds)))
    }

    pub(super) fn asked(&self) -> Option<&Arc<dyn Asked<V>>> {
        match self {
            Self::Every | Self::Predicates(_) => None,
            Self::Function(_, asked) => Some(asked),
        }
    }

    /// Whether a call matches; `None` if that takes a look at the arguments, or a function.
    #[inline]
    pub(super) fn matches(&self, refs: Option<V::Refs<'_>>) -> Option<bool> {
        match (self, refs) {
            (Self::Every, _) => Some(true),
            (Self::Predicates(matcher), Some(refs)) => Some(matcher.matches(refs)),
            _ => None,
        }
    }

    /// Gives the places of the arguments that do not match.
    pub(super) fn misses(&self, refs: V::Refs<'_>) -> Vec<usize> {
        match self {
            Self::Predicates(matcher) => matcher.misses(refs),
            Self::Every | Self::Function(..) => Vec::new(),
        }
    }
}

impl<V: Views> Expects for Matching<V> {
    fn equal_to(&self, place: usize) -> Option<String> {
        match self {
            Self::Predicates(matcher) => matcher.equal_to(place),
            Self::Every | Self::Function(..) => None,
        }
    }

    fn expects(&self, name: &dyn Fn(usize) -> String) -> String {
        match self {
            Self::Every => "any call".to_owned(),
            Self::Predicates(matcher) => matcher.expects(name),
            Self::Function(expects, _) => (*expects).to_owned(),
        }
    }
}

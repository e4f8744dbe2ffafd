use std::sync::Arc;

use super::run::Run;
use super::views::{Matcher, Views};

/// Which calls a rule takes.
pub(super) enum Matching<V: Views> {
    Every,
    /// Asked with the mock's lock: there may be a hundred of them, and they look at the arguments only.
    Predicates(Box<dyn Matcher<V> + Send>),
    /// And what it expects. It may ask the mock, and count on the rules before it to have taken some calls.
    Function(&'static str, Arc<Asked<V>>),
}

/// A function that is to be asked.
pub(super) type Asked<V> = Run<dyn Takes<V> + Send>;

/// Whether a function takes a call.
pub(super) trait Takes<V: Views> {
    fn takes(&self, refs: V::Refs<'_>) -> bool;
}

impl<V: Views, F: Fn(V::Refs<'_>) -> bool> Takes<V> for F {
    fn takes(&self, refs: V::Refs<'_>) -> bool {
        self(refs)
    }
}

impl<V: Views> Matching<V> {
    pub(super) fn function(expects: &'static str, holds: impl Fn(V::Refs<'_>) -> bool + Send + 'static) -> Self {
        Self::Function(expects, Arc::new(Run::new(holds)))
    }

    pub(super) fn asked(&self) -> Option<&Arc<Asked<V>>> {
        match self {
            Self::Every | Self::Predicates(_) => None,
            Self::Function(_, asked) => Some(asked),
        }
    }

    /// Gives the places of the arguments that do not match.
    pub(super) fn misses(&self, refs: V::Refs<'_>) -> Vec<usize> {
        match self {
            Self::Predicates(matcher) => matcher.misses(refs),
            Self::Every | Self::Function(..) => Vec::new(),
        }
    }

    /// Gives the `{:#?}` of what the argument at a place is to be equal to, if that is what is expected of it.
    pub(super) fn equal_to(&self, place: usize) -> Option<String> {
        match self {
            Self::Predicates(matcher) => matcher.equal_to(place),
            Self::Every | Self::Function(..) => None,
        }
    }

    /// Says what is expected of each argument, given its name.
    pub(super) fn expects(&self, name: &dyn Fn(usize) -> String) -> String {
        match self {
            Self::Every => "any call".to_owned(),
            Self::Predicates(matcher) => matcher.expects(name),
            Self::Function(expects, _) => (*expects).to_owned(),
        }
    }
}

use std::sync::Arc;

use super::run::{Inside, Run};
use super::views::{Matcher, Views};

/// Which calls a rule takes. What the test gave runs without the mock's lock, since it may ask the mock.
pub(super) enum Matching<V: Views> {
    Every,
    Predicates(Arc<Asked<V>>),
    /// And what it expects. It may count on the rules before it to have taken some calls.
    Function(&'static str, Arc<Asked<V>>),
}

/// A matcher that is to be asked.
pub(super) type Asked<V> = Run<dyn Matcher<V> + Send>;

impl<V: Views> Matching<V> {
    pub(super) fn predicates(matcher: impl Matcher<V> + Send + 'static) -> Self {
        Self::Predicates(Arc::new(Run::new(matcher)))
    }

    pub(super) fn function(expects: &'static str, holds: impl Fn(V::Refs<'_>) -> bool + Send + 'static) -> Self {
        Self::Function(expects, Arc::new(Run::new(Holds(holds))))
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self, Self::Function(..))
    }

    /// What there is to ask, if it does not take every call.
    pub(super) fn asked(&self) -> Option<&Arc<Asked<V>>> {
        match self {
            Self::Every => None,
            Self::Predicates(asked) | Self::Function(_, asked) => Some(asked),
        }
    }

    /// Gives the places of the arguments that do not match.
    pub(super) fn misses(&self, refs: V::Refs<'_>) -> Vec<usize> {
        self.asked().and_then(|asked| asked.enter(|matcher| matcher.misses(refs)).ok()).unwrap_or_default()
    }

    /// Says what is expected of each argument, given its name.
    pub(super) fn expects(&self, name: &dyn Fn(usize) -> String) -> String {
        match self {
            Self::Every => "any call".to_owned(),
            Self::Predicates(asked) => asked
                .enter(|matcher| matcher.expects(name))
                .unwrap_or_else(|Inside| "what its matcher is being asked about".to_owned()),
            Self::Function(expects, _) => (*expects).to_owned(),
        }
    }
}

impl<V: Views> Clone for Matching<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Every => Self::Every,
            Self::Predicates(asked) => Self::Predicates(Arc::clone(asked)),
            Self::Function(expects, asked) => Self::Function(expects, Arc::clone(asked)),
        }
    }
}

/// A matcher that is a function.
struct Holds<F>(F);

impl<V: Views, F: Fn(V::Refs<'_>) -> bool> Matcher<V> for Holds<F> {
    fn matches(&self, refs: V::Refs<'_>) -> bool {
        (self.0)(refs)
    }

    fn misses(&self, _: V::Refs<'_>) -> Vec<usize> {
        Vec::new()
    }

    fn expects(&self, _: &dyn Fn(usize) -> String) -> String {
        String::new()
    }
}

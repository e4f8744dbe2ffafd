use std::fmt;
use std::sync::Arc;

use super::MockFn;
use super::signature::Signature;
use crate::bubble::ByType;

/// The mocks of a generic method: one for each list of types, made when first asked for.
#[derive(Clone)]
pub struct Family {
    name: &'static str,
    members: Arc<ByType>,
}

impl Family {
    /// Makes an empty one.
    pub fn new(name: &'static str) -> Self {
        Self { name, members: Arc::default() }
    }

    /// Gives the mock of one signature.
    pub fn of<S: Signature>(&self) -> MockFn<S> {
        self.members.get_or_insert_with(|| MockFn::new(self.name))
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.name).finish_non_exhaustive()
    }
}

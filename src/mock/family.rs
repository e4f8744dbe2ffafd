use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex};

use super::MockFn;
use super::signature::Signature;
use crate::bubble::lock;

/// The mocks of a generic method: one for each list of types, made when first asked for.
#[derive(Clone)]
pub struct Family {
    name: &'static str,
    members: Arc<Mutex<Vec<Member>>>,
}

/// The type of the signature, and its `MockFn`.
type Member = (TypeId, Box<dyn Any + Send>);

impl Family {
    /// Makes an empty one.
    pub fn new(name: &'static str) -> Self {
        Self { name, members: Arc::default() }
    }

    /// Gives the mock of one signature.
    pub fn of<S: Signature>(&self) -> MockFn<S> {
        let mut members = lock(&self.members);
        let known = members.iter().find(|(id, _)| *id == TypeId::of::<S>());
        if let Some(mock) = known.and_then(|(_, mock)| mock.downcast_ref::<MockFn<S>>()) {
            return mock.clone();
        }
        let mock = MockFn::new(self.name);
        members.push((TypeId::of::<S>(), Box::new(mock.clone())));
        mock
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.name).finish_non_exhaustive()
    }
}

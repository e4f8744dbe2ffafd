use std::any::{TypeId, type_name};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use super::MockFn;
use super::signature::Signature;
use super::state::Shared;
use crate::bubble::{ByType, lock};

/// The mocks of a generic method: one for each list of types, made when first asked for.
#[derive(Clone)]
pub struct Family {
    name: &'static str,
    members: Arc<ByType>,
    relatives: Arc<Relatives>,
}

/// The members of a family, for their reports.
#[derive(Default)]
pub(super) struct Relatives(Mutex<Vec<Weak<Shared>>>);

impl Relatives {
    fn join(self: &Arc<Self>, member: &Arc<Shared>) {
        member.relatives.get_or_init(|| Arc::clone(self));
        lock(&self.0).push(Arc::downgrade(member));
    }

    /// The names of those that have rules.
    pub(super) fn with_rules(&self) -> Vec<&'static str> {
        let all = lock(&self.0).clone();
        all.iter().filter_map(|member| member.upgrade()?.name_if_it_has_rules()).collect()
    }
}

impl Shared {
    fn name_if_it_has_rules(&self) -> Option<&'static str> {
        (!self.state().terms.is_empty()).then_some(self.name)
    }
}

impl Family {
    /// Makes an empty one.
    pub fn new(name: &'static str) -> Self {
        Self { name, members: Arc::default(), relatives: Arc::default() }
    }

    /// Gives the mock of one signature.
    pub fn of<S: Signature>(&self) -> MockFn<S> {
        self.members.get_or_insert_with(|| {
            let mock = MockFn::new(name_of::<S>(self.name));
            self.relatives.join(mock.shared());
            mock
        })
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The name of a member: the method's, with its types. A name is made once in a process.
fn name_of<S: Signature>(method: &'static str) -> &'static str {
    static NAMES: Mutex<BTreeMap<(&str, TypeId), &str>> = Mutex::new(BTreeMap::new());
    lock(&NAMES).entry((method, TypeId::of::<S>())).or_insert_with(|| {
        let types = short(types_of(type_name::<S>()));
        if types.is_empty() { method } else { format!("{method}::<{types}>").leak() }
    })
}

/// What stands between the last angle brackets of a type's name.
fn types_of(name: &str) -> &str {
    let Some(inner) = name.strip_suffix('>') else { return "" };
    let mut depth = 1;
    for (place, letter) in inner.char_indices().rev() {
        match letter {
            // An arrow is no bracket.
            '>' if !inner[..place].ends_with('-') => depth += 1,
            '<' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &inner[place + 1..];
        }
    }
    ""
}

/// Names of types without the paths to them.
fn short(types: &str) -> String {
    let mut text = String::new();
    let mut rest = types;
    while let Some(letter) = rest.chars().next() {
        let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        let (word, after) = rest.split_at(word.max(letter.len_utf8()));
        // A module's name, before its `::`.
        rest = after.strip_prefix("::").unwrap_or_else(|| {
            text += word;
            after
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_shown_without_their_paths() {
        let name =
            "tests::__MockQueries_find<alloc::vec::Vec<alloc::string::String>, fn(&str) -> core::time::Duration, 2>";

        assert_eq!(short(types_of(name)), "Vec<String>, fn(&str) -> Duration, 2");
        assert_eq!(types_of("tests::__MockQueries_find"), "");
    }
}

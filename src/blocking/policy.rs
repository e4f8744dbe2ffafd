use std::collections::BTreeMap;
use std::str::FromStr;

use super::Category;
use crate::Level;

/// Says what blocking calls do to a test, by their category and by who makes them.
///
/// Unless it says otherwise, files, locks and the processor warn, and all else denies.
///
/// # Examples
///
/// ```
/// use standstill::Level;
/// use standstill::blocking::{Category, Policy};
///
/// let policy = Policy::new().level(Category::Files, Level::Deny).allow_in("shop::legacy");
///
/// assert_eq!(policy.level_of(Category::Files), Level::Deny);
/// assert_eq!(policy.level_of(Category::Locks), Level::Warn);
/// assert_eq!("deny".parse::<Policy>().unwrap().level_of(Category::Locks), Level::Deny);
/// assert_eq!("files=deny, locks=allow".parse::<Policy>().unwrap().level_of(Category::Locks), Level::Allow);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    all: Option<Level>,
    levels: BTreeMap<Category, Level>,
    rules: Vec<String>,
}

impl Policy {
    /// Makes one with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one with the same level for every category.
    pub fn all(level: Level) -> Self {
        Self { all: Some(level), ..Self::default() }
    }

    /// Sets the level of a category.
    #[must_use]
    pub fn level(mut self, category: Category, level: Level) -> Self {
        self.levels.insert(category, level);
        self
    }

    /// Allows all calls that are made, directly or not, by a function or by the functions of a module; or those of a function that a
    /// report says was called, by the name that it has there.
    ///
    /// A test whose rule met no call fails, so that none outlives what it was made for. Where it is chance whether a call waits, as for a
    /// lock that threads want, a rule would fail by chance too: put [`allow_blocking`](super::allow_blocking) around the call instead. Of a
    /// poll that computes, functions are known with the feature `hot-line` only.
    #[must_use]
    pub fn allow_in(mut self, path: impl Into<String>) -> Self {
        self.rules.push(path.into());
        self
    }

    /// Gives the level of a category.
    pub fn level_of(&self, category: Category) -> Level {
        self.levels.get(&category).copied().or(self.all).unwrap_or_else(|| category.default_level())
    }

    /// What this one leaves open is as another one says.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        if self.all.is_none() {
            for (category, level) in &other.levels {
                self.levels.entry(*category).or_insert(*level);
            }
            self.all = other.all;
        }
        self
    }

    /// Whether any call matters.
    pub(crate) fn is_on(&self) -> bool {
        !self.rules.is_empty() || Category::ALL.into_iter().any(|category| self.level_of(category) != Level::Allow)
    }

    /// Whether it demands that calls are found.
    pub(crate) fn denies(&self) -> bool {
        self.all.iter().chain(self.levels.values()).any(|level| *level == Level::Deny)
    }

    pub(super) fn rules(&self) -> &[String] {
        &self.rules
    }
}

impl FromStr for Policy {
    type Err = String;

    /// Reads a level, or levels by category: `deny`, `files=deny, locks=allow`, `allow, sleeps=deny`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut policy = Self::new();
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((name, level)) => {
                    let category = name.trim().parse()?;
                    if policy.levels.insert(category, level.trim().parse()?).is_some() {
                        return Err(format!("{category} is set twice"));
                    }
                }
                None if policy.all.is_none() => {
                    policy.all = Some(
                        part.parse().map_err(|error| format!("{error}; one for a category is written files=deny"))?,
                    );
                }
                None => return Err(format!("expected one level for all, got {part:?} too")),
            }
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_or_two_things_is_refused() {
        let refused = |policy: &str| policy.parse::<Policy>().unwrap_err();

        assert_eq!(refused("files=deny, files=allow"), "files is set twice");
        assert_eq!(refused("deny, warn"), "expected one level for all, got \"warn\" too");
        assert_eq!(
            refused("files:deny"),
            "expected allow, warn or deny, got \"files:deny\"; one for a category is written files=deny"
        );
    }

    #[test]
    fn only_what_denies_demands_that_calls_are_found() {
        let loose = ["warn", "allow", "sleeps=allow, files=warn"];
        assert!(loose.iter().all(|policy| !policy.parse::<Policy>().unwrap().denies()));
        assert!(!Policy::new().allow_in("shop::legacy").denies());
        assert!(["deny", "warn, files=deny"].iter().all(|policy| policy.parse::<Policy>().unwrap().denies()));
    }
}

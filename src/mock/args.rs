use std::fmt;
use std::sync::{Arc, Mutex};

use super::compare::{Compare, Differ};
use super::difference::difference;
use super::form::Form;
use super::kept_args::KeptArgs as _;
use super::report;
use super::shown::{Shown, shown};
use super::signature::Signature;
use crate::bubble::lock;

/// The arguments of a call, to be compared: with a value for the one argument, or with a tuple of several.
///
/// # Panics
///
/// A comparison panics if an argument could not be kept: it is not `Clone`, or borrows and is not `Debug`.
pub struct Args<S: Signature> {
    kept: Option<Arc<Mutex<S::Kept>>>,
}

impl<S: Signature> Args<S> {
    pub(super) fn new(kept: Option<Arc<Mutex<S::Kept>>>) -> Self {
        Self { kept }
    }

    fn compare<E>(&self, expected: &E) -> Option<bool>
    where
        S::Kept: Compare<E>,
    {
        lock(self.kept.as_ref()?).compare(expected)
    }

    /// Says in what they differ from what is expected: a text for each argument that does.
    pub(super) fn differences<E>(&self, expected: &E) -> Vec<String>
    where
        S::Kept: Differ<E>,
    {
        let Some(kept) = &self.kept else { return Vec::new() };
        let kept = lock(kept);
        let differ = kept.differ(expected).into_iter();
        differ
            .map(|(place, expected)| {
                difference(
                    &Form::of::<S>().name_of(place),
                    &format!("{expected:#?}"),
                    &format!("{:#}", Shown(&*kept, place)),
                )
            })
            .collect()
    }

    /// The name of the first argument of which there is no copy.
    fn lacking(&self) -> Option<String> {
        let kept = lock(self.kept.as_ref()?);
        let form = Form::of::<S>();
        (0..form.count).find(|place| !kept.is_copied(*place)).map(|place| form.name_of(place))
    }

    pub(super) fn text(&self) -> String {
        match &self.kept {
            Some(kept) => shown(&Form::of::<S>(), &*lock(kept)),
            None => "..".to_owned(),
        }
    }
}

impl<S: Signature, E> PartialEq<E> for Args<S>
where
    S::Kept: Compare<E>,
{
    #[track_caller]
    fn eq(&self, expected: &E) -> bool {
        match self.compare(expected) {
            Some(is_equal) => is_equal,
            None => panic!("{}", report::not_compared(self.lacking().as_deref())),
        }
    }

    #[expect(
        clippy::partialeq_ne_impl,
        reason = "the provided one would name a line of the standard library in its panic"
    )]
    #[track_caller]
    fn ne(&self, expected: &E) -> bool {
        !self.eq(expected)
    }
}

impl<S: Signature> fmt::Debug for Args<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.text())
    }
}

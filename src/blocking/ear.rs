use std::backtrace::Backtrace;
use std::thread;

use tokio::task;

use super::met;
use super::owner::Owner;
use super::polling::is_polling;
use super::scope::scope;
use crate::bubble::{self, BlockedCall, Stack};
use crate::os::{self, Judged};

/// Notes the blocking calls of bubbles and of watched runtimes.
struct Notes;

/// Has blocking calls noted, from now on.
pub(crate) fn open() {
    os::set_ear(&Notes);
}

/// Has threads heard that are no members, as those of a bubble are where only `tokio::time` is virtual; until dropped.
pub(crate) struct Overhearing(());

impl Overhearing {
    pub(crate) fn begin() -> Self {
        open();
        os::hear_strangers();
        Self(())
    }
}

impl Drop for Overhearing {
    fn drop(&mut self) {
        os::unhear_strangers();
    }
}

impl os::Ear for Notes {
    fn hear(&self, call: Judged) {
        let Some(owner) = Owner::find().filter(|_| is_polling()) else { return };
        let key = (os::addresses(), scope());
        if owner.blocked().count(&key) || os::puts_a_stack_into_words(&key.0) {
            return;
        }
        let seen = call();
        let call = BlockedCall {
            number: 0,
            what: seen.what,
            detail: seen.detail,
            scope: key.1,
            who: owner.who(task::try_id(), bubble::is_root(), || thread::current().name().map(str::to_owned)),
            at: owner.now(),
            count: 1,
            stack: Stack::Here(Backtrace::force_capture()),
        };
        owner.blocked().add(key, call);
    }

    fn meet(&self) {
        met::meet();
    }
}

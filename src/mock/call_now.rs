use std::panic::Location;
use std::time::Duration;

use super::answer::Then;
use super::decide::{Before, Chosen};
use super::refusal::Refusal;
use super::search::Search;
use super::signature::Signature;
use super::state::{Shared, State, wake};
use crate::bubble::Did;

impl Shared {
    /// Makes a sync call.
    ///
    /// What runs no code of the test is one entry in the log, made afterwards, since nothing can happen in between.
    #[track_caller]
    pub(super) fn call_now<S: Signature>(&self, args: S::Args<'_>, place: &'static Location<'static>) -> S::Output {
        let home = self.home();
        let at = self.admit();
        let mut unfinished = Unfinished { mock: self, number: None, is_in_log: false };
        let kept = self.keep::<S>(&args);
        let (mut search, mut copy) = (Search::new(), None);
        let (number, waiting, decided);
        let mut is_whole = false;
        {
            let mut state = self.state();
            state.typed::<S>().copies.push(kept);
            (number, waiting) = state.record(place);
            unfinished.number = Some(number);
            decided = state.decide::<S>(number, &args, &mut search, &mut copy);
            if let Ok(chosen) = &decided {
                is_whole = state.note_start(at, number, is_value(chosen));
            }
        }
        wake(waiting);
        let chosen = decided.unwrap_or_else(|before| {
            // A function may look at the calls, and make others.
            let is_seen = matches!(before, Before::Functions(..));
            if is_seen {
                self.state().note_open(at, number);
                unfinished.start(at);
            }
            let chosen = self.choose(before, &mut search, &mut copy, number, &args);
            if !is_seen {
                is_whole = self.state().note_start(at, number, is_value(&chosen));
            }
            chosen
        });
        search.wake();
        let is_plain = is_whole || chosen.as_ref().is_ok_and(Chosen::is_plain);
        if !is_plain {
            unfinished.start(at);
        }
        let mut args = Some(args);
        let answered = chosen.and_then(|chosen| {
            let (rule, is_late) = (chosen.rule, !chosen.delay.is_zero());
            match self.answer(chosen, &mut args)? {
                // A value of a script was put there by another thread, if that is where it may be used.
                Then::Value(value) if !is_late => value.into_inner().map_err(|_| Refusal::Elsewhere { rule }),
                Then::Made(make) if !is_late => Ok(make()),
                then => {
                    if let Then::Waits(test) = then {
                        test.leave(number);
                    }
                    Err(Refusal::Waits { rule })
                }
            }
        });
        let output = match answered {
            Ok(output) => output,
            Err(refusal) => {
                unfinished.start(at);
                let output = self.refuse_now::<S>(number, place, args.as_ref(), &refusal);
                unfinished.number = None;
                return output;
            }
        };
        if let Some(args) = args {
            S::release(args);
        }
        unfinished.number = None;
        if is_plain {
            if !is_whole {
                self.state().book.note(at, number, Did::Complete);
            }
            home.note(at, number, &[Did::Whole]);
        } else {
            self.note(home.now(), number, Did::Complete);
        }
        output
    }
}

impl State {
    /// Notes the start of a sync call; of one that runs no code of the test, all of it, and then says so.
    fn note_start(&mut self, at: Duration, call: u32, is_whole: bool) -> bool {
        if is_whole {
            self.book.note(at, call, Did::Whole);
        } else {
            self.note_open(at, call);
        }
        is_whole
    }

    fn note_open(&mut self, at: Duration, call: u32) {
        self.book.note(at, call, Did::Call);
        self.book.note(at, call, Did::Poll);
    }
}

/// Whether a call gets a value that is there.
fn is_value<S: Signature>(chosen: &Result<Chosen<'_, S>, Refusal>) -> bool {
    chosen.as_ref().is_ok_and(Chosen::is_value)
}

/// Notes that a sync call panicked, if it is dropped while it has the call's number.
struct Unfinished<'a> {
    mock: &'a Shared,
    number: Option<u32>,
    is_in_log: bool,
}

impl Unfinished<'_> {
    /// Writes the start of the call to the log, unless it is there.
    fn start(&mut self, at: Duration) {
        if let (Some(number), false) = (self.number, self.is_in_log) {
            self.mock.home().note(at, number, &[Did::Call, Did::Poll]);
            self.is_in_log = true;
        }
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let now = self.mock.home().now();
            self.start(now);
            self.mock.note(now, number, Did::Panic);
        }
    }
}

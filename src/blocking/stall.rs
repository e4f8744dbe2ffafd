//! Finds polls that keep the processor: a watchdog looks at the threads of a bubble, or of a watched runtime, now and then.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::Id;

use super::met;
use super::owner::Owner;
use super::polling::{marked, probe};
use crate::bubble::{BlockedCall, Nanos, Running, Stack};
use crate::os::{self, Answer, Asked, Detail, Probed, What};

/// How many stacks of one poll are kept.
const STACKS: usize = 16;

/// How often a poll that nobody counts is marked, until the thread comes to rest.
const MARKS: u32 = 4;

/// What a watchdog knows of the threads of one bubble or runtime.
pub(crate) struct Stalls {
    budget: Duration,
    /// By the thread's number in the kernel.
    burns: BTreeMap<i32, Burn>,
}

/// A thread that has not come to rest since it was first looked at.
struct Burn {
    stirs: Arc<AtomicU64>,
    seen: u64,
    /// The CPU time that it had had then.
    since: u64,
    asked: Option<Asked>,
    marks: u32,
    poll: Option<LongPoll>,
}

/// A poll that was seen more than once.
struct LongPoll {
    task: Option<Id>,
    identity: Identity,
    /// The CPU time that its thread had had when it was known to have begun.
    since: u64,
    stacks: Vec<Vec<usize>>,
    /// Under which number it is a finding already.
    noted: Option<usize>,
}

/// What tells a poll from the next one of the same task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// It is counted: the body's, a named task's.
    Number(u64),
    /// It was marked, and had so much left then.
    Mark(usize),
    /// Neither yet.
    Unknown,
}

impl Stalls {
    /// `budget` is in CPU time.
    pub(crate) fn new(budget: Duration) -> Self {
        Self { budget, burns: BTreeMap::new() }
    }

    /// How often, in real time, they are to be looked at.
    pub(crate) fn period(&self) -> Duration {
        (self.budget / 4).max(Duration::from_millis(1))
    }

    /// Looks at the threads that are not at rest.
    pub(crate) fn look(&mut self, owner: &Owner, at_work: Vec<Running>) {
        self.burns.retain(|thread, _| at_work.iter().any(|running| running.thread == *thread));
        let (period, budget) = (Nanos::from(self.period()).get(), Nanos::from(self.budget).get());
        for running in at_work {
            let Some(cpu) = os::cpu_time(running.thread) else { continue };
            let seen = running.stirs.load(Ordering::Relaxed);
            let burn = self.burns.entry(running.thread).or_insert_with(|| Burn::new(&running, seen, cpu));
            if burn.seen != seen || !Arc::ptr_eq(&burn.stirs, &running.stirs) {
                *burn = Burn::new(&running, seen, cpu);
            } else if cpu.saturating_sub(burn.since) >= period {
                burn.look(owner, &running, cpu, budget);
            }
        }
    }
}

impl Burn {
    fn new(running: &Running, seen: u64, since: u64) -> Self {
        Self { stirs: Arc::clone(&running.stirs), seen, since, asked: None, marks: 0, poll: None }
    }

    fn look(&mut self, owner: &Owner, running: &Running, cpu: u64, budget: u64) {
        if let Some(asked) = &self.asked {
            let Some(answer) = asked.answer() else { return };
            let is_marked = asked.marks();
            self.asked = None;
            self.take(answer, is_marked, owner, running, budget);
        }
        let is_unknown = self.poll.as_ref().is_some_and(|poll| poll.identity == Identity::Unknown);
        let marks = is_unknown && self.marks < MARKS && cpu.saturating_sub(self.since) >= budget;
        self.marks += u32::from(marks);
        self.asked = Asked::new(running.thread, marks, probe);
    }

    fn take(&mut self, answer: Answer, is_marked: bool, owner: &Owner, running: &Running, budget: u64) {
        let Some(probed) = answer.probed else {
            self.poll = None;
            return;
        };
        let number = owner.polls(probed.task, running.is_root);
        self.poll.take_if(|poll| !poll.is_still(&probed, number));
        let Some(poll) = &mut self.poll else {
            // In this order: a poll that has this number later has had it since then.
            let since = os::cpu_time(running.thread).unwrap_or(answer.cpu);
            self.poll = Some(LongPoll {
                task: probed.task,
                identity: number.map_or(Identity::Unknown, Identity::Number),
                since,
                stacks: Vec::new(),
                noted: None,
            });
            return;
        };
        if poll.identity == Identity::Unknown {
            if is_marked && let Some(mark) = marked(probed.left) {
                (poll.identity, poll.since) = (Identity::Mark(mark), answer.cpu);
            }
            return;
        }
        let Some(calls) = answer.calls else { return };
        // To print a stack takes long, and is no matter to complain of.
        if os::has_to_do_with_stacks(&calls) {
            poll.forget(owner);
            self.poll = None;
            return;
        }
        if !calls.is_empty() && poll.stacks.len() < STACKS {
            poll.stacks.push(calls);
        }
        let burned = answer.cpu.saturating_sub(poll.since);
        if burned >= budget {
            poll.note(Duration::from_millis(burned / 1_000_000), number, &probed, owner, running);
        }
    }
}

impl LongPoll {
    fn is_still(&mut self, probed: &Probed, number: Option<u64>) -> bool {
        self.task == probed.task
            && match self.identity {
                Identity::Number(known) => number == Some(known),
                Identity::Mark(left) => {
                    self.identity = Identity::Mark(probed.left);
                    probed.left <= left
                }
                Identity::Unknown => number.is_none(),
            }
    }

    fn forget(&self, owner: &Owner) {
        if let Some(number) = self.noted {
            owner.blocked().forget_burn(number);
        }
    }

    fn note(&mut self, time: Duration, poll: Option<u64>, probed: &Probed, owner: &Owner, running: &Running) {
        let detail = Detail::Burned { time, poll };
        let stack = Stack::Interrupted(self.stacks.clone());
        if let Some(number) = self.noted {
            owner.blocked().change_burn(number, |call| (call.detail, call.stack) = (detail, stack));
            return;
        }
        self.noted = Some(owner.blocked().add_burn(BlockedCall {
            number: 0,
            what: What::Burn,
            detail,
            scope: probed.scope,
            who: owner.who(probed.task, running.is_root, || name(running.thread)),
            at: owner.now(),
            count: 1,
            stack,
        }));
    }
}

fn name(thread: i32) -> Option<String> {
    os::inside(|| met::name(thread).or_else(|| os::thread_name(thread)))
}

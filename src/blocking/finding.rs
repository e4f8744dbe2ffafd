use std::time::Duration;

use super::fine::is_printing;
use super::site::Site;
use super::stack::hot;
use super::{Category, Policy, Seeker, baseline};
use crate::Level;
use crate::bubble::{BlockedCall, Frame, Stack};
use crate::os::{Detail, Scope, What};

/// A call that blocked the thread inside a poll, and so kept every other task of that thread waiting.
///
/// Its `Display` is the report, as a failing test prints it.
#[derive(Clone, Debug)]
pub struct Finding {
    pub(super) seeker: Seeker,
    pub(super) level: Level,
    pub(super) category: Category,
    pub(super) call: String,
    /// What a library's function called to wait.
    pub(super) inside: Option<String>,
    pub(super) detail: Detail,
    pub(super) frames: Vec<Frame>,
    pub(super) functions: Vec<String>,
    pub(super) are_lines_known: bool,
    /// The calls within what the user's code called.
    pub(super) within: Vec<String>,
    pub(super) who: String,
    pub(super) at: Option<Duration>,
    pub(super) count: u64,
    pub(super) allowed: Option<&'static str>,
    /// Whether the code is in a scope that denies it, whatever the test allows.
    pub(super) is_denied_there: bool,
    pub(super) stack: String,
}

impl Finding {
    /// Tells what it does to the test.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Tells what the call waited for.
    pub fn category(&self) -> Category {
        self.category
    }

    /// Names the function that was called, as it is written: `std::thread::sleep`; or, where a poll computes, what it was seen in.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Gives the line of your code that made the call, as `path:line:column`; `None` if it was a library on its own.
    pub fn place(&self) -> Option<&str> {
        self.frames.last().map(|frame| &*frame.place)
    }

    /// Names your function that made the call.
    pub fn function(&self) -> Option<&str> {
        self.frames.last().map(|frame| &*frame.function)
    }

    /// Whether not even a function of it is known.
    pub(crate) fn is_nameless(&self) -> bool {
        self.frames.is_empty() && self.functions.is_empty()
    }

    /// What silences all of its category, in a few words.
    pub(crate) fn silencer(&self) -> String {
        self.seeker.silencer(self.category)
    }

    /// Tells how often the line blocked.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Tells who made it first: `the body`, `a task`, `task "courier"`.
    pub fn who(&self) -> &str {
        &self.who
    }
}

/// What came of the calls that were noted.
pub(crate) struct Findings {
    /// One for each line, in the order in which they were first made.
    pub(crate) all: Vec<Finding>,
    /// The rules that met no call.
    pub(crate) unused: Vec<String>,
    /// Why the file of known findings could not be used.
    pub(crate) fault: Option<String>,
}

impl Findings {
    pub(crate) fn new(calls: Vec<BlockedCall>, policy: &Policy, seeker: Seeker) -> Self {
        let mut unused: Vec<_> = policy.rules().to_vec();
        let mut findings: Vec<Finding> = Vec::new();
        // A poll that spins on the clock is known for that; and to print a stack takes long, where it is the first that reads the program's files.
        let is_known = |call: &&BlockedCall| matches!(call.what, What::Spin(_)) || is_for_a_stack(call);
        let does_any_burn = calls.iter().any(|call| call.what == What::Burn);
        let known: Vec<_> = calls.iter().filter(|call| does_any_burn && is_known(call)).map(spot).collect();
        for call in calls.into_iter().filter(|call| call.what != What::Burn || !known.contains(&spot(call))) {
            let read = match &call.stack {
                Stack::Here(stack) => {
                    let stack = stack.to_string();
                    Site::read(&stack, call.what).map(|site| (site, stack))
                }
                Stack::Interrupted(stacks) => hot(stacks, call.what),
            };
            let Some((site, stack)) = read else { continue };
            let finding = Finding::new(call, site, stack, policy, seeker, &mut unused);
            match findings.iter_mut().find(|known| known.is_same_line(&finding)) {
                Some(known) => known.merge(finding),
                None => findings.push(finding),
            }
        }
        let fault = baseline::apply(&mut findings).err();
        Self { all: findings, unused, fault }
    }
}

/// Whether a library makes a call to put a stack into words, at an instant that is known.
fn is_for_a_stack(call: &BlockedCall) -> bool {
    match &call.stack {
        Stack::Here(stack) if call.what == What::File && call.at.is_some() => is_printing(&stack.to_string()),
        _ => false,
    }
}

/// Who made a call, and when.
fn spot(call: &BlockedCall) -> (String, Option<Duration>) {
    (call.who.clone(), call.at)
}

impl Finding {
    fn new(
        call: BlockedCall,
        site: Site,
        stack: String,
        policy: &Policy,
        seeker: Seeker,
        unused: &mut Vec<String>,
    ) -> Self {
        let category = if site.call == "std::thread::scope" { Category::Joins } else { Category::of(call.what) };
        let mut is_ruled = false;
        for rule in policy.rules() {
            let inside = format!("{rule}::");
            let mut names = site.functions.iter().chain([&site.call]);
            if names.any(|name| name == rule || name.starts_with(&inside)) {
                is_ruled = true;
                unused.retain(|unused| unused != rule);
            }
        }
        let (level, allowed) = match call.scope {
            Scope::Deny => (Level::Deny, None),
            Scope::Allow(reason) => (Level::Allow, Some(reason)),
            Scope::Open if is_ruled => (Level::Allow, None),
            Scope::Open => (policy.level_of(category), None),
        };
        Self {
            seeker,
            level,
            category,
            call: site.call,
            inside: site.inside,
            detail: call.detail,
            frames: site.frames,
            functions: site.functions,
            are_lines_known: site.are_lines_known,
            within: site.within,
            who: call.who,
            at: call.at,
            count: call.count,
            allowed,
            is_denied_there: call.scope == Scope::Deny,
            stack,
        }
    }

    fn is_same_line(&self, other: &Self) -> bool {
        self.call == other.call
            && self.frames == other.frames
            && self.allowed == other.allowed
            && (!self.frames.is_empty()
                || (self.functions == other.functions && !self.functions.is_empty() && self.who == other.who))
    }

    /// Takes in what the same call of the user's did besides: opening a file, it also reads it.
    fn merge(&mut self, other: Self) {
        if let (Detail::Burned { time, poll }, Detail::Burned { time: others, .. }) = (&mut self.detail, &other.detail)
        {
            *time = others.max(time).to_owned();
            *poll = None;
            self.count += other.count;
        } else if self.within == other.within {
            // A loop that is unrolled has calls of several addresses, and std's `sort_by_key` or a runtime call from several places.
            self.count += other.count;
        }
        if (other.level, std::cmp::Reverse(other.category)) > (self.level, std::cmp::Reverse(self.category)) {
            self.level = other.level;
            self.is_denied_there = other.is_denied_there;
            self.category = other.category;
            self.inside = other.inside;
            (self.who, self.at) = (other.who, other.at);
            self.count = other.count;
            self.stack = other.stack;
            self.within = other.within;
            // A file's path is of use in either; how long a wait was to last is that wait's own.
            if other.detail != Detail::Nothing || matches!(self.detail, Detail::For(_)) {
                self.detail = other.detail;
            }
        }
    }
}

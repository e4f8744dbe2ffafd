use std::thread;
use std::time::Duration;

use super::evidence::Evidence;
use super::finding::{Finding, What};
use super::root::{self, Ended, Root, alive_tasks};
use super::settings::Settings;
use crate::bubble::{self, Bubble, Cut, Log};
use crate::os;

/// How long, in real time, others may take to wake the body once what it waits for is ready, in milliseconds.
const LATE: u32 = 1_000;

/// How a body ended.
pub(super) struct Ending<T> {
    pub(super) ended: Ended<T>,
    pub(super) findings: Vec<Finding>,
    /// When, in virtual time.
    pub(super) at: Duration,
}

/// What is seen of a body that is cut.
enum Seen<T> {
    /// It was not to be cut: looked at, it ended.
    Over(Ending<T>),
    /// It has not starved: the clock brings what it waits for.
    WaitsForTime,
    Cut(Finding, Duration),
}

/// Lets the body run to its end, or to whatever is held against it.
pub(super) async fn reach<T>(root: &mut Root<'_, T>, settings: &Settings, bubble: &Bubble) -> Ending<T> {
    let ending = run(root, settings, bubble).await;
    bubble.clock.feed();
    ending
}

async fn run<T>(root: &mut Root<'_, T>, settings: &Settings, bubble: &Bubble) -> Ending<T> {
    let mut patience = settings.stuck_after;
    // What there is to say of a body that has starved, and how often it had been polled then.
    let mut starved = None;
    loop {
        let ended = root.until_end().await;
        let cut = match ended {
            Ended::Cut(cut) if cut != Cut::TaskPanic => cut,
            _ => return Ending { ended, findings: Vec::new(), at: bubble.now() },
        };
        if let Some((polls, finding, at)) = starved.take()
            && polls == bubble.root.polls()
        {
            return Ending { ended, findings: vec![finding], at };
        }
        // Somebody has woken the body just then.
        if cut == Cut::Starved && bubble.root.idle_jumps() < patience {
            continue;
        }
        match examine(root, settings, bubble, cut).await {
            Seen::Over(ending) => return ending,
            Seen::WaitsForTime => {
                patience = patience.saturating_mul(2);
                bubble.root.allow_idle_jumps(patience);
            }
            // Another test may have what it waits for.
            Seen::Cut(finding, at) if cut == Cut::Starved => {
                bubble.clock.starve();
                starved = Some((bubble.root.polls(), finding, at));
            }
            Seen::Cut(finding, at) => return Ending { ended, findings: vec![finding], at },
        }
    }
}

/// Looks why a body does not go on that is to be cut.
async fn examine<T>(root: &mut Root<'_, T>, settings: &Settings, bubble: &Bubble, mut cut: Cut) -> Seen<T> {
    // The alarm that told of it was a jump, which woke nobody but the harness.
    if cut == Cut::Stuck && bubble.clock.alarm().is_some() {
        bubble.log(Log::forget_open_jump);
    }
    let mut evidence = Evidence::of(bubble, settings);
    let at = evidence.at;
    // Somebody outside may have woken it meanwhile, who is no part of what is at rest.
    let was_woken = root.is_woken();
    match root.look() {
        Ok(chains) => evidence.body = Some(chains),
        Err(ended) if !was_woken && !is_woken_late(root, bubble) => {
            return Seen::Over(Ending { ended, findings: vec![Finding::deny(What::LostWakeUp)], at });
        }
        Err(ended) if matches!(cut, Cut::Stuck | Cut::Starved) => {
            return Seen::Over(Ending { ended, findings: Vec::new(), at });
        }
        Err(_) => {}
    }
    evidence.owed = bubble.mocks.owed();
    evidence.awaited = bubble.mocks.awaited();
    if cut == Cut::Stuck {
        evidence.senders = bubble.mocks.senders();
    }
    bubble.tasks.ask_for_traces();
    root::settle(bubble, |_| false).await;
    evidence.look_at_tasks(alive_tasks());
    if cut == Cut::Starved && evidence.is_waiting_for_time() {
        return Seen::WaitsForTime;
    }
    // Frozen, what is due within the alarm's own tick has been woken by it.
    let went_on = cut == Cut::Stuck
        && evidence.frozen_at().is_none()
        && !was_woken
        && (root.is_woken() || bubble.tasks.alive().len() < evidence.tasks.len());
    if went_on && !bubble.root.is_overdue() {
        return Seen::Cut(Finding::deny(What::LostWakeUp), at);
    }
    if went_on {
        // It was only waiting for others, who came too late.
        cut = Cut::WallLimit;
    }
    Seen::Cut(Finding::deny(What::Cut(cut, Box::new(evidence))), at)
}

/// Whether the body is woken after all, by others who are about to: they make ready what it waits for, and wake it then.
fn is_woken_late<T>(root: &Root<'_, T>, bubble: &Bubble) -> bool {
    for _ in 0..LATE {
        if root.is_woken() || !bubble::may_be_woken(bubble) {
            break;
        }
        pause();
    }
    root.is_woken()
}

/// Lets a millisecond of real time pass.
fn pause() {
    os::inside(|| thread::sleep(Duration::from_millis(1)));
}

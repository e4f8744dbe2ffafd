use std::fmt::Write;

use super::threads::threads;
use super::waits::waits;
use crate::bubble::{Cut, Holder, Seconds, several};
use crate::harness::evidence::{Evidence, TaskEvidence};

/// How many tasks a report shows one by one.
pub(super) const MOST_TASKS: usize = 10;

/// How many calls of mocks.
const MOST_CALLS: usize = 10;

/// Says how many tasks of so many are not shown.
pub(super) fn more_tasks(text: &mut String, before: &str, count: usize) {
    if count > MOST_TASKS {
        writeln!(text, "{before}and {} of task::spawn", several(count - MOST_TASKS, "more task")).unwrap();
    }
}

/// All that is known of a test that did not end.
pub(super) fn cut(text: &mut String, cut: Cut, evidence: &Evidence) {
    if evidence.is_polling {
        writeln!(
            text,
            "\nthe body is inside its poll number {} and does not return from it: it blocks its thread, or spins",
            evidence.body_polls
        )
        .unwrap();
    } else if evidence.is_over {
        writeln!(text, "\nthe body has ended, but what it left behind does not come to rest").unwrap();
    } else if let Some(chains) = &evidence.body {
        waits(text, "the body", chains);
    } else if !evidence.tasks.iter().any(|task| task.is_polling) {
        writeln!(
            text,
            "\nthe test's thread is blocked, or spins: not in the body (polled {} so far), but in a task of tokio::spawn or in a Drop",
            several(usize::try_from(evidence.body_polls).unwrap_or(usize::MAX), "time")
        )
        .unwrap();
    }
    for task in evidence.tasks.iter().take(MOST_TASKS) {
        one_task(text, cut, task);
    }
    more_tasks(text, "\n", evidence.tasks.len());
    match evidence.others {
        Some(0) | None => {}
        Some(others) => writeln!(
            text,
            "\n{} more alive; spawned by standstill::task::spawn, they would be shown here",
            several(others, "task")
        )
        .unwrap(),
    }
    list(text, "these calls of mocks have no answer", &evidence.owed);
    list(text, "the test waits for calls of mocks", &evidence.awaited);
    list(text, "the copies that mocks keep of these arguments may keep a channel open", &evidence.senders);
    threads(text, &evidence.threads);
    clock(text, cut, evidence);
    if !evidence.events.is_empty() {
        writeln!(text, "\nthe last events").unwrap();
        for event in &evidence.events {
            writeln!(text, "{event}").unwrap();
        }
    }
    writeln!(text, "\nwhat to do\n  {}", advice(cut, evidence)).unwrap();
}

fn list(text: &mut String, title: &str, calls: &[String]) {
    if !calls.is_empty() {
        writeln!(text, "\n{title}").unwrap();
    }
    for call in calls.iter().take(MOST_CALLS) {
        writeln!(text, "  {call}").unwrap();
    }
    if calls.len() > MOST_CALLS {
        writeln!(text, "  and {}", several(calls.len() - MOST_CALLS, "more call")).unwrap();
    }
}

fn one_task(text: &mut String, cut: Cut, task: &TaskEvidence) {
    let card = &task.card;
    if task.is_polling && task.waits.is_none() {
        writeln!(
            text,
            "\ntask {:?} (spawned at {}) is inside its poll number {} and does not return from it: it blocks its thread, or spins",
            card.name, card.place, task.polls
        )
        .unwrap();
    } else if cut == Cut::Starved && task.is_ticking {
        writeln!(
            text,
            "\ntask {:?} (spawned at {}) keeps ticking: polled {}",
            card.name,
            card.place,
            several(usize::try_from(task.polls).unwrap_or(usize::MAX), "time")
        )
        .unwrap();
    } else if let Some(chains) = &task.waits {
        waits(text, &format!("task {:?} (spawned at {})", card.name, card.place), chains);
    }
}

fn clock(text: &mut String, cut: Cut, evidence: &Evidence) {
    let is_shown = |holder: &&Holder| match holder {
        // Shown above, and below.
        Holder::Thread { .. } | Holder::Freeze { .. } => false,
        // For those the clock has waited long enough, unless nothing else is left.
        holder => !holder.has_work_elsewhere() || cut == Cut::WallLimit,
    };
    for holder in evidence.held_by.iter().filter(is_shown) {
        writeln!(text, "\nthe clock is held by {holder}").unwrap();
    }
    match evidence.frozen_at() {
        Some(place) => writeln!(text, "\nthe clock is frozen by clock::freeze at {place}").unwrap(),
        None if cut == Cut::Stuck && evidence.has_timer() => {
            writeln!(
                text,
                "\nthe timer was set only when this report polled once more: a wake-up before it was lost, or it lies more than 25 years after the start"
            )
            .unwrap();
        }
        None if cut == Cut::Stuck => {
            writeln!(text, "\nthe clock is free to move, but no timer is set that it could move to").unwrap();
        }
        None => {}
    }
}

fn advice(cut: Cut, evidence: &Evidence) -> String {
    match cut {
        Cut::Stuck if evidence.frozen_at().is_some() => {
            "drop the guard of clock::freeze, or move the clock by clock::advance".to_owned()
        }
        Cut::Stuck if evidence.body.is_none() => {
            "\
its own thread is blocked, so that none of its tasks can run: move the blocking call to
  tokio::task::spawn_blocking, or use its async counterpart; where the test itself holds the lock, drop the guard first"
                .to_owned()
        }
        Cut::Stuck if !evidence.owed.is_empty() => "\
if it waits for one of those calls, open its gate, `respond` to it, or have its rule answer; else complete what it
  waits for, or drop the other end so that the wait ends with an error"
            .to_owned(),
        Cut::Stuck if !evidence.awaited.is_empty() => "\
see why the code does not make such a call; `next_call` has only those that no rule takes, once they are polled: so the
  code has to run beside it, in a task or another branch of a `join!`"
            .to_owned(),
        Cut::Stuck if !evidence.senders.is_empty() => "\
if it waits for the end of such a channel, have the mock keep no copies, by `.without_args()`; else complete what it
  waits for, or drop the other end so that the wait ends with an error"
            .to_owned(),
        Cut::Stuck => "\
complete what it waits for, or drop the other end so that the wait ends with an error; if a thread
  outside this runtime will wake it, hold the clock until then: let _hold = clock::outside(\"why\")"
            .to_owned(),
        Cut::Starved => format!(
            "\
complete what the body waits for, or end what keeps the clock busy; if the test is meant to wait
  for more than {} jumps, raise stuck_after",
            evidence.idle_jumps
        ),
        Cut::VirtualLimit => format!(
            "raise `timeout` if the code may take longer than {}; it counts {}",
            Seconds(evidence.timeout.unwrap_or_default()),
            if evidence.is_virtual { "virtual time, not the machine's" } else { "real time here, on the real clock" }
        ),
        Cut::WallLimit if evidence.is_over => "\
end it before the test ends: have the thread or the blocking job see that it is over, and join it; if it is meant
  to take this long, raise wall_timeout or STANDSTILL_WALL_TIMEOUT"
            .to_owned(),
        Cut::WallLimit if evidence.is_kept_waiting() => "\
see what the thread does that runs: no time passes for others before it waits, ends, or reads the clock over and over,
  so one that spins until time has passed spins for ever; have it wait, and the test's thread too, but not in a poll"
            .to_owned(),
        Cut::WallLimit if evidence.body.is_none() => "\
move the blocking call to tokio::task::spawn_blocking, or use its async counterpart; if it is meant to
  take this long, raise wall_timeout or STANDSTILL_WALL_TIMEOUT"
            .to_owned(),
        Cut::WallLimit if evidence.held_by.iter().any(Holder::has_work_elsewhere) => "\
see why that takes so long, for it takes real time; if it is meant to, raise wall_timeout or
  STANDSTILL_WALL_TIMEOUT"
            .to_owned(),
        Cut::WallLimit => "\
see what holds the clock: a blocking job that does not end, a clock::outside that is not dropped, or tasks
  that wake each other for ever; if it is meant to take this long, raise wall_timeout or STANDSTILL_WALL_TIMEOUT"
            .to_owned(),
        Cut::TaskPanic => "see the panic".to_owned(),
    }
}

use std::fmt::Write;

use super::cut::{MOST_TASKS, more_tasks};
use crate::blocking;
use crate::harness::finding::What;

/// What there is to say of a task that panicked when the test was over.
const AFTER_BODY: &str = "  the body was over by then, and what it held was dropped: a closed connection or channel may be all that the task met;\n  \
     if so, end it before the test ends (abort, or wait for it)\n";

/// What there is to say beyond the headline, of a finding that does not cut the test short.
pub(super) fn note(text: &mut String, what: &What) {
    match what {
        What::Cut(..) => {}
        #[cfg(seam)]
        What::SharedThread(_) => {}
        #[cfg(seam)]
        What::TimerElsewhere(_) => {
            writeln!(
                text,
                "  if this test waits for it, another that ran beside it may have had it: run such tests one at a time\n  \
                 (cargo nextest, or serial_test)"
            )
            .unwrap();
        }
        What::LostWakeUp => writeln!(
            text,
            "  some future gave Poll::Pending without keeping the waker, or dropped it: look at the hand-written ones;\n  \
             or a thread that several tests share woke it, such as async-io's: run those one at a time (cargo nextest)"
        )
        .unwrap(),
        What::TaskPanic(panic) => writeln!(
            text,
            "  panicked at {}\n{}  \
             it counts even if the task was joined, for that cannot be seen; if the test provokes it, say so with\n  \
             task::expect_panics(1, {:?}), or set task_panics = \"allow\"",
            panic.place,
            if panic.is_after_body { AFTER_BODY } else { "" },
            panic.message.lines().next().unwrap_or_default()
        )
        .unwrap(),
        What::MissingPanics { expected, .. } => {
            writeln!(text, "  expected by task::expect_panics at {}", expected.place).unwrap();
        }
        What::Leak { named, others } => {
            for task in named.iter().take(MOST_TASKS) {
                writeln!(text, "  task {task}").unwrap();
            }
            more_tasks(text, "  ", named.len());
            if *others > 0 {
                writeln!(text, "  {others} of tokio::spawn, whose names are not known (task::spawn gives names)")
                    .unwrap();
            }
            writeln!(
                text,
                "  end them before the test ends (abort, or close what they read from); one that is meant to live on: task::background"
            )
            .unwrap();
        }
        What::Mock(complaint) => complaint.write_note(text),
        What::Blocking(finding) => finding.write_note(text),
        What::UnusedRule(_) => writeln!(text, "{}", blocking::UNUSED_RULE_ADVICE).unwrap(),
        What::Baseline(_) => {
            writeln!(
                text,
                "  STANDSTILL_BASELINE says where it is, or else it is blocking-baseline.txt in the package's folder"
            )
            .unwrap();
        }
        What::DropPanic(_) => {
            writeln!(text, "  a local of the body panicked in its Drop, when the unfinished body was dropped").unwrap();
        }
    }
}

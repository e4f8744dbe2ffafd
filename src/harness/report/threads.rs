use std::collections::BTreeMap;
use std::fmt::Write;

use super::waits::one;
use crate::blocking::spoken;
use crate::bubble::{Seconds, ThreadWait};

/// Shows the test's other threads: one by one those that are in the user's code, the others by their names.
pub(super) fn threads(text: &mut String, threads: &[ThreadWait]) {
    let mut others = BTreeMap::<String, usize>::new();
    for thread in threads {
        let name = thread.name.as_deref().map_or_else(|| "without a name".to_owned(), |name| format!("{name:?}"));
        let who = match thread {
            ThreadWait { is_root: true, .. } => "the test's own thread".to_owned(),
            ThreadWait { name: None, .. } => format!("a thread {name}"),
            _ => format!("thread {name}"),
        };
        match (&thread.waits, thread.since) {
            (Some(chain), Some(since)) if !chain.frames.is_empty() => {
                writeln!(text, "\n{who} waits here since {}, the outermost call first", Seconds(since)).unwrap();
                // Of locks that are made with `lock_api`, parking_lot's are those that wait in the kernel.
                let waits_for = chain.waits_for.as_deref().map(|called| spoken(called, true));
                one(text, &chain.frames, waits_for.as_deref());
            }
            // Of the root, the body's own poll says as much.
            (_, None) if thread.is_root => {}
            (_, None) => {
                writeln!(text, "\n{who} runs, or waits in a call that standstill does not know: it holds the clock")
                    .unwrap();
            }
            _ => *others.entry(name).or_default() += 1,
        }
    }
    if !others.is_empty() {
        let others: Vec<_> = others.into_iter().map(|(name, count)| format!("{count} x {name}")).collect();
        writeln!(text, "\nthreads at rest in code that is not yours: {}", others.join(", ")).unwrap();
    }
}

use std::fmt::Write;

use super::verdict::replay;
use crate::harness::Identity;
use crate::harness::runs::{Difference, Fault, What};

/// The report of a test that ran in processes of their own: the run's own report below a line that says which it was.
pub(in crate::harness) fn runs(fault: &Fault, test: &Identity) -> String {
    let Fault { seed, number, count, what } = fault;
    let with = match (number, count) {
        (_, 1) => format!("with seed {seed}"),
        (1, count) => format!("with seed {seed}, the first of {count}"),
        (number, count) => format!("with seed {seed}, number {number} of {count}; those before it pass"),
    };
    let mut text = String::new();
    match what {
        // It ends with how to run it again.
        What::Failed { output } => {
            writeln!(text, "standstill: the test fails {with}").unwrap();
            printed(&mut text, output);
            return text;
        }
        What::FailedLater { output } => {
            writeln!(text, "standstill: of two runs the first passes and the second fails, {with}").unwrap();
            printed(&mut text, output);
            return text;
        }
        What::Lost { output, status } => {
            writeln!(text, "standstill: the test ends its process ({status}) {with}").unwrap();
            printed(&mut text, output);
        }
        What::NotFound { output } => {
            writeln!(
                text,
                "standstill: {:?} is not the name of a test that this binary runs with `--exact`, as `seeds` and `check_determinism` need",
                test.test()
            )
            .unwrap();
            printed(&mut text, output);
            return text;
        }
        What::Differs(difference) => {
            writeln!(text, "standstill: two runs differ {with}").unwrap();
            differs(&mut text, difference);
        }
    }
    replay(&mut text, Some(test));
    text
}

/// The line that says how many of a test's runs are done.
pub(in crate::harness) fn progress(test: &str, done: u64, count: u64) -> String {
    format!("standstill: {test}: {done} of {count} seeds are done\n")
}

/// Shows what a process printed.
fn printed(text: &mut String, output: &str) {
    let output = output.trim_matches('\n');
    if !output.is_empty() {
        writeln!(text, "\n{output}").unwrap();
    }
}

fn differs(text: &mut String, Difference { same, before, events: [first, second] }: &Difference) {
    if !before.is_empty() {
        let title = if *same > before.len() { "the last events that are the same" } else { "the same in both" };
        writeln!(text, "\n{title}").unwrap();
        for event in before {
            writeln!(text, "{event}").unwrap();
        }
    }
    let shown = |event: &Option<String>| event.clone().unwrap_or_else(|| format!("{:>12}  nothing more", ""));
    writeln!(text, "\nevent {}, in the first run\n{}", same + 1, shown(first)).unwrap();
    writeln!(text, "\nevent {}, in the second run\n{}", same + 1, shown(second)).unwrap();
    writeln!(
        text,
        "\nwhat to do\n  \
         look for what no seed decides: threads that race, another process, the date, a file, an address in memory"
    )
    .unwrap();
}

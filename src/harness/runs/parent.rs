use std::io;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::process::{self, Ended};
use super::progress::Progress;
use super::{Difference, Fault, Runs, What};
use crate::bubble::lock;
use crate::harness::seed::Seed;
use crate::harness::{Identity, warn};

/// Runs a test in processes of their own, several at a time, and gives the first seed with which it fails.
///
/// That one is the same however fast each run is: seeds are taken in their order, and what was begun is ended.
pub(in crate::harness) fn run(test: &Identity, runs: Runs, seed: Seed) -> Option<Fault> {
    // Who names a seed wants that one.
    let count = if seed.is_told { 1 } else { runs.seeds.unwrap_or(1) };
    let next = AtomicU64::new(0);
    let found: Mutex<Option<Fault>> = Mutex::new(None);
    let progress = Progress::new(test, count);
    let work = || {
        while lock(&found).is_none() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let seed = seed.value.wrapping_add(number);
            let what = one(test, runs, seed).unwrap_or_else(|error| panic!("the test could not be run again: {error}"));
            progress.step();
            if let Some(what) = what {
                let mut found = lock(&found);
                if found.as_ref().is_none_or(|first| number < first.number - 1) {
                    *found = Some(Fault { seed, number: number + 1, count, what });
                }
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..count.min(workers as u64) {
            scope.spawn(work);
        }
    });
    lock(&found).take()
}

/// Runs it under one seed; twice, if that is to be compared.
fn one(test: &Identity, runs: Runs, seed: u64) -> io::Result<Option<What>> {
    let first = process::run(test, seed, runs.is_checked)?;
    if !first.has_passed() {
        return Ok(Some(failed(first, |output| What::Failed { output })));
    }
    warn::again(&first.output);
    if !runs.is_checked {
        return Ok(None);
    }
    let second = process::run(test, seed, true)?;
    if !second.has_passed() {
        return Ok(Some(failed(second, |output| What::FailedLater { output })));
    }
    Ok(Difference::between(&first.log, &second.log).map(What::Differs))
}

fn failed(Ended { status, output, has_begun, is_whole, .. }: Ended, what: fn(String) -> What) -> What {
    match (has_begun, is_whole) {
        // libtest has nothing to say of a test that it does not find.
        (false, _) => What::NotFound { output: if status.success() { String::new() } else { output } },
        (true, false) => What::Lost { output, status },
        (true, true) => what(output),
    }
}

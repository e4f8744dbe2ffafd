use crate::bubble;
use crate::os;

/// Counts what the current bubble or detector has noted so far, with each look at a poll that goes on after it was noted; for tests of the
/// watchdog, which comes when it gets a processor.
#[doc(hidden)]
pub fn noted() -> usize {
    match bubble::current() {
        Some(bubble) => bubble.blocked.noted(),
        #[cfg(seam)]
        None => super::detector::current().map_or(0, |blocked| blocked.noted()),
        #[cfg(not(seam))]
        None => 0,
    }
}

/// Says whether blocking calls can be found here, with the tokio that is in use; if not, why.
///
/// # Errors
///
/// Gives the reason, as a test that relies on it would print it.
///
/// # Examples
///
/// ```
/// if let Err(why) = standstill::blocking::support() {
///     println!("blocking calls cannot be found: {why}");
/// }
/// ```
pub fn support() -> Result<(), String> {
    let support = os::support();
    if !support.is_active() {
        return Err(support.to_string());
    }
    #[cfg(seam)]
    probe::probe()?;
    Ok(())
}

/// Tries, once a process, whether calls are seen.
#[cfg(seam)]
mod probe {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;

    use crate::blocking::detector::Watched;
    use crate::os::{self, What};

    const UNSEEN: &str = "a sleep and a wait, made inside a poll to try it, were not seen: this version of tokio, or of the \
                          standard library, makes them in a way that standstill does not know";

    pub(super) fn probe() -> Result<(), String> {
        static PROBED: OnceLock<bool> = OnceLock::new();

        // A thread that is started inside the crate's own code is nobody's member.
        let is_seen = PROBED.get_or_init(|| os::inside(|| thread::spawn(sees).join().unwrap_or(false)));
        if *is_seen { Ok(()) } else { Err(UNSEEN.to_owned()) }
    }

    /// Makes two blocking calls inside a poll.
    fn sees() -> bool {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return false };
        let watched = Watched::new(runtime.handle().id());
        let (waiting, is_over) = (thread::current(), AtomicBool::new(false));
        runtime.block_on(async {
            thread::scope(|scope| {
                thread::sleep(Duration::from_nanos(1));
                // It is noted before it waits, and so need not wait long.
                scope.spawn(|| {
                    while watched.blocked.len() < 2 && !is_over.load(Ordering::Relaxed) {
                        thread::yield_now();
                    }
                    waiting.unpark();
                });
                thread::park_timeout(Duration::from_secs(1));
                is_over.store(true, Ordering::Relaxed);
            });
        });
        let seen: Vec<_> = watched.blocked.take().into_iter().map(|call| call.what).collect();
        seen.starts_with(&[What::Sleep, What::Lock])
    }
}

//! What a test chooses among.

/// Chooses tokio's scheduler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavor {
    /// One thread, in virtual time.
    #[default]
    CurrentThread,
    /// Several threads. Where only `tokio::time` is virtual (see [`os::support`](crate::os::support())), on tokio's real clock,
    /// so nothing jumps and "stuck" is only known at the wall limit.
    MultiThread,
}

/// Chooses the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// Stands still until all is at rest, then jumps to the next deadline.
    #[default]
    Virtual,
    /// tokio's clock as it is under `#[tokio::test]`.
    Real,
}

/// Chooses where a test's random bytes come from: those that `HashMap`, `rand` and `uuid` ask the system for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Random {
    /// From the test's seed, so that they repeat.
    #[default]
    Seeded,
    /// From the system, as for a name that must be unique in a shared database.
    Real,
}

/// Says whether the first panic of a task ends the test there and then, as tokio's option of that name does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnhandledPanic {
    /// The body runs on; the panic is judged at the end, by [`Builder::task_panics`](crate::Builder::task_panics).
    #[default]
    Ignore,
    /// The test fails at once.
    ShutdownRuntime,
}

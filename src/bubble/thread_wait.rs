use std::time::Duration;

use super::Chain;

/// Where a thread of the bubble is.
#[derive(Debug)]
pub(crate) struct ThreadWait {
    /// Whether it is the one that runs the body.
    pub(crate) is_root: bool,
    /// As far as it is known.
    pub(crate) name: Option<String>,
    /// Since when it waits; `None` for one that runs, or waits in what cannot be seen.
    pub(crate) since: Option<Duration>,
    /// The calls that led there, if the thread could tell.
    pub(crate) waits: Option<Chain>,
}

use super::line::Line;
#[cfg(all(seam, feature = "hot-line"))]
use crate::bubble::calls;
use crate::bubble::path;

/// Finds, of a stack that is read call by call, where there is no more to be learned.
#[cfg(all(seam, feature = "hot-line"))]
#[derive(Default)]
pub(super) struct Around {
    has_poll_begun: bool,
}

#[cfg(all(seam, feature = "hot-line"))]
impl Around {
    /// Whether what is around this call is no matter.
    pub(super) fn is_over(&mut self, call: &str) -> bool {
        calls(call).any(|(function, place)| {
            // Not by `Line::new`: no sources need be read for that.
            let line = Line { function: &function, place };
            self.has_poll_begun |= begins_a_poll(&line);
            self.has_poll_begun && is_for_a_job(&line).is_some()
        })
    }
}

/// Whether a poll begins there.
pub(super) fn begins_a_poll(line: &Line<'_>) -> bool {
    !line.is_users_own() && line.is_poll()
}

/// Whether a poll, by the frames around it, is that of a `Handle::block_on` in a blocking job: no task waits for that to return.
pub(super) fn is_job(around: &[Line<'_>]) -> bool {
    around.iter().find_map(is_for_a_job).unwrap_or(false)
}

/// Whether who polls does so for a blocking job, or else for a runtime; `None` if the frame is neither's.
fn is_for_a_job(line: &Line<'_>) -> Option<bool> {
    let path = path(line.function);
    if path.contains("::block_in_place") || path.starts_with("tokio::runtime::blocking::task::") {
        return Some(true);
    }
    path.starts_with("tokio::runtime::scheduler::").then_some(false)
}

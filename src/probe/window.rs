use std::time::Duration;

/// Finds the first of the fullest windows of this length: the positions of its events in `instants`, which are sorted.
///
/// A window is half-open: two events exactly one length apart are not in one.
pub(super) fn fullest(instants: &[Duration], length: Duration) -> std::ops::Range<usize> {
    let mut fullest = 0..0;
    let mut start = 0;
    for end in 0..instants.len() {
        while instants[end] - instants[start] >= length && start < end {
            start += 1;
        }
        if end + 1 - start > fullest.len() {
            fullest = start..end + 1;
        }
    }
    fullest
}

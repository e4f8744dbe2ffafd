use std::ops::Range;
use std::sync::OnceLock;

use super::objects::objects;

/// Whether an address is that of a `static`, which threads of any bubble, and of none, may share.
pub(crate) fn is_static(address: usize) -> bool {
    static WRITABLE: OnceLock<Vec<Range<usize>>> = OnceLock::new();

    WRITABLE.get_or_init(writable).iter().any(|range| range.contains(&address))
}

/// The writable parts of the program and of the libraries that it started with.
fn writable() -> Vec<Range<usize>> {
    let parts = objects().into_iter().flat_map(|object| object.parts);
    parts.filter(|part| part.is_writable).map(|part| part.place).collect()
}

use std::ffi::{CStr, c_char, c_int};

use libc::DIR;

use super::ear::Judged;
use super::{Seen, What};

/// What lives in memory only, where nobody waits for a disk; and what debuggers read, as whoever prints a stack does.
const NO_DISK: &[&str] = &["/proc/", "/sys/", "/dev/", "/run/", "/var/run/", "/memfd:", "/usr/lib/debug/"];

/// Whether it tells the time zone, which libc itself reads in calls that nobody takes for blocking, such as `localtime`.
fn is_time_zone(path: &str) -> bool {
    ["/etc/localtime", "/etc/timezone"].contains(&path) || path.contains("/zoneinfo/") || path.ends_with("/zoneinfo")
}

/// # Safety
///
/// The path must be null or end with a zero byte.
pub(in crate::os) unsafe fn named(path: *const c_char) -> Option<Judged> {
    // SAFETY: By the contract.
    unsafe { within(libc::AT_FDCWD, path) }
}

/// # Safety
///
/// As for [`named`].
pub(in crate::os) unsafe fn within(folder: c_int, path: *const c_char) -> Option<Judged> {
    if path.is_null() {
        return None;
    }
    // SAFETY: By the contract.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    let is_of_folder = folder != libc::AT_FDCWD && !path.starts_with('/');
    let folder = if is_of_folder { super::descriptor::path(folder) } else { None };
    judged(match folder {
        Some(folder) if path.is_empty() => folder,
        Some(folder) => format!("{folder}/{path}"),
        None => path.into_owned(),
    })
}

/// A file that is used, by its path.
pub(super) fn judged(path: String) -> Option<Judged> {
    let is_fine = NO_DISK.iter().any(|start| path.starts_with(start)) || is_time_zone(&path);
    (!is_fine).then(|| Box::new(move || Seen::named(What::File, Some(path).filter(|path| !path.is_empty()))) as Judged)
}

pub(in crate::os) unsafe fn looked_at(folder: c_int, path: *const c_char, flags: c_int) -> Option<Judged> {
    // SAFETY: The caller's contract is the call's own, here and below.
    unsafe {
        // Of a file that is open, the kernel knows.
        let is_open = flags & libc::AT_EMPTY_PATH != 0 && !path.is_null() && *path == 0;
        if is_open { None } else { within(folder, path) }
    }
}

/// A file that has no name yet, or all of them.
pub(in crate::os) fn some() -> Option<Judged> {
    Some(Box::new(|| Seen::new(What::File)))
}

pub(in crate::os) unsafe fn next(folder: *mut DIR) -> Option<Judged> {
    // SAFETY: As above.
    let fd = unsafe { libc::dirfd(folder) };
    super::descriptor::file(fd)
}

#[cfg(test)]
mod tests {
    use super::judged;

    #[test]
    fn what_no_disk_stands_behind_and_the_time_zone_are_no_matter() {
        for path in
            ["/proc/self/maps", "/etc/localtime", "/usr/share/zoneinfo/UTC", "/nix/tzdata/share/zoneinfo/Asia/Tokyo"]
        {
            assert!(judged(path.to_owned()).is_none(), "{path}");
        }
        for path in ["/etc/hosts", "zoneinfo.rs", "/home/shop/localtime", ""] {
            assert!(judged(path.to_owned()).is_some(), "{path}");
        }
    }
}

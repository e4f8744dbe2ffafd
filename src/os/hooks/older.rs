//! What a glibc before 2.34 has no symbol for, since it is too old or puts it into each program: there the table's calls come to these instead.

use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

use super::original;

type Stat = unsafe extern "C" fn(*const c_char, *mut libc::stat) -> c_int;
type CloseRange = unsafe extern "C" fn(c_uint, c_uint, c_int) -> c_int;
type StatAt = unsafe extern "C" fn(c_int, *const c_char, *mut libc::stat, c_int) -> c_int;

// Both names stand for what the kernel tells.
const _: () = assert!(size_of::<libc::stat>() == size_of::<libc::stat64>());

/// What answers a call of that name where libc has no such symbol.
pub(in crate::os) fn instead(name: &str) -> Option<*mut c_void> {
    match name {
        "stat" | "stat64" => Some(stat as Stat as *mut c_void),
        "lstat" | "lstat64" => Some(lstat as Stat as *mut c_void),
        "fstatat" | "fstatat64" => Some(fstatat as StatAt as *mut c_void),
        "close_range" => Some(close_range as CloseRange as *mut c_void),
        _ => None,
    }
}

unsafe extern "C" fn stat(path: *const c_char, about: *mut libc::stat) -> c_int {
    // SAFETY: The caller's contract is the call's own, here and below.
    unsafe { fstatat(libc::AT_FDCWD, path, about, 0) }
}

unsafe extern "C" fn lstat(path: *const c_char, about: *mut libc::stat) -> c_int {
    // SAFETY: As above.
    unsafe { fstatat(libc::AT_FDCWD, path, about, libc::AT_SYMLINK_NOFOLLOW) }
}

unsafe extern "C" fn fstatat(folder: c_int, path: *const c_char, about: *mut libc::stat, flags: c_int) -> c_int {
    let (folder, flags) = (c_long::from(folder), c_long::from(flags));
    // SAFETY: As above; the kernel's `stat` is libc's.
    unsafe { original::syscall(libc::SYS_newfstatat, folder, path as c_long, about as c_long, flags, 0, 0) as c_int }
}

unsafe extern "C" fn close_range(first: c_uint, last: c_uint, flags: c_int) -> c_int {
    // SAFETY: The call takes no pointers.
    unsafe { original::syscall(libc::SYS_close_range, first.into(), last.into(), flags.into(), 0, 0, 0) as c_int }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;
    use std::{fs, mem};

    use super::*;

    #[test]
    fn an_older_libc_looks_at_files_too() {
        let link = "/proc/self/exe";
        let (file, own) = (fs::metadata(link).unwrap(), fs::symlink_metadata(link).unwrap());
        let path = c"/proc/self/exe".as_ptr();
        for (name, expected) in [("stat", &file), ("stat64", &file), ("lstat", &own), ("lstat64", &own)] {
            // SAFETY: All zeros is valid, the call has this type, and there is room for what is told.
            let told = unsafe {
                let mut told = mem::zeroed();
                let call = mem::transmute::<*mut c_void, Stat>(instead(name).unwrap());
                assert_eq!(call(path, &raw mut told), 0);
                told
            };
            assert_eq!((told.st_mode, told.st_ino), (expected.mode(), expected.ino()), "{name}");
        }
        for name in ["fstatat", "fstatat64"] {
            // SAFETY: As above.
            let told = unsafe {
                let mut told = mem::zeroed();
                let call = mem::transmute::<*mut c_void, StatAt>(instead(name).unwrap());
                assert_eq!(call(libc::AT_FDCWD, path, &raw mut told, 0), 0);
                told
            };
            assert_eq!((told.st_size.cast_unsigned(), told.st_ino), (file.size(), file.ino()), "{name}");
        }
        // SAFETY: The call has this type. The kernel refuses a range that begins behind its end.
        unsafe {
            let call = mem::transmute::<*mut c_void, CloseRange>(instead("close_range").unwrap());
            assert_eq!(call(2, 1, 0), -1);
        }
        assert_eq!(instead("open"), None);
    }
}

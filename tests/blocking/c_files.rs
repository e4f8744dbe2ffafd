//! What a program in C does to files, or a library that is built on its calls.

use std::ffi::{CString, c_char, c_int, c_void};
use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::{mem, ptr};

use standstill::blocking::Category::Files;

use crate::found::{at, one};
use crate::scratch::Scratch;

type Visit = extern "C" fn(*const c_char, *const c_void, c_int, *mut c_void) -> c_int;

unsafe extern "C" {
    fn __open_2(path: *const c_char, flags: c_int) -> c_int;
    fn __open64_2(path: *const c_char, flags: c_int) -> c_int;
    fn __openat_2(folder: c_int, path: *const c_char, flags: c_int) -> c_int;
    fn __openat64_2(folder: c_int, path: *const c_char, flags: c_int) -> c_int;
    fn __readlink_chk(path: *const c_char, buffer: *mut c_char, length: usize, size: usize) -> isize;
    fn __pread_chk(fd: c_int, buffer: *mut c_void, length: usize, at: i64, size: usize) -> isize;
    fn __pread64_chk(fd: c_int, buffer: *mut c_void, length: usize, at: i64, size: usize) -> isize;
    fn canonicalize_file_name(path: *const c_char) -> *mut c_char;
    fn scandir(path: *const c_char, entries: *mut *mut c_void, takes: *const c_void, order: *const c_void) -> c_int;
    fn nftw(path: *const c_char, visit: Visit, fds: c_int, flags: c_int) -> c_int;
}

/// A path as C has it.
fn c(path: impl AsRef<Path>) -> CString {
    CString::new(path.as_ref().to_str().unwrap()).unwrap()
}

fn open(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).open(path).unwrap()
}

extern "C" fn visit(_: *const c_char, _: *const c_void, _: c_int, _: *mut c_void) -> c_int {
    0
}

#[test]
fn c_stat() {
    let scratch = Scratch::new("c_stat");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat>() };
    one(Files, "stat", async || assert_eq!(at!(unsafe { libc::stat(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_stat64() {
    let scratch = Scratch::new("c_stat64");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat64>() };
    one(Files, "stat64", async || assert_eq!(at!(unsafe { libc::stat64(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_lstat() {
    let scratch = Scratch::new("c_lstat");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat>() };
    one(Files, "lstat", async || assert_eq!(at!(unsafe { libc::lstat(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_lstat64() {
    let scratch = Scratch::new("c_lstat64");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat64>() };
    one(Files, "lstat64", async || assert_eq!(at!(unsafe { libc::lstat64(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_fstatat() {
    let scratch = Scratch::new("c_fstatat");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat>() };
    one(Files, "fstatat", async || {
        assert_eq!(at!(unsafe { libc::fstatat(libc::AT_FDCWD, path.as_ptr(), &raw mut about, 0) }), 0);
    });
}

#[test]
fn c_fstatat64() {
    let scratch = Scratch::new("c_fstatat64");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::stat64>() };
    one(Files, "fstatat64", async || {
        assert_eq!(at!(unsafe { libc::fstatat64(libc::AT_FDCWD, path.as_ptr(), &raw mut about, 0) }), 0);
    });
}

#[test]
fn c_access() {
    let scratch = Scratch::new("c_access");
    let path = c(scratch.file("file"));
    one(Files, "access", async || assert_eq!(at!(unsafe { libc::access(path.as_ptr(), libc::R_OK) }), 0));
}

#[test]
fn c_faccessat() {
    let scratch = Scratch::new("c_faccessat");
    let path = c(scratch.file("file"));
    one(Files, "faccessat", async || {
        assert_eq!(at!(unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), libc::R_OK, 0) }), 0);
    });
}

#[test]
fn c_eaccess() {
    let scratch = Scratch::new("c_eaccess");
    let path = c(scratch.file("file"));
    one(Files, "eaccess", async || assert_eq!(at!(unsafe { libc::eaccess(path.as_ptr(), libc::R_OK) }), 0));
}

#[test]
fn c_euidaccess() {
    let scratch = Scratch::new("c_euidaccess");
    let path = c(scratch.file("file"));
    one(Files, "euidaccess", async || assert_eq!(at!(unsafe { libc::euidaccess(path.as_ptr(), libc::R_OK) }), 0));
}

#[test]
fn c_statfs() {
    let scratch = Scratch::new("c_statfs");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::statfs>() };
    one(Files, "statfs", async || assert_eq!(at!(unsafe { libc::statfs(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_statfs64() {
    let scratch = Scratch::new("c_statfs64");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::statfs64>() };
    one(Files, "statfs64", async || assert_eq!(at!(unsafe { libc::statfs64(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_statvfs() {
    let scratch = Scratch::new("c_statvfs");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::statvfs>() };
    one(Files, "statvfs", async || assert_eq!(at!(unsafe { libc::statvfs(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_statvfs64() {
    let scratch = Scratch::new("c_statvfs64");
    let path = c(scratch.file("file"));
    let mut about = unsafe { mem::zeroed::<libc::statvfs64>() };
    one(Files, "statvfs64", async || assert_eq!(at!(unsafe { libc::statvfs64(path.as_ptr(), &raw mut about) }), 0));
}

#[test]
fn c_mkdirat() {
    let scratch = Scratch::new("c_mkdirat");
    let path = c(scratch.path("new"));
    one(Files, "mkdirat", async || assert_eq!(at!(unsafe { libc::mkdirat(libc::AT_FDCWD, path.as_ptr(), 0o700) }), 0));
}

#[test]
fn c_mkfifoat() {
    let scratch = Scratch::new("c_mkfifoat");
    let path = c(scratch.path("new"));
    one(Files, "mkfifoat", async || {
        assert_eq!(at!(unsafe { libc::mkfifoat(libc::AT_FDCWD, path.as_ptr(), 0o600) }), 0);
    });
}

#[test]
fn c_unlinkat() {
    let scratch = Scratch::new("c_unlinkat");
    let path = c(scratch.file("file"));
    one(Files, "unlinkat", async || assert_eq!(at!(unsafe { libc::unlinkat(libc::AT_FDCWD, path.as_ptr(), 0) }), 0));
}

#[test]
fn c_remove() {
    let scratch = Scratch::new("c_remove");
    let path = c(scratch.file("file"));
    one(Files, "remove", async || assert_eq!(at!(unsafe { libc::remove(path.as_ptr()) }), 0));
}

#[test]
fn c_renameat() {
    let scratch = Scratch::new("c_renameat");
    let (path, other) = (c(scratch.file("file")), c(scratch.path("other")));
    one(Files, "renameat", async || {
        assert_eq!(at!(unsafe { libc::renameat(libc::AT_FDCWD, path.as_ptr(), libc::AT_FDCWD, other.as_ptr()) }), 0);
    });
}

#[test]
fn c_renameat2() {
    let scratch = Scratch::new("c_renameat2");
    let (path, other) = (c(scratch.file("file")), c(scratch.path("other")));
    one(Files, "renameat2", async || {
        assert_eq!(
            at!(unsafe { libc::renameat2(libc::AT_FDCWD, path.as_ptr(), libc::AT_FDCWD, other.as_ptr(), 0) }),
            0
        );
    });
}

#[test]
fn c_linkat() {
    let scratch = Scratch::new("c_linkat");
    let (path, other) = (c(scratch.file("file")), c(scratch.path("other")));
    one(Files, "linkat", async || {
        assert_eq!(at!(unsafe { libc::linkat(libc::AT_FDCWD, path.as_ptr(), libc::AT_FDCWD, other.as_ptr(), 0) }), 0);
    });
}

#[test]
fn c_symlinkat() {
    let scratch = Scratch::new("c_symlinkat");
    let (path, other) = (c(scratch.file("file")), c(scratch.path("other")));
    one(Files, "symlinkat", async || {
        assert_eq!(at!(unsafe { libc::symlinkat(path.as_ptr(), libc::AT_FDCWD, other.as_ptr()) }), 0);
    });
}

#[test]
fn c_symlink_to_what_is_no_disk_s() {
    let scratch = Scratch::new("c_symlink_to_what_is_no_disk_s");
    let path = c(scratch.path("new"));
    one(Files, "symlink", async || assert_eq!(at!(unsafe { libc::symlink(c"/proc/self".as_ptr(), path.as_ptr()) }), 0));
}

#[test]
fn c_readlinkat() {
    let scratch = Scratch::new("c_readlinkat");
    symlink("file", scratch.path("link")).unwrap();
    let path = c(scratch.path("link"));
    let mut bytes = [0_u8; 4];
    one(Files, "readlinkat", async || {
        assert_eq!(at!(unsafe { libc::readlinkat(libc::AT_FDCWD, path.as_ptr(), bytes.as_mut_ptr().cast(), 4) }), 4);
    });
}

#[test]
fn c_canonicalize_file_name() {
    let scratch = Scratch::new("c_canonicalize_file_name");
    let path = c(scratch.file("file"));
    one(Files, "canonicalize_file_name", async || {
        assert!(!at!(unsafe { canonicalize_file_name(path.as_ptr()) }).is_null());
    });
}

#[test]
fn c_fchmodat() {
    let scratch = Scratch::new("c_fchmodat");
    let path = c(scratch.file("file"));
    one(Files, "fchmodat", async || {
        assert_eq!(at!(unsafe { libc::fchmodat(libc::AT_FDCWD, path.as_ptr(), 0o600, 0) }), 0);
    });
}

#[test]
fn c_fchownat() {
    let scratch = Scratch::new("c_fchownat");
    let path = c(scratch.file("file"));
    one(Files, "fchownat", async || {
        assert_eq!(at!(unsafe { libc::fchownat(libc::AT_FDCWD, path.as_ptr(), libc::getuid(), libc::getgid(), 0) }), 0);
    });
}

#[test]
fn c_truncate() {
    let scratch = Scratch::new("c_truncate");
    let path = c(scratch.file("file"));
    one(Files, "truncate", async || assert_eq!(at!(unsafe { libc::truncate(path.as_ptr(), 1) }), 0));
}

#[test]
fn c_truncate64() {
    let scratch = Scratch::new("c_truncate64");
    let path = c(scratch.file("file"));
    one(Files, "truncate64", async || assert_eq!(at!(unsafe { libc::truncate64(path.as_ptr(), 1) }), 0));
}

#[test]
fn c_utime() {
    let scratch = Scratch::new("c_utime");
    let path = c(scratch.file("file"));
    one(Files, "utime", async || assert_eq!(at!(unsafe { libc::utime(path.as_ptr(), ptr::null()) }), 0));
}

#[test]
fn c_utimes() {
    let scratch = Scratch::new("c_utimes");
    let path = c(scratch.file("file"));
    one(Files, "utimes", async || assert_eq!(at!(unsafe { libc::utimes(path.as_ptr(), ptr::null()) }), 0));
}

#[test]
fn c_lutimes() {
    let scratch = Scratch::new("c_lutimes");
    let path = c(scratch.file("file"));
    one(Files, "lutimes", async || assert_eq!(at!(unsafe { libc::lutimes(path.as_ptr(), ptr::null()) }), 0));
}

#[test]
fn c_utimensat() {
    let scratch = Scratch::new("c_utimensat");
    let path = c(scratch.file("file"));
    one(Files, "utimensat", async || {
        assert_eq!(at!(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), ptr::null(), 0) }), 0);
    });
}

#[test]
fn c_listxattr() {
    let scratch = Scratch::new("c_listxattr");
    let path = c(scratch.file("file"));
    one(Files, "listxattr", async || assert!(at!(unsafe { libc::listxattr(path.as_ptr(), ptr::null_mut(), 0) }) >= 0));
}

#[test]
fn c_creat() {
    let scratch = Scratch::new("c_creat");
    let path = c(scratch.path("new"));
    one(Files, "creat", async || assert!(at!(unsafe { libc::creat(path.as_ptr(), 0o600) }) >= 0));
}

#[test]
fn c_creat64() {
    let scratch = Scratch::new("c_creat64");
    let path = c(scratch.path("new"));
    one(Files, "creat64", async || assert!(at!(unsafe { libc::creat64(path.as_ptr(), 0o600) }) >= 0));
}

#[test]
fn c_open_checked() {
    let scratch = Scratch::new("c_open_checked");
    let path = c(scratch.file("file"));
    one(Files, "open", async || assert!(at!(unsafe { __open_2(path.as_ptr(), libc::O_RDONLY) }) >= 0));
}

#[test]
fn c_open64_checked() {
    let scratch = Scratch::new("c_open64_checked");
    let path = c(scratch.file("file"));
    one(Files, "open64", async || assert!(at!(unsafe { __open64_2(path.as_ptr(), libc::O_RDONLY) }) >= 0));
}

#[test]
fn c_openat_checked() {
    let scratch = Scratch::new("c_openat_checked");
    let path = c(scratch.file("file"));
    one(Files, "openat", async || {
        assert!(at!(unsafe { __openat_2(libc::AT_FDCWD, path.as_ptr(), libc::O_RDONLY) }) >= 0);
    });
}

#[test]
fn c_openat64_checked() {
    let scratch = Scratch::new("c_openat64_checked");
    let path = c(scratch.file("file"));
    one(Files, "openat64", async || {
        assert!(at!(unsafe { __openat64_2(libc::AT_FDCWD, path.as_ptr(), libc::O_RDONLY) }) >= 0);
    });
}

#[test]
fn c_readlink_checked() {
    let scratch = Scratch::new("c_readlink_checked");
    symlink("file", scratch.path("link")).unwrap();
    let path = c(scratch.path("link"));
    let mut bytes = [0_u8; 4];
    one(Files, "readlink", async || {
        assert_eq!(at!(unsafe { __readlink_chk(path.as_ptr(), bytes.as_mut_ptr().cast(), 4, 4) }), 4);
    });
}

#[test]
fn c_pread_checked() {
    let scratch = Scratch::new("c_pread_checked");
    let file = open(&scratch.file("file"));
    let mut bytes = [0_u8; 4];
    one(Files, "pread", async || {
        assert_eq!(at!(unsafe { __pread_chk(file.as_raw_fd(), bytes.as_mut_ptr().cast(), 4, 0, 4) }), 4);
    });
}

#[test]
fn c_pread64_checked() {
    let scratch = Scratch::new("c_pread64_checked");
    let file = open(&scratch.file("file"));
    let mut bytes = [0_u8; 4];
    one(Files, "pread64", async || {
        assert_eq!(at!(unsafe { __pread64_chk(file.as_raw_fd(), bytes.as_mut_ptr().cast(), 4, 0, 4) }), 4);
    });
}

#[test]
fn c_mkstemp() {
    let scratch = Scratch::new("c_mkstemp");
    let mut template = c(scratch.path("XXXXXX")).into_bytes_with_nul();
    one(Files, "mkstemp", async || assert!(at!(unsafe { libc::mkstemp(template.as_mut_ptr().cast()) }) >= 0));
}

#[test]
fn c_mkostemp() {
    let scratch = Scratch::new("c_mkostemp");
    let mut template = c(scratch.path("XXXXXX")).into_bytes_with_nul();
    one(Files, "mkostemp", async || {
        assert!(at!(unsafe { libc::mkostemp(template.as_mut_ptr().cast(), libc::O_CLOEXEC) }) >= 0);
    });
}

#[test]
fn c_mkstemps() {
    let scratch = Scratch::new("c_mkstemps");
    let mut template = c(scratch.path("XXXXXX")).into_bytes_with_nul();
    one(Files, "mkstemps", async || assert!(at!(unsafe { libc::mkstemps(template.as_mut_ptr().cast(), 0) }) >= 0));
}

#[test]
fn c_mkdtemp() {
    let scratch = Scratch::new("c_mkdtemp");
    let mut template = c(scratch.path("XXXXXX")).into_bytes_with_nul();
    one(Files, "mkdtemp", async || assert!(!at!(unsafe { libc::mkdtemp(template.as_mut_ptr().cast()) }).is_null()));
}

#[test]
fn c_fopen() {
    let scratch = Scratch::new("c_fopen");
    let path = c(scratch.file("file"));
    one(Files, "fopen", async || assert!(!at!(unsafe { libc::fopen(path.as_ptr(), c"r".as_ptr()) }).is_null()));
}

#[test]
fn c_freopen() {
    let scratch = Scratch::new("c_freopen");
    let path = c(scratch.file("file"));
    let stream = unsafe { libc::fopen(path.as_ptr(), c"r".as_ptr()) };
    one(Files, "freopen", async || {
        assert!(!at!(unsafe { libc::freopen(path.as_ptr(), c"r".as_ptr(), stream) }).is_null());
    });
}

#[test]
fn c_tmpfile() {
    one(Files, "tmpfile", async || assert!(!at!(unsafe { libc::tmpfile() }).is_null()));
}

#[test]
fn c_readdir() {
    let scratch = Scratch::new("c_readdir");
    let path = c(scratch.folder("folder"));
    let folder = unsafe { libc::opendir(path.as_ptr()) };
    one(Files, "readdir", async || assert!(!at!(unsafe { libc::readdir(folder) }).is_null()));
}

#[test]
fn c_opendir() {
    let scratch = Scratch::new("c_opendir");
    let path = c(scratch.folder("folder"));
    one(Files, "opendir", async || assert!(!at!(unsafe { libc::opendir(path.as_ptr()) }).is_null()));
}

#[test]
fn c_scandir() {
    let scratch = Scratch::new("c_scandir");
    let path = c(scratch.folder("folder"));
    let mut entries = ptr::null_mut();
    one(Files, "scandir", async || {
        assert_eq!(at!(unsafe { scandir(path.as_ptr(), &raw mut entries, ptr::null(), ptr::null()) }), 2);
    });
}

#[test]
fn c_nftw() {
    let scratch = Scratch::new("c_nftw");
    let path = c(scratch.folder("folder"));
    one(Files, "nftw", async || assert_eq!(at!(unsafe { nftw(path.as_ptr(), visit, 4, 0) }), 0));
}

#[test]
fn c_glob() {
    let scratch = Scratch::new("c_glob");
    let path = c(scratch.file("file"));
    let mut found = unsafe { mem::zeroed::<libc::glob_t>() };
    one(Files, "glob", async || assert_eq!(at!(unsafe { libc::glob(path.as_ptr(), 0, None, &raw mut found) }), 0));
}

#[test]
fn c_preadv2() {
    let scratch = Scratch::new("c_preadv2");
    let file = open(&scratch.file("file"));
    let mut bytes = [0_u8; 4];
    let part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: 4 };
    one(Files, "preadv2", async || {
        assert_eq!(at!(unsafe { libc::preadv2(file.as_raw_fd(), &raw const part, 1, 0, 0) }), 4);
    });
}

#[test]
fn c_pwritev2() {
    let scratch = Scratch::new("c_pwritev2");
    let file = open(&scratch.file("file"));
    let mut bytes = [0_u8; 4];
    let part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: 4 };
    one(Files, "pwritev2", async || {
        assert_eq!(at!(unsafe { libc::pwritev2(file.as_raw_fd(), &raw const part, 1, 0, 0) }), 4);
    });
}

#[test]
fn c_sync_file_range() {
    let scratch = Scratch::new("c_sync_file_range");
    let file = open(&scratch.file("file"));
    one(Files, "sync_file_range", async || {
        assert_eq!(at!(unsafe { libc::sync_file_range(file.as_raw_fd(), 0, 0, 0) }), 0);
    });
}

#[test]
fn c_posix_fallocate64() {
    let scratch = Scratch::new("c_posix_fallocate64");
    let file = open(&scratch.file("file"));
    one(Files, "posix_fallocate64", async || {
        assert_eq!(at!(unsafe { libc::posix_fallocate64(file.as_raw_fd(), 0, 8) }), 0);
    });
}

#[test]
fn c_futimes() {
    let scratch = Scratch::new("c_futimes");
    let file = open(&scratch.file("file"));
    one(Files, "futimes", async || assert_eq!(at!(unsafe { libc::futimes(file.as_raw_fd(), ptr::null()) }), 0));
}

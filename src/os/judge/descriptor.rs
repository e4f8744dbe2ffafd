use std::ffi::c_int;
use std::fs;

use super::ear::Judged;
use super::{Seen, Socket, What};
use crate::os::hooks::{is_blocking, is_event, option, stat};

pub(in crate::os) fn locked(fd: c_int, operation: c_int) -> Option<Judged> {
    if operation & libc::LOCK_NB != 0 || operation & libc::LOCK_UN != 0 { None } else { used(fd) }
}

/// A lock of a part of a file, which another process may have.
pub(in crate::os) fn controlled(fd: c_int, command: c_int) -> Option<Judged> {
    if command == libc::F_SETLKW || command == libc::F_OFD_SETLKW { used(fd) } else { None }
}

pub(in crate::os) fn locked_part(fd: c_int, command: c_int) -> Option<Judged> {
    if command == libc::F_LOCK { used(fd) } else { None }
}

pub(in crate::os) fn copied(from: c_int, to: c_int) -> Option<Judged> {
    used(from).or_else(|| written(to))
}

/// Standard output and error are for a test's own words.
pub(in crate::os) fn written(fd: c_int) -> Option<Judged> {
    if fd == libc::STDOUT_FILENO || fd == libc::STDERR_FILENO { None } else { used(fd) }
}

pub(in crate::os) fn used(fd: c_int) -> Option<Judged> {
    // The first is known without asking the kernel: runtimes write to such ones at every turn.
    if is_event(fd) || !is_blocking(fd) {
        return None;
    }
    match what(fd)? {
        What::File => file(fd),
        what => Some(Box::new(move || Seen::new(what))),
    }
}

/// A file that is used, whether it was opened as non-blocking or not: for files it means nothing.
pub(super) fn file(fd: c_int) -> Option<Judged> {
    path(fd).and_then(super::path::judged)
}

/// The path of what a descriptor stands for.
pub(super) fn path(fd: c_int) -> Option<String> {
    Some(fs::read_link(format!("/proc/self/fd/{fd}")).ok()?.to_string_lossy().into_owned())
}

/// What a socket is for; `Other` of what is none.
pub(crate) fn socket_of(fd: c_int) -> Socket {
    match (option(fd, libc::SO_DOMAIN), option(fd, libc::SO_TYPE)) {
        (Some(libc::AF_INET | libc::AF_INET6), Some(libc::SOCK_STREAM)) => Socket::Tcp,
        (Some(libc::AF_INET | libc::AF_INET6), Some(libc::SOCK_DGRAM)) => Socket::Udp,
        (Some(libc::AF_UNIX), Some(libc::SOCK_STREAM)) => Socket::UnixStream,
        (Some(libc::AF_UNIX), Some(libc::SOCK_DGRAM)) => Socket::UnixDatagram,
        _ => Socket::Other,
    }
}

/// What a descriptor stands for; `None` if nobody waits for it long.
pub(super) fn what(fd: c_int) -> Option<What> {
    if fd == libc::STDIN_FILENO {
        return Some(What::Stdin);
    }
    match stat(fd)?.st_mode & libc::S_IFMT {
        libc::S_IFREG | libc::S_IFDIR | libc::S_IFBLK => Some(What::File),
        libc::S_IFSOCK => Some(What::Socket(socket_of(fd))),
        libc::S_IFIFO => Some(What::Pipe),
        _ => None,
    }
}

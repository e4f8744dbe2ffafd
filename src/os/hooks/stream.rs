use std::cell::Cell;
use std::ffi::{c_int, c_long, c_short, c_uint, c_void};
use std::sync::Mutex;

use libc::{iovec, mmsghdr, msghdr, off64_t, size_t, sockaddr, socklen_t, ssize_t, timespec};

use super::address::Address;
use super::limit::time_limit;
use super::links::{self, is_event};
use super::message::{NOWHERE, Place, after, bytes_of, first_of, length_of, message_of, place};
use super::{aside, errno, is_errno, original, seat, served, set_errno, stat, timer};
use crate::os::{Fd, Member, Wait, Woken, are_there_orphans, host, is_ready};

pub(super) unsafe fn read(member: &dyn Member, fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let place = place(buffer, length);
        let read = match aside(|| Way::of(fd)) {
            Way::Straight => noted(member, fd, place, original::read(fd, buffer, length)),
            Way::Socket => recv(member, fd, buffer, length, 0),
            Way::Pipe | Way::Other => {
                receive(member, fd, "read", place, || if_ready(fd, libc::POLLIN, || original::read(fd, buffer, length)))
            }
        };
        if read == EVENT.cast_signed() {
            timer::add_missed(member, fd, buffer);
        }
        read
    }
}

pub(super) unsafe fn readv(member: &dyn Member, fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let mut message = message_of(parts, count);
        let first = first_of(&raw const message);
        match aside(|| Way::of(fd)) {
            Way::Straight => noted(member, fd, first, original::readv(fd, parts, count)),
            Way::Socket => recvmsg(member, fd, &raw mut message, 0),
            Way::Pipe | Way::Other => {
                receive(member, fd, "read", first, || if_ready(fd, libc::POLLIN, || original::readv(fd, parts, count)))
            }
        }
    }
}

pub(super) unsafe fn recv(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe { recvfrom(member, socket, buffer, length, flags, std::ptr::null_mut(), std::ptr::null_mut()) }
}

pub(super) unsafe fn recvfrom(
    member: &dyn Member,
    socket: c_int,
    buffer: *mut c_void,
    length: size_t,
    flags: c_int,
    from: *mut sockaddr,
    from_length: *mut socklen_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let part = |done| {
            let (rest, left) = (buffer.cast::<u8>().add(done).cast(), length - done);
            receive_unless_told(member, socket, place(rest, left), flags, |flags| {
                original::recvfrom(socket, rest, left, flags, from, from_length)
            })
        };
        in_full(length, || wants_all(socket, flags), part)
    }
}

pub(super) unsafe fn recvmsg(member: &dyn Member, socket: c_int, message: *mut msghdr, flags: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let part = |done| match done {
            0 => receive_unless_told(member, socket, first_of(message), flags, |flags| {
                original::recvmsg(socket, message, flags)
            }),
            done => {
                let parts = after(&*message, done);
                let rest = Cell::new(message_of(parts.as_ptr(), parts.len() as c_int));
                receive_unless_told(member, socket, first_of(rest.as_ptr()), flags, |flags| {
                    original::recvmsg(socket, rest.as_ptr(), flags)
                })
            }
        };
        in_full(length_of(message), || wants_all(socket, flags), part)
    }
}

pub(super) unsafe fn recvmmsg(
    member: &dyn Member,
    socket: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: c_int,
    timeout: *mut timespec,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    let received = unsafe {
        receive_unless_told(member, socket, NOWHERE, flags, |flags| {
            original::recvmmsg(socket, messages, count, flags, timeout) as ssize_t
        })
    };
    received as c_int
}

pub(super) unsafe fn write(member: &dyn Member, fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let place = place(buffer, length);
        if length == EVENT && is_event(fd) {
            // By its number, as in `ready`: it does not wait.
            let write =
                || original::syscall(libc::SYS_write, fd.into(), buffer as c_long, EVENT as c_long, 0, 0, 0) as ssize_t;
            return if are_there_orphans() { ring(member, write) } else { write() };
        }
        match aside(|| Way::of(fd)) {
            Way::Straight => {
                sending(member, fd, place);
                let write = || original::write(fd, buffer, length);
                let is_ring = length == EVENT && are_there_orphans();
                sent(member, fd, None, if is_ring { ring(member, write) } else { write() })
            }
            Way::Socket => send(member, fd, buffer, length, 0),
            Way::Pipe => write_to_pipe(member, fd, buffer, length),
            Way::Other => {
                send_by(member, fd, None, place, || if_ready(fd, libc::POLLOUT, || original::write(fd, buffer, length)))
            }
        }
    }
}

/// The length of what is written to an eventfd, by which runtimes wake their threads, and read of a timer.
const EVENT: size_t = 8;

fn ring(member: &dyn Member, write: impl Fn() -> ssize_t) -> ssize_t {
    let (mut written, mut error) = (0, 0);
    seat::inside(|| {
        host().ring(member.bubble(), &mut || {
            written = write();
            // SAFETY: The address is the calling thread's own.
            error = unsafe { *errno() };
        });
    });
    set_errno(error);
    written
}

pub(super) unsafe fn writev(member: &dyn Member, fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let message = message_of(parts, count);
        let first = first_of(&raw const message);
        match aside(|| Way::of(fd)) {
            Way::Straight => {
                sending(member, fd, first);
                sent(member, fd, None, original::writev(fd, parts, count))
            }
            Way::Socket => sendmsg(member, fd, &raw const message, 0),
            // Beyond that, the parts need not stay together, so they may go one after the other.
            Way::Pipe if length_of(&raw const message) > libc::PIPE_BUF => {
                let part = |done| {
                    let rest = after(&message, done);
                    write_to_pipe(member, fd, rest[0].iov_base, rest[0].iov_len)
                };
                in_full(length_of(&raw const message), || true, part)
            }
            Way::Pipe | Way::Other => {
                send_by(member, fd, None, first, || if_ready(fd, libc::POLLOUT, || original::writev(fd, parts, count)))
            }
        }
    }
}

/// A pipe that is ready has room for so many bytes, and takes them at once; a writer that waits gives it all.
///
/// # Safety
///
/// As for `write`.
unsafe fn write_to_pipe(member: &dyn Member, fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    let part = |done: usize| {
        let left = (length - done).min(libc::PIPE_BUF);
        // SAFETY: By the contract; `done` is less than the length.
        send_by(member, fd, None, NOWHERE, || unsafe {
            if_ready(fd, libc::POLLOUT, || original::write(fd, buffer.cast::<u8>().add(done).cast(), left))
        })
    };
    in_full(length, || true, part)
}

pub(super) unsafe fn send(
    member: &dyn Member,
    socket: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe { sendto(member, socket, buffer, length, flags, std::ptr::null(), 0) }
}

pub(super) unsafe fn sendto(
    member: &dyn Member,
    socket: c_int,
    buffer: *const c_void,
    length: size_t,
    flags: c_int,
    to: *const sockaddr,
    to_length: socklen_t,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let address = Address::new(to, to_length);
        let part = |done| {
            let (rest, left) = (buffer.cast::<u8>().add(done).cast(), length - done);
            send_by(member, socket, address.as_ref(), place(rest, left), || {
                original::sendto(socket, rest, left, flags | libc::MSG_DONTWAIT, to, to_length)
            })
        };
        in_full(length, || gives_all(socket, flags), part)
    }
}

pub(super) unsafe fn sendmsg(member: &dyn Member, socket: c_int, message: *const msghdr, flags: c_int) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let to = message.as_ref().and_then(|message| Address::new(message.msg_name.cast(), message.msg_namelen));
        let send = |message: *const msghdr| {
            send_by(member, socket, to.as_ref(), first_of(message), || {
                original::sendmsg(socket, message, flags | libc::MSG_DONTWAIT)
            })
        };
        let part = |done| match done {
            0 => send(message),
            done => {
                let parts = after(&*message, done);
                send(&message_of(parts.as_ptr(), parts.len() as c_int))
            }
        };
        in_full(length_of(message), || gives_all(socket, flags), part)
    }
}

pub(super) unsafe fn sendmmsg(
    member: &dyn Member,
    socket: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: c_int,
) -> c_int {
    // SAFETY: The caller's contract is the original's.
    unsafe {
        let first = messages.as_ref().map(|first| first.msg_hdr);
        let to = first.and_then(|first| Address::new(first.msg_name.cast(), first.msg_namelen));
        let sent = send_by(member, socket, to.as_ref(), NOWHERE, || {
            original::sendmmsg(socket, messages, count, flags | libc::MSG_DONTWAIT) as ssize_t
        });
        sent as c_int
    }
}

pub(super) unsafe fn splice(
    member: &dyn Member,
    from: c_int,
    from_at: *mut off64_t,
    to: c_int,
    to_at: *mut off64_t,
    length: size_t,
    flags: c_uint,
) -> ssize_t {
    // SAFETY: The caller's contract is the original's.
    let splice = || unsafe { original::splice(from, from_at, to, to_at, length, flags) };
    let moved = match aside(|| Way::of(from)) {
        Way::Straight => noted(member, from, NOWHERE, splice()),
        _ => receive(member, from, "splice", NOWHERE, || if_ready(from, libc::POLLIN, splice)),
    };
    sent(member, to, None, moved)
}

/// As [`receive`], by a call that can be told not to wait; what was told so by its caller is left alone.
fn receive_unless_told(
    member: &dyn Member,
    socket: c_int,
    place: Place,
    flags: c_int,
    call: impl Fn(c_int) -> ssize_t,
) -> ssize_t {
    if flags & libc::MSG_DONTWAIT != 0 {
        let received = call(flags);
        return noted(member, socket, place, received);
    }
    receive(member, socket, "recv", place, || call(flags | libc::MSG_DONTWAIT))
}

/// Receives, at rest until there is something, if the descriptor blocks.
fn receive(member: &dyn Member, fd: c_int, name: &'static str, place: Place, attempt: impl Fn() -> ssize_t) -> ssize_t {
    let received = at_rest(member, fd, libc::POLLIN, name, libc::SO_RCVTIMEO, attempt);
    noted(member, fd, place, received)
}

fn noted(member: &dyn Member, fd: c_int, place: Place, received: ssize_t) -> ssize_t {
    // An end or an error is an answer too.
    if received >= 0 || !is_errno(libc::EAGAIN) {
        let length = usize::try_from(received).ok().filter(|length| *length > 0);
        // SAFETY: The call that received so many has put them there.
        aside(|| links::received(member, fd, length.map(|length| unsafe { bytes_of(place, length) })));
    }
    received
}

fn send_by(
    member: &dyn Member,
    fd: c_int,
    to: Option<&Address>,
    place: Place,
    attempt: impl Fn() -> ssize_t,
) -> ssize_t {
    sending(member, fd, place);
    let given = at_rest(member, fd, libc::POLLOUT, "send", libc::SO_SNDTIMEO, attempt);
    sent(member, fd, to, given)
}

fn sending(member: &dyn Member, fd: c_int, place: Place) {
    // SAFETY: The call that is about to be made reads them too.
    aside(|| served::sending(member, fd, unsafe { bytes_of(place, usize::MAX) }));
}

fn sent(member: &dyn Member, fd: c_int, to: Option<&Address>, given: ssize_t) -> ssize_t {
    if given > 0 {
        aside(|| links::sent_to(member, fd, to));
    }
    given
}

/// Repeats a call, which is told how much is done, until all is done or it should not go on.
fn in_full(length: usize, goes_on: impl Fn() -> bool, part: impl Fn(usize) -> ssize_t) -> ssize_t {
    let mut done = 0;
    loop {
        match part(done) {
            more @ 1.. => done += more.cast_unsigned(),
            end if done == 0 => return end,
            _ => return done.cast_signed(),
        }
        if done >= length || !goes_on() {
            return done.cast_signed();
        }
    }
}

/// Whether who sends waits until all is on its way.
fn gives_all(socket: c_int, flags: c_int) -> bool {
    flags & libc::MSG_DONTWAIT == 0 && aside(|| is_blocking(socket))
}

/// Whether who receives asked to wait until all has come.
fn wants_all(socket: c_int, flags: c_int) -> bool {
    flags & (libc::MSG_WAITALL | libc::MSG_PEEK) == libc::MSG_WAITALL
        && gives_all(socket, flags)
        && aside(|| links::option(socket, libc::SO_TYPE)) == Some(libc::SOCK_STREAM)
}

/// Repeats a call that does not wait until it has something to say, if the descriptor is one that waits.
pub(super) fn at_rest<T: Copy + PartialOrd + From<i8>>(
    member: &dyn Member,
    fd: c_int,
    events: c_short,
    call: &'static str,
    limit: c_int,
    attempt: impl Fn() -> T,
) -> T {
    let zero = T::from(0);
    let mut done = attempt();
    if done >= zero || !is_errno(libc::EAGAIN) || !aside(|| is_blocking(fd)) {
        return done;
    }
    let deadline = aside(|| time_limit(fd, limit).map(|most| member.monotonic().saturating_add(most)));
    let fds = &[Fd { number: fd, events }];
    while done < zero && is_errno(libc::EAGAIN) {
        let woken = aside(|| member.park(&Wait { call, fds, deadline, ..Wait::default() }));
        done = attempt();
        if woken == Woken::TimedOut {
            break;
        }
    }
    done
}

/// Makes a call only if it will not wait. Of several members that would take or give the same, one has its turn at a time.
pub(super) fn if_ready<T: From<i8>>(fd: c_int, events: c_short, call: impl Fn() -> T) -> T {
    static TURN: Mutex<()> = Mutex::new(());

    seat::inside(|| {
        let _turn = TURN.lock();
        if is_ready(Fd { number: fd, events }) {
            return call();
        }
        set_errno(libc::EAGAIN);
        T::from(-1)
    })
}

/// How a descriptor may be read and written without waiting for real.
enum Way {
    /// By the call itself: it does not wait, or only for a disk.
    Straight,
    /// By calls that can be told not to wait.
    Socket,
    /// In pieces that fit.
    Pipe,
    /// Once it says that it is ready.
    Other,
}

impl Way {
    fn of(fd: c_int) -> Self {
        if !is_blocking(fd) {
            return Self::Straight;
        }
        match stat(fd).map(|stat| stat.st_mode & libc::S_IFMT) {
            Some(libc::S_IFREG | libc::S_IFDIR | libc::S_IFBLK) => Self::Straight,
            Some(libc::S_IFSOCK) => Self::Socket,
            Some(libc::S_IFIFO) => Self::Pipe,
            _ => Self::Other,
        }
    }
}

pub(in crate::os) fn is_blocking(fd: c_int) -> bool {
    // SAFETY: The call takes no pointers.
    let flags = unsafe { original::fcntl(fd, libc::F_GETFL, 0) };
    flags >= 0 && flags & libc::O_NONBLOCK == 0
}

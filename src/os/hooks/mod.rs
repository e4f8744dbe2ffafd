//! The table of libc's symbols that this crate defines, and what each does on a member.
//!
//! A line is the symbol's declaration as in libc's manual, and the function that answers it: under `members` only on a bubble's
//! threads, under `everyone` on all; and the judge of [`judge`](super::judge) that says, by the arguments that it gets, whether the call
//! blocks. Under `judged` are those that are only judged. Elsewhere, and inside the crate's own code, the original answers. What may wake a
//! member is under `wakers`, for whoever calls it, the crate's own code included.
//! A hook records and never panics, asks tokio for nothing but whether a poll is under way and which task runs, and leaves `errno` as the original would. A member is inside the crate's
//! own code for as long as its hook runs: a signal handler that comes in between has the originals.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "C keeps its numbers in types of other widths than Rust, and within its contracts they fit"
)]

mod address;
mod at_rest;
mod awaited_signal;
mod bell;
mod checked;
mod child;
mod clients;
mod clock;
mod clones;
mod condvar;
mod datagram;
mod destination;
mod errno;
mod file_lock;
mod limit;
mod link;
mod lock;
mod message;
mod mutex;
mod older;
mod option;
mod pipe;
mod ports;
mod random;
#[cfg(target_arch = "x86_64")]
mod raw;
mod ready;
mod receive;
mod rwlock;
mod semaphore;
mod send;
mod served;
mod signal;
mod sleep;
mod socket;
mod thread;
mod timer;
mod times;
mod traffic;
mod turn;
mod unix_names;
mod way;
mod word;

use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

use libc::{
    DIR, FILE, addrinfo, clockid_t, dirent, dirent64, epoll_event, fd_set, gid_t, hostent, id_t, idtype_t, iovec,
    itimerspec, mmsghdr, mode_t, msghdr, nfds_t, off_t, off64_t, pid_t, pollfd, posix_spawn_file_actions_t,
    posix_spawnattr_t, pthread_attr_t, pthread_barrier_t, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t, pthread_t,
    rusage, sem_t, siginfo_t, sigset_t, size_t, sockaddr, socklen_t, ssize_t, time_t, timespec, timeval, uid_t,
    useconds_t, utimbuf,
};

use super::judge;
use super::seat::{self, Member};
pub(in crate::os) use address::{address_text, peer_text};
pub(crate) use child::is_alive;
pub(in crate::os) use clock::{Kind, kind};
pub(in crate::os) use errno::aside;
use errno::{errno, is_errno, set_errno};
use link::forget_links;
pub(in crate::os) use link::is_event;
pub(in crate::os) use mutex::is_mutex_taken;
pub(in crate::os) use older::instead;
pub(in crate::os) use option::option;
#[cfg(target_arch = "x86_64")]
pub(super) use raw::{unwatch, watch};
use thread::Routine;
pub(in crate::os) use thread::has_long_ended;
pub(super) use thread::watch_forks;
use timer::forget_timers;
pub(crate) use timer::{expire, hand_over};
pub(in crate::os) use times::{in_nanos, nanos, valid};
pub(crate) use traffic::owed;
pub(crate) use unix_names::forget_names;
pub(in crate::os) use way::is_blocking;

macro_rules! hooks {
    (
        members { $( fn $m_name:ident($($m_arg:ident: $m_type:ty),*) -> $m_out:ty => $m_hook:path $(, blocks $($m_judge:ident)::+($($m_judged:ident),*))?; )* }
        everyone { $( fn $e_name:ident($($e_arg:ident: $e_type:ty),*) -> $e_out:ty => $e_hook:path $(, blocks $($e_judge:ident)::+($($e_judged:ident),*))?; )* }
        wakers { $( fn $w_name:ident($($w_arg:ident: $w_type:ty),*) -> $w_out:ty => $w_hook:path $(, blocks $($w_judge:ident)::+($($w_judged:ident),*))?; )* }
        judged { $( fn $j_name:ident($($j_arg:ident: $j_type:ty),*) -> $j_out:ty, blocks $($j_judge:ident)::+($($j_judged:ident),*); )* }
    ) => {
        /// The next definition of each symbol, which is libc's.
        pub(in crate::os) mod original {
            use super::*;
            use crate::os::original::Original;

            hooks!(@originals
                $( $m_name($($m_arg: $m_type),*) -> $m_out; )*
                $( $e_name($($e_arg: $e_type),*) -> $e_out; )*
                $( $w_name($($w_arg: $w_type),*) -> $w_out; )*
                $( $j_name($($j_arg: $j_type),*) -> $j_out; )*
            );
        }

        /// What the linker finds.
        #[allow(unknown_lints, reason = "the next one is not known to every Rust")]
        #[allow(invalid_runtime_symbol_definitions, reason = "where a call may have more arguments, as that of `open` has, they come as they do here")]
        mod exported {
            use super::*;

            $(
                #[unsafe(no_mangle)]
                unsafe extern "C" fn $m_name($($m_arg: $m_type),*) -> $m_out {
                    // Apart, so that elsewhere a call costs no more than the question whose thread it is.
                    #[inline(never)]
                    #[expect(improper_ctypes_definitions, reason = "only the symbol itself calls it")]
                    unsafe extern "C" fn on_a_member(member: &'static dyn Member, $($m_arg: $m_type),*) -> $m_out {
                        // SAFETY: The caller's contract is the hook's.
                        unsafe {
                            hooks!(@judge hear $($($m_judge)::+($($m_judged),*))?);
                            seat::inside(|| {
                                member.come_over();
                                $m_hook(member, $($m_arg),*)
                            })
                        }
                    }

                    // SAFETY: The caller keeps to the symbol's own contract, which is the same for both.
                    unsafe {
                        match seat::member() {
                            Some(member) => on_a_member(member, $($m_arg),*),
                            None => {
                                hooks!(@judge overhear $($($m_judge)::+($($m_judged),*))?);
                                original::$m_name($($m_arg),*)
                            }
                        }
                    }
                }
            )*
            $(
                #[unsafe(no_mangle)]
                unsafe extern "C" fn $e_name($($e_arg: $e_type),*) -> $e_out {
                    #[inline(never)]
                    #[expect(improper_ctypes_definitions, reason = "only the symbol itself calls it")]
                    unsafe extern "C" fn on_a_member(member: &'static dyn Member, $($e_arg: $e_type),*) -> $e_out {
                        // SAFETY: The caller's contract is the hook's.
                        unsafe {
                            hooks!(@judge hear $($($e_judge)::+($($e_judged),*))?);
                            seat::inside(|| $e_hook(Some(member), $($e_arg),*))
                        }
                    }

                    // SAFETY: As above.
                    unsafe {
                        match seat::member() {
                            Some(member) => on_a_member(member, $($e_arg),*),
                            None if seat::is_inside() => original::$e_name($($e_arg),*),
                            None => {
                                hooks!(@judge overhear $($($e_judge)::+($($e_judged),*))?);
                                $e_hook(None, $($e_arg),*)
                            }
                        }
                    }
                }
            )*
            $(
                #[unsafe(no_mangle)]
                unsafe extern "C" fn $w_name($($w_arg: $w_type),*) -> $w_out {
                    // SAFETY: As above.
                    unsafe {
                        match seat::member() {
                            Some(member) => {
                                hooks!(@judge hear $($($w_judge)::+($($w_judged),*))?);
                                seat::inside(|| $w_hook(Some(member), $($w_arg),*))
                            }
                            None => {
                                hooks!(@judge overhear $($($w_judge)::+($($w_judged),*))?);
                                $w_hook(None, $($w_arg),*)
                            }
                        }
                    }
                }
            )*
            $(
                #[unsafe(no_mangle)]
                unsafe extern "C" fn $j_name($($j_arg: $j_type),*) -> $j_out {
                    // SAFETY: As above.
                    unsafe {
                        match seat::member() {
                            Some(_) => hooks!(@judge hear $($j_judge)::+($($j_judged),*)),
                            None => hooks!(@judge overhear $($j_judge)::+($($j_judged),*)),
                        }
                        original::$j_name($($j_arg),*)
                    }
                }
            )*

            /// Each symbol, and the address at which it must be found.
            pub(in crate::os) fn symbols() -> Vec<(&'static str, usize)> {
                vec![
                    $( (stringify!($m_name), $m_name as *const () as usize), )*
                    $( (stringify!($e_name), $e_name as *const () as usize), )*
                    $( (stringify!($w_name), $w_name as *const () as usize), )*
                    $( (stringify!($j_name), $j_name as *const () as usize), )*
                ]
            }
        }
        pub(super) use exported::symbols;
    };
    (@judge $hear:ident) => {};
    (@judge $hear:ident $($judge:ident)::+($($judged:ident),*)) => {
        judge::$hear(|| $($judge)::+($($judged),*))
    };
    (@originals $( $name:ident($($arg:ident: $type:ty),*) -> $out:ty; )*) => {
        $(
            #[inline]
            pub(in crate::os) unsafe fn $name($($arg: $type),*) -> $out {
                static ORIGINAL: Original = Original::new(concat!(stringify!($name), "\0"), first_call as *mut c_void);

                #[cold]
                unsafe extern "C" fn first_call($($arg: $type),*) -> $out {
                    ORIGINAL.look_up();
                    // SAFETY: The caller's contract is the original's.
                    unsafe { self::$name($($arg),*) }
                }

                // SAFETY: The address is that of libc's definition or of the one above, which both have this type.
                unsafe {
                    let call = std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($type),*) -> $out>(ORIGINAL.address());
                    call($($arg),*)
                }
            }
        )*
    };
}

hooks! {
    members {
        fn gettimeofday(time: *mut timeval, zone: *mut c_void) -> c_int => clock::timeofday;
        fn time(time: *mut time_t) -> time_t => clock::time;
        fn timespec_get(time: *mut timespec, base: c_int) -> c_int => clock::timespec_get;

        fn clock_nanosleep(clock: clockid_t, flags: c_int, request: *const timespec, left: *mut timespec) -> c_int => sleep::clock_nanosleep, blocks judge::sleep::clock_nanosleep(clock, flags, request);
        fn nanosleep(request: *const timespec, left: *mut timespec) -> c_int => sleep::nanosleep, blocks judge::sleep::nanosleep(request);
        fn usleep(micros: useconds_t) -> c_int => sleep::usleep, blocks judge::sleep::usleep(micros);
        fn sleep(seconds: c_uint) -> c_uint => sleep::sleep, blocks judge::sleep::sleep(seconds);

        fn poll(fds: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int => ready::poll, blocks judge::ready::poll(fds, count, timeout);
        fn ppoll(fds: *mut pollfd, count: nfds_t, timeout: *const timespec, mask: *const sigset_t) -> c_int => ready::ppoll, blocks judge::ready::ppoll(fds, count, timeout);
        fn select(count: c_int, read: *mut fd_set, write: *mut fd_set, error: *mut fd_set, timeout: *mut timeval) -> c_int => ready::select, blocks judge::ready::select(count, read, write, timeout);

        fn epoll_pwait2(epoll: c_int, events: *mut epoll_event, most: c_int, timeout: *const timespec, mask: *const sigset_t) -> c_int => ready::epoll_pwait2;
        fn pselect(count: c_int, read: *mut fd_set, write: *mut fd_set, error: *mut fd_set, timeout: *const timespec, mask: *const sigset_t) -> c_int => ready::pselect, blocks judge::ready::pselect(count, read, write, timeout);

        fn timerfd_settime(fd: c_int, flags: c_int, new: *const itimerspec, old: *mut itimerspec) -> c_int => timer::settime;
        fn timerfd_gettime(fd: c_int, current: *mut itimerspec) -> c_int => timer::gettime;

        fn pthread_create(thread: *mut pthread_t, attributes: *const pthread_attr_t, start: Routine, argument: *mut c_void) -> c_int => thread::create;
        fn pthread_join(thread: pthread_t, output: *mut *mut c_void) -> c_int => thread::join, blocks judge::process::joined(thread);
        fn pthread_detach(thread: pthread_t) -> c_int => thread::detach;
        fn pthread_timedjoin_np(thread: pthread_t, output: *mut *mut c_void, at: *const timespec) -> c_int => thread::timedjoin, blocks judge::process::joined(thread);
        fn pthread_clockjoin_np(thread: pthread_t, output: *mut *mut c_void, clock: clockid_t, at: *const timespec) -> c_int => thread::clockjoin, blocks judge::process::joined(thread);

        fn pthread_mutex_lock(mutex: *mut pthread_mutex_t) -> c_int => mutex::lock, blocks judge::lock::mutex(mutex);
        fn pthread_mutex_timedlock(mutex: *mut pthread_mutex_t, at: *const timespec) -> c_int => mutex::timedlock, blocks judge::lock::mutex(mutex);
        fn pthread_mutex_clocklock(mutex: *mut pthread_mutex_t, clock: clockid_t, at: *const timespec) -> c_int => mutex::clocklock, blocks judge::lock::mutex(mutex);
        fn pthread_cond_wait(condvar: *mut pthread_cond_t, mutex: *mut pthread_mutex_t) -> c_int => condvar::wait, blocks judge::lock::always();
        fn pthread_cond_timedwait(condvar: *mut pthread_cond_t, mutex: *mut pthread_mutex_t, at: *const timespec) -> c_int => condvar::timedwait, blocks judge::lock::always();
        fn pthread_cond_clockwait(condvar: *mut pthread_cond_t, mutex: *mut pthread_mutex_t, clock: clockid_t, at: *const timespec) -> c_int => condvar::clockwait, blocks judge::lock::always();

        fn pthread_rwlock_rdlock(rwlock: *mut pthread_rwlock_t) -> c_int => rwlock::read, blocks judge::lock::read(rwlock);
        fn pthread_rwlock_timedrdlock(rwlock: *mut pthread_rwlock_t, at: *const timespec) -> c_int => rwlock::timedread, blocks judge::lock::read(rwlock);
        fn pthread_rwlock_clockrdlock(rwlock: *mut pthread_rwlock_t, clock: clockid_t, at: *const timespec) -> c_int => rwlock::clockread, blocks judge::lock::read(rwlock);
        fn pthread_rwlock_wrlock(rwlock: *mut pthread_rwlock_t) -> c_int => rwlock::write, blocks judge::lock::write(rwlock);
        fn pthread_rwlock_timedwrlock(rwlock: *mut pthread_rwlock_t, at: *const timespec) -> c_int => rwlock::timedwrite, blocks judge::lock::write(rwlock);
        fn pthread_rwlock_clockwrlock(rwlock: *mut pthread_rwlock_t, clock: clockid_t, at: *const timespec) -> c_int => rwlock::clockwrite, blocks judge::lock::write(rwlock);
        fn sem_wait(semaphore: *mut sem_t) -> c_int => semaphore::wait, blocks judge::lock::semaphore(semaphore);
        fn sem_timedwait(semaphore: *mut sem_t, at: *const timespec) -> c_int => semaphore::timedwait, blocks judge::lock::semaphore(semaphore);
        fn sem_clockwait(semaphore: *mut sem_t, clock: clockid_t, at: *const timespec) -> c_int => semaphore::clockwait, blocks judge::lock::semaphore(semaphore);

        fn connect(socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int => socket::connect, blocks judge::message::connect(socket, address, length);
        fn posix_spawn(child: *mut pid_t, path: *const c_char, actions: *const posix_spawn_file_actions_t, attributes: *const posix_spawnattr_t, arguments: *const *mut c_char, environment: *const *mut c_char) -> c_int => child::posix_spawn;
        fn posix_spawnp(child: *mut pid_t, file: *const c_char, actions: *const posix_spawn_file_actions_t, attributes: *const posix_spawnattr_t, arguments: *const *mut c_char, environment: *const *mut c_char) -> c_int => child::posix_spawnp;
        fn fork() -> pid_t => child::fork;
        fn waitpid(process: pid_t, status: *mut c_int, options: c_int) -> pid_t => child::waitpid, blocks judge::process::waited(options);
        fn wait4(process: pid_t, status: *mut c_int, options: c_int, usage: *mut rusage) -> pid_t => child::wait4, blocks judge::process::waited(options);
        fn waitid(of: idtype_t, id: id_t, about: *mut siginfo_t, options: c_int) -> c_int => child::waitid, blocks judge::process::waited(options);
        fn kill(process: pid_t, signal: c_int) -> c_int => signal::kill;
        fn raise(signal: c_int) -> c_int => signal::raise;
        fn pthread_kill(thread: pthread_t, signal: c_int) -> c_int => signal::pthread_kill;
        fn sigwait(set: *const sigset_t, signal: *mut c_int) -> c_int => awaited_signal::wait;
        fn sigwaitinfo(set: *const sigset_t, about: *mut siginfo_t) -> c_int => awaited_signal::waitinfo;
        fn sigtimedwait(set: *const sigset_t, about: *mut siginfo_t, timeout: *const timespec) -> c_int => awaited_signal::timedwait;
        fn sigprocmask(how: c_int, set: *const sigset_t, before: *mut sigset_t) -> c_int => signal::procmask;
        fn pthread_sigmask(how: c_int, set: *const sigset_t, before: *mut sigset_t) -> c_int => signal::sigmask;

        fn bind(socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int => socket::bind;
        fn setsockopt(socket: c_int, level: c_int, option: c_int, value: *const c_void, length: socklen_t) -> c_int => limit::setsockopt;
        fn listen(socket: c_int, backlog: c_int) -> c_int => socket::listen;

        fn read(fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t => receive::read, blocks judge::descriptor::used(fd);
        fn readv(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t => receive::readv, blocks judge::descriptor::used(fd);
        fn recv(socket: c_int, buffer: *mut c_void, length: size_t, flags: c_int) -> ssize_t => receive::recv, blocks judge::message::used(socket, flags);
        fn recvfrom(socket: c_int, buffer: *mut c_void, length: size_t, flags: c_int, from: *mut sockaddr, from_length: *mut socklen_t) -> ssize_t => receive::recvfrom, blocks judge::message::used(socket, flags);
        fn recvmsg(socket: c_int, message: *mut msghdr, flags: c_int) -> ssize_t => receive::recvmsg, blocks judge::message::used(socket, flags);
        fn recvmmsg(socket: c_int, messages: *mut mmsghdr, count: c_uint, flags: c_int, timeout: *mut timespec) -> c_int => receive::recvmmsg, blocks judge::message::used(socket, flags);
        fn write(fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t => send::write, blocks judge::descriptor::written(fd);
        fn writev(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t => send::writev, blocks judge::descriptor::written(fd);
        fn send(socket: c_int, buffer: *const c_void, length: size_t, flags: c_int) -> ssize_t => send::send, blocks judge::message::used(socket, flags);
        fn sendto(socket: c_int, buffer: *const c_void, length: size_t, flags: c_int, to: *const sockaddr, to_length: socklen_t) -> ssize_t => send::sendto, blocks judge::message::used(socket, flags);
        fn sendmsg(socket: c_int, message: *const msghdr, flags: c_int) -> ssize_t => send::sendmsg, blocks judge::message::used(socket, flags);
        fn sendmmsg(socket: c_int, messages: *mut mmsghdr, count: c_uint, flags: c_int) -> c_int => send::sendmmsg, blocks judge::message::used(socket, flags);
        fn splice(from: c_int, from_at: *mut off64_t, to: c_int, to_at: *mut off64_t, length: size_t, flags: c_uint) -> ssize_t => receive::splice, blocks judge::descriptor::copied(from, to);
        fn sendfile(to: c_int, from: c_int, at: *mut off_t, length: size_t) -> ssize_t => receive::sendfile, blocks judge::descriptor::copied(from, to);
        fn sendfile64(to: c_int, from: c_int, at: *mut off64_t, length: size_t) -> ssize_t => receive::sendfile, blocks judge::descriptor::copied(from, to);

        fn __poll_chk(fds: *mut pollfd, count: nfds_t, timeout: c_int, size: size_t) -> c_int => checked::poll, blocks judge::ready::poll(fds, count, timeout);
        fn __ppoll_chk(fds: *mut pollfd, count: nfds_t, timeout: *const timespec, mask: *const sigset_t, size: size_t) -> c_int => checked::ppoll, blocks judge::ready::ppoll(fds, count, timeout);
        fn __read_chk(fd: c_int, buffer: *mut c_void, length: size_t, size: size_t) -> ssize_t => checked::read, blocks judge::descriptor::used(fd);
        fn __recv_chk(socket: c_int, buffer: *mut c_void, length: size_t, size: size_t, flags: c_int) -> ssize_t => checked::recv, blocks judge::message::used(socket, flags);
        fn __recvfrom_chk(socket: c_int, buffer: *mut c_void, length: size_t, size: size_t, flags: c_int, from: *mut sockaddr, from_length: *mut socklen_t) -> ssize_t => checked::recvfrom, blocks judge::message::used(socket, flags);

        fn getrandom(buffer: *mut c_void, length: size_t, flags: c_uint) -> ssize_t => random::getrandom;
        fn getentropy(buffer: *mut c_void, length: size_t) -> c_int => random::getentropy;
    }
    everyone {
        fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int => clock::gettime;

        fn accept(socket: c_int, address: *mut sockaddr, length: *mut socklen_t) -> c_int => socket::accept, blocks judge::message::accept(socket);
        fn accept4(socket: c_int, address: *mut sockaddr, length: *mut socklen_t, flags: c_int) -> c_int => socket::accept4, blocks judge::message::accept(socket);
        fn close(fd: c_int) -> c_int => socket::close;
        fn close_range(first: c_uint, last: c_uint, flags: c_int) -> c_int => socket::close_range;
        fn flock(fd: c_int, operation: c_int) -> c_int => file_lock::flock, blocks judge::descriptor::locked(fd, operation);
        fn fclose(stream: *mut FILE) -> c_int => socket::fclose;
        fn dup(fd: c_int) -> c_int => clones::dup;
        fn dup2(from: c_int, to: c_int) -> c_int => clones::dup2;
        fn dup3(from: c_int, to: c_int, flags: c_int) -> c_int => clones::dup3;
        fn fcntl(fd: c_int, command: c_int, argument: c_long) -> c_int => clones::fcntl, blocks judge::descriptor::controlled(fd, command);
        fn fcntl64(fd: c_int, command: c_int, argument: c_long) -> c_int => clones::fcntl, blocks judge::descriptor::controlled(fd, command);
        fn epoll_create1(flags: c_int) -> c_int => ready::epoll_create1;
        fn epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, event: *mut epoll_event) -> c_int => bell::epoll_ctl;
        fn epoll_wait(epoll: c_int, events: *mut epoll_event, most: c_int, timeout: c_int) -> c_int => ready::epoll_wait;
        fn epoll_pwait(epoll: c_int, events: *mut epoll_event, most: c_int, timeout: c_int, mask: *const sigset_t) -> c_int => ready::epoll_pwait;
    }
    wakers {
        fn syscall(number: c_long, a: c_long, b: c_long, c: c_long, d: c_long, e: c_long, f: c_long) -> c_long => word::syscall, blocks judge::lock::futex(number, a, b, c, d);
        fn pthread_mutex_unlock(mutex: *mut pthread_mutex_t) -> c_int => mutex::unlock;
        fn pthread_rwlock_unlock(rwlock: *mut pthread_rwlock_t) -> c_int => rwlock::unlock;
        fn sem_post(semaphore: *mut sem_t) -> c_int => semaphore::post;
        fn pthread_cond_signal(condvar: *mut pthread_cond_t) -> c_int => condvar::signal;
        fn pthread_cond_broadcast(condvar: *mut pthread_cond_t) -> c_int => condvar::broadcast;
    }
    judged {
        fn getaddrinfo(node: *const c_char, service: *const c_char, hints: *const addrinfo, found: *mut *mut addrinfo) -> c_int, blocks judge::resolve::host(node, hints);
        fn gethostbyname(name: *const c_char) -> *mut hostent, blocks judge::resolve::named(name);
        fn gethostbyname_r(name: *const c_char, host: *mut hostent, buffer: *mut c_char, length: size_t, found: *mut *mut hostent, error: *mut c_int) -> c_int, blocks judge::resolve::named(name);
        fn gethostbyaddr(address: *const c_void, length: socklen_t, family: c_int) -> *mut hostent, blocks judge::resolve::address(address);
        fn getnameinfo(address: *const sockaddr, length: socklen_t, host: *mut c_char, host_length: socklen_t, service: *mut c_char, service_length: socklen_t, flags: c_int) -> c_int, blocks judge::resolve::name(address, length, flags);

        fn wait(status: *mut c_int) -> pid_t, blocks judge::process::ended();
        fn wait3(status: *mut c_int, options: c_int, usage: *mut rusage) -> pid_t, blocks judge::process::waited(options);
        fn system(command: *const c_char) -> c_int, blocks judge::process::shell(command);
        fn popen(command: *const c_char, mode: *const c_char) -> *mut FILE, blocks judge::process::shell(command);
        fn pclose(stream: *mut FILE) -> c_int, blocks judge::process::ended();
        fn pthread_barrier_wait(barrier: *mut pthread_barrier_t) -> c_int, blocks judge::lock::always();

        fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn openat(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int, blocks judge::path::within(folder, path);
        fn openat64(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int, blocks judge::path::within(folder, path);
        fn creat(path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn creat64(path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn fopen(path: *const c_char, mode: *const c_char) -> *mut FILE, blocks judge::path::named(path);
        fn fopen64(path: *const c_char, mode: *const c_char) -> *mut FILE, blocks judge::path::named(path);
        fn freopen(path: *const c_char, mode: *const c_char, stream: *mut FILE) -> *mut FILE, blocks judge::path::named(path);
        fn freopen64(path: *const c_char, mode: *const c_char, stream: *mut FILE) -> *mut FILE, blocks judge::path::named(path);
        fn tmpfile() -> *mut FILE, blocks judge::path::some();
        fn tmpfile64() -> *mut FILE, blocks judge::path::some();
        fn mkstemp(path: *mut c_char) -> c_int, blocks judge::path::named(path);
        fn mkstemp64(path: *mut c_char) -> c_int, blocks judge::path::named(path);
        fn mkostemp(path: *mut c_char, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn mkostemp64(path: *mut c_char, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn mkstemps(path: *mut c_char, ending: c_int) -> c_int, blocks judge::path::named(path);
        fn mkstemps64(path: *mut c_char, ending: c_int) -> c_int, blocks judge::path::named(path);
        fn mkdtemp(path: *mut c_char) -> *mut c_char, blocks judge::path::named(path);

        fn opendir(path: *const c_char) -> *mut DIR, blocks judge::path::named(path);
        fn readdir(folder: *mut DIR) -> *mut dirent, blocks judge::path::next(folder);
        fn readdir64(folder: *mut DIR) -> *mut dirent64, blocks judge::path::next(folder);
        fn readdir_r(folder: *mut DIR, entry: *mut dirent, next: *mut *mut dirent) -> c_int, blocks judge::path::next(folder);
        fn readdir64_r(folder: *mut DIR, entry: *mut dirent64, next: *mut *mut dirent64) -> c_int, blocks judge::path::next(folder);
        fn scandir(path: *const c_char, entries: *mut *mut *mut dirent, takes: *const c_void, order: *const c_void) -> c_int, blocks judge::path::named(path);
        fn scandir64(path: *const c_char, entries: *mut *mut *mut dirent64, takes: *const c_void, order: *const c_void) -> c_int, blocks judge::path::named(path);
        fn ftw(path: *const c_char, visit: *const c_void, fds: c_int) -> c_int, blocks judge::path::named(path);
        fn ftw64(path: *const c_char, visit: *const c_void, fds: c_int) -> c_int, blocks judge::path::named(path);
        fn nftw(path: *const c_char, visit: *const c_void, fds: c_int, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn nftw64(path: *const c_char, visit: *const c_void, fds: c_int, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn glob(pattern: *const c_char, flags: c_int, failed: *const c_void, found: *mut c_void) -> c_int, blocks judge::path::named(pattern);
        fn glob64(pattern: *const c_char, flags: c_int, failed: *const c_void, found: *mut c_void) -> c_int, blocks judge::path::named(pattern);

        fn stat(path: *const c_char, about: *mut libc::stat) -> c_int, blocks judge::path::named(path);
        fn stat64(path: *const c_char, about: *mut libc::stat64) -> c_int, blocks judge::path::named(path);
        fn lstat(path: *const c_char, about: *mut libc::stat) -> c_int, blocks judge::path::named(path);
        fn lstat64(path: *const c_char, about: *mut libc::stat64) -> c_int, blocks judge::path::named(path);
        fn fstatat(folder: c_int, path: *const c_char, about: *mut libc::stat, flags: c_int) -> c_int, blocks judge::path::looked_at(folder, path, flags);
        fn fstatat64(folder: c_int, path: *const c_char, about: *mut libc::stat64, flags: c_int) -> c_int, blocks judge::path::looked_at(folder, path, flags);
        fn statx(folder: c_int, path: *const c_char, flags: c_int, mask: c_uint, about: *mut c_void) -> c_int, blocks judge::path::looked_at(folder, path, flags);
        fn access(path: *const c_char, mode: c_int) -> c_int, blocks judge::path::named(path);
        fn faccessat(folder: c_int, path: *const c_char, mode: c_int, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn eaccess(path: *const c_char, mode: c_int) -> c_int, blocks judge::path::named(path);
        fn euidaccess(path: *const c_char, mode: c_int) -> c_int, blocks judge::path::named(path);
        fn statfs(path: *const c_char, about: *mut c_void) -> c_int, blocks judge::path::named(path);
        fn statfs64(path: *const c_char, about: *mut c_void) -> c_int, blocks judge::path::named(path);
        fn statvfs(path: *const c_char, about: *mut c_void) -> c_int, blocks judge::path::named(path);
        fn statvfs64(path: *const c_char, about: *mut c_void) -> c_int, blocks judge::path::named(path);
        fn getxattr(path: *const c_char, name: *const c_char, value: *mut c_void, length: size_t) -> ssize_t, blocks judge::path::named(path);
        fn lgetxattr(path: *const c_char, name: *const c_char, value: *mut c_void, length: size_t) -> ssize_t, blocks judge::path::named(path);
        fn listxattr(path: *const c_char, names: *mut c_char, length: size_t) -> ssize_t, blocks judge::path::named(path);
        fn llistxattr(path: *const c_char, names: *mut c_char, length: size_t) -> ssize_t, blocks judge::path::named(path);
        fn setxattr(path: *const c_char, name: *const c_char, value: *const c_void, length: size_t, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn lsetxattr(path: *const c_char, name: *const c_char, value: *const c_void, length: size_t, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn removexattr(path: *const c_char, name: *const c_char) -> c_int, blocks judge::path::named(path);
        fn lremovexattr(path: *const c_char, name: *const c_char) -> c_int, blocks judge::path::named(path);

        fn canonicalize_file_name(path: *const c_char) -> *mut c_char, blocks judge::path::named(path);
        fn realpath(path: *const c_char, resolved: *mut c_char) -> *mut c_char, blocks judge::path::named(path);
        fn readlink(path: *const c_char, buffer: *mut c_char, length: size_t) -> ssize_t, blocks judge::path::named(path);
        fn readlinkat(folder: c_int, path: *const c_char, buffer: *mut c_char, length: size_t) -> ssize_t, blocks judge::path::within(folder, path);
        fn mkdir(path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn mkdirat(folder: c_int, path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::within(folder, path);
        fn rmdir(path: *const c_char) -> c_int, blocks judge::path::named(path);
        fn unlink(path: *const c_char) -> c_int, blocks judge::path::named(path);
        fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn remove(path: *const c_char) -> c_int, blocks judge::path::named(path);
        fn rename(from: *const c_char, to: *const c_char) -> c_int, blocks judge::path::named(from);
        fn renameat(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char) -> c_int, blocks judge::path::within(from_folder, from);
        fn renameat2(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char, flags: c_uint) -> c_int, blocks judge::path::within(from_folder, from);
        fn link(from: *const c_char, to: *const c_char) -> c_int, blocks judge::path::named(from);
        fn linkat(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char, flags: c_int) -> c_int, blocks judge::path::within(from_folder, from);
        fn symlink(from: *const c_char, to: *const c_char) -> c_int, blocks judge::path::named(to);
        fn symlinkat(from: *const c_char, to_folder: c_int, to: *const c_char) -> c_int, blocks judge::path::within(to_folder, to);
        fn chmod(path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn chown(path: *const c_char, owner: uid_t, group: gid_t) -> c_int, blocks judge::path::named(path);
        fn lchown(path: *const c_char, owner: uid_t, group: gid_t) -> c_int, blocks judge::path::named(path);
        fn fchmodat(folder: c_int, path: *const c_char, mode: mode_t, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn fchownat(folder: c_int, path: *const c_char, owner: uid_t, group: gid_t, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn truncate(path: *const c_char, length: off_t) -> c_int, blocks judge::path::named(path);
        fn truncate64(path: *const c_char, length: off64_t) -> c_int, blocks judge::path::named(path);
        fn utime(path: *const c_char, times: *const utimbuf) -> c_int, blocks judge::path::named(path);
        fn utimes(path: *const c_char, times: *const timeval) -> c_int, blocks judge::path::named(path);
        fn lutimes(path: *const c_char, times: *const timeval) -> c_int, blocks judge::path::named(path);
        fn futimesat(folder: c_int, path: *const c_char, times: *const timeval) -> c_int, blocks judge::path::within(folder, path);
        fn utimensat(folder: c_int, path: *const c_char, times: *const timespec, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn mkfifo(path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::named(path);
        fn mkfifoat(folder: c_int, path: *const c_char, mode: mode_t) -> c_int, blocks judge::path::within(folder, path);

        fn __open_2(path: *const c_char, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn __open64_2(path: *const c_char, flags: c_int) -> c_int, blocks judge::path::named(path);
        fn __openat_2(folder: c_int, path: *const c_char, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn __openat64_2(folder: c_int, path: *const c_char, flags: c_int) -> c_int, blocks judge::path::within(folder, path);
        fn __readlink_chk(path: *const c_char, buffer: *mut c_char, length: size_t, size: size_t) -> ssize_t, blocks judge::path::named(path);
        fn __readlinkat_chk(folder: c_int, path: *const c_char, buffer: *mut c_char, length: size_t, size: size_t) -> ssize_t, blocks judge::path::within(folder, path);
        fn __realpath_chk(path: *const c_char, resolved: *mut c_char, size: size_t) -> *mut c_char, blocks judge::path::named(path);
        fn __pread_chk(fd: c_int, buffer: *mut c_void, length: size_t, at: off_t, size: size_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn __pread64_chk(fd: c_int, buffer: *mut c_void, length: size_t, at: off64_t, size: size_t) -> ssize_t, blocks judge::descriptor::used(fd);

        fn pread(fd: c_int, buffer: *mut c_void, length: size_t, at: off_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pread64(fd: c_int, buffer: *mut c_void, length: size_t, at: off64_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwrite(fd: c_int, buffer: *const c_void, length: size_t, at: off_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwrite64(fd: c_int, buffer: *const c_void, length: size_t, at: off64_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn preadv(fd: c_int, parts: *const iovec, count: c_int, at: off_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn preadv64(fd: c_int, parts: *const iovec, count: c_int, at: off64_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwritev(fd: c_int, parts: *const iovec, count: c_int, at: off_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwritev64(fd: c_int, parts: *const iovec, count: c_int, at: off64_t) -> ssize_t, blocks judge::descriptor::used(fd);
        fn preadv2(fd: c_int, parts: *const iovec, count: c_int, at: off_t, flags: c_int) -> ssize_t, blocks judge::descriptor::used(fd);
        fn preadv64v2(fd: c_int, parts: *const iovec, count: c_int, at: off64_t, flags: c_int) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwritev2(fd: c_int, parts: *const iovec, count: c_int, at: off_t, flags: c_int) -> ssize_t, blocks judge::descriptor::used(fd);
        fn pwritev64v2(fd: c_int, parts: *const iovec, count: c_int, at: off64_t, flags: c_int) -> ssize_t, blocks judge::descriptor::used(fd);
        fn fsync(fd: c_int) -> c_int, blocks judge::descriptor::used(fd);
        fn fdatasync(fd: c_int) -> c_int, blocks judge::descriptor::used(fd);
        fn syncfs(fd: c_int) -> c_int, blocks judge::descriptor::used(fd);
        fn sync() -> (), blocks judge::path::some();
        fn sync_file_range(fd: c_int, at: off64_t, length: off64_t, flags: c_uint) -> c_int, blocks judge::descriptor::used(fd);
        fn ftruncate(fd: c_int, length: off_t) -> c_int, blocks judge::descriptor::used(fd);
        fn ftruncate64(fd: c_int, length: off64_t) -> c_int, blocks judge::descriptor::used(fd);
        fn fallocate(fd: c_int, mode: c_int, at: off_t, length: off_t) -> c_int, blocks judge::descriptor::used(fd);
        fn fallocate64(fd: c_int, mode: c_int, at: off64_t, length: off64_t) -> c_int, blocks judge::descriptor::used(fd);
        fn posix_fallocate(fd: c_int, at: off_t, length: off_t) -> c_int, blocks judge::descriptor::used(fd);
        fn posix_fallocate64(fd: c_int, at: off64_t, length: off64_t) -> c_int, blocks judge::descriptor::used(fd);
        fn fchmod(fd: c_int, mode: mode_t) -> c_int, blocks judge::descriptor::used(fd);
        fn fchown(fd: c_int, owner: uid_t, group: gid_t) -> c_int, blocks judge::descriptor::used(fd);
        fn fsetxattr(fd: c_int, name: *const c_char, value: *const c_void, length: size_t, flags: c_int) -> c_int, blocks judge::descriptor::used(fd);
        fn fremovexattr(fd: c_int, name: *const c_char) -> c_int, blocks judge::descriptor::used(fd);
        fn futimens(fd: c_int, times: *const timespec) -> c_int, blocks judge::descriptor::used(fd);
        fn futimes(fd: c_int, times: *const timeval) -> c_int, blocks judge::descriptor::used(fd);
        fn lockf(fd: c_int, command: c_int, length: off_t) -> c_int, blocks judge::descriptor::locked_part(fd, command);
        fn lockf64(fd: c_int, command: c_int, length: off64_t) -> c_int, blocks judge::descriptor::locked_part(fd, command);
        fn copy_file_range(from: c_int, from_at: *mut off64_t, to: c_int, to_at: *mut off64_t, length: size_t, flags: c_uint) -> ssize_t, blocks judge::descriptor::copied(from, to);
    }
}

/// Elsewhere the kernel does not hand over the calls that code makes itself.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn watch() {}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn unwatch() {}

/// What is known of a descriptor's file.
pub(in crate::os) fn stat(fd: c_int) -> Option<libc::stat> {
    // SAFETY: All zeros is a valid `stat`.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: There is room for what is told.
    (unsafe { libc::fstat(fd, &raw mut stat) } == 0).then_some(stat)
}

//! The system calls that code makes itself, past libc, as rustix does. The kernel hands those of a member's thread over, by a signal
//! on that thread at that instruction, and they go to the hooks of the libc functions that stand for them.
//!
//! By `PR_SET_SYSCALL_USER_DISPATCH`, which Linux has on `x86_64` from 5.11 on. Where it is not there, such calls are not seen.

use std::ffi::{CStr, c_int, c_long, c_void};
use std::mem::zeroed;
use std::ops::Range;
use std::ptr;
use std::sync::OnceLock;

use libc::{
    REG_R8, REG_R9, REG_R10, REG_RAX, REG_RDI, REG_RDX, REG_RIP, REG_RSI, mode_t, sigaction, siginfo_t, ucontext_t,
};

use super::child::is_plain_fork;
use super::signal::is_blocked;
use super::{errno, original, set_errno};
use crate::os::objects::{Object, objects};

/// Where calls are libc's own.
struct Libc {
    code: Range<usize>,
    /// What else makes calls that are not the program's: the loader, and the kernel's own piece of code.
    others: Vec<Range<usize>>,
}

static LIBC: OnceLock<Option<Libc>> = OnceLock::new();

/// Has the kernel hand over the calling thread's calls.
pub(in crate::os) fn watch() {
    // The signal would end the process.
    if let Some(libc) = libc_here().filter(|_| !is_blocked(libc::SIGSYS)) {
        dispatch(PR_SYS_DISPATCH_ON, &libc.code);
    }
}

/// Ends what `watch` began.
pub(in crate::os) fn unwatch() {
    dispatch(PR_SYS_DISPATCH_OFF, &(0..0));
}

fn dispatch(mode: c_long, except: &Range<usize>) {
    /// All calls from elsewhere are handed over.
    static ALL: u8 = 1;

    let all = if except.is_empty() { ptr::null() } else { &raw const ALL };
    // SAFETY: The kernel reads that byte, which stays. It refuses what it does not know, and then nothing changes.
    unsafe {
        let before = *errno();
        original::syscall(
            libc::SYS_prctl,
            PR_SET_SYSCALL_USER_DISPATCH,
            mode,
            except.start as c_long,
            except.len() as c_long,
            all as c_long,
            0,
        );
        set_errno(before);
    }
}

const PR_SET_SYSCALL_USER_DISPATCH: c_long = 59;
const PR_SYS_DISPATCH_OFF: c_long = 0;
const PR_SYS_DISPATCH_ON: c_long = 1;

/// The signal is the program's own, if it handles it; an old glibc makes calls in several libraries; and Valgrind makes all of them
/// itself, from its own code, where the kernel would hand them over to a program that it does not know.
fn libc_here() -> Option<&'static Libc> {
    let libc = LIBC.get_or_init(|| {
        // SAFETY: The name is valid, and libc's own version stays.
        let (libc, version) = unsafe {
            let version = CStr::from_ptr(libc::gnu_get_libc_version());
            (libc::dlsym(libc::RTLD_NEXT, c"gnu_get_libc_version".as_ptr()) as usize, version.to_str().ok()?)
        };
        let (major, minor) = version.split_once('.')?;
        let is_one_library = (major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?) >= (2, 34);
        let objects = objects();
        let place = |object: &Object| {
            let parts = || object.parts.iter().map(|part| &part.place);
            Some(parts().map(|part| part.start).min()?..parts().map(|part| part.end).max()?)
        };
        let code = place(objects.iter().find(|object| object.contains(libc))?)?;
        let is_valgrind = objects.iter().any(|object| object.name.contains("/vgpreload_core"));
        let is_other = |name: &str| name.contains("/ld-linux") || name.contains("linux-vdso");
        let others = objects.iter().filter(|object| is_other(&object.name)).filter_map(place).collect();
        (is_one_library && !is_valgrind && handle()).then_some(Libc { code, others })
    });
    libc.as_ref()
}

/// Takes the signal, if nobody has it.
fn handle() -> bool {
    // SAFETY: All zeros is a valid action, the places are valid, and the handler is of the type that the flags say.
    unsafe {
        let mut action: sigaction = zeroed();
        if libc::sigaction(libc::SIGSYS, ptr::null(), &raw mut action) != 0 || action.sa_sigaction != libc::SIG_DFL {
            return false;
        }
        action.sa_sigaction = handed_over as *const () as usize;
        // A call may take long, and another may come in between.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
        libc::sigaction(libc::SIGSYS, &raw const action, ptr::null_mut()) == 0
    }
}

unsafe extern "C" fn handed_over(_: c_int, about: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: The kernel says what the signal is about, and gives the registers as they were at the instruction, which is behind.
    unsafe {
        if (*about).si_code != SYS_USER_DISPATCH {
            // It is somebody else's, and does what it would.
            libc::signal(libc::SIGSYS, libc::SIG_DFL);
            libc::raise(libc::SIGSYS);
            return;
        }
        let before = *errno();
        let registers = &mut (*context.cast::<ucontext_t>()).uc_mcontext.gregs;
        let register = |name: c_int| registers[name as usize];
        let number = register(REG_RAX);
        let arguments = [REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9].map(register);
        if goes_on_elsewhere(number, arguments) {
            // Made again, the kernel takes it, and from then on all of the thread's.
            unwatch();
            registers[REG_RIP as usize] -= INSTRUCTION;
            return;
        }
        let from = register(REG_RIP) as usize;
        let is_other = libc_here().is_some_and(|libc| libc.others.iter().any(|other| other.contains(&from)));
        let result = if is_other { straight(number, arguments) } else { answer(number, arguments) };
        registers[REG_RAX as usize] = if result == -1 { -c_long::from(*errno()) } else { result };
        if result == 0 {
            keep(number, context.cast());
        }
        set_errno(before);
    }
}

/// Has what a call changed last: when the handler returns, the kernel puts back what there was before.
///
/// # Safety
///
/// The context must be what the kernel gave the handler.
unsafe fn keep(number: c_long, context: *mut ucontext_t) {
    // SAFETY: By the contract. Of a mask, the kernel has 64 bits, and libc's has room for more.
    unsafe {
        match number {
            libc::SYS_rt_sigprocmask => {
                let mut mask = zeroed();
                libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut mask);
                // By it the kernel hands calls over.
                libc::sigdelset(&raw mut mask, libc::SIGSYS);
                (&raw mut (*context).uc_sigmask).cast::<u64>().write((&raw const mask).cast::<u64>().read());
            }
            libc::SYS_sigaltstack => _ = libc::sigaltstack(ptr::null(), &raw mut (*context).uc_stack),
            _ => {}
        }
    }
}

/// Whether a call, made by the handler, would not come back to it: but for a plain fork, whose child has all of this for itself.
///
/// # Safety
///
/// As for the call.
unsafe fn goes_on_elsewhere(number: c_long, [a, b, ..]: [c_long; 6]) -> bool {
    match number {
        // SAFETY: By the contract.
        libc::SYS_clone | libc::SYS_clone3 => !unsafe { is_plain_fork(number, a, b) },
        _ => [libc::SYS_vfork, libc::SYS_rt_sigreturn].contains(&number),
    }
}

/// How the kernel says that it hands a call over.
const SYS_USER_DISPATCH: c_int = 2;

/// The length of the instruction `syscall`.
const INSTRUCTION: c_long = 2;

/// Makes a call, past the hooks.
///
/// # Safety
///
/// As for the call.
#[expect(clippy::many_single_char_names, reason = "so they are called in the kernel's own table")]
unsafe fn straight(number: c_long, [a, b, c, d, e, f]: [c_long; 6]) -> c_long {
    // SAFETY: By the contract.
    unsafe { original::syscall(number, a, b, c, d, e, f) }
}

/// Makes a call by the libc function that stands for it, which is a hook of this crate's or libc's own. Of those that have none here,
/// the hook of `syscall` knows some.
///
/// # Safety
///
/// As for the call.
#[expect(
    clippy::many_single_char_names,
    clippy::cast_lossless,
    reason = "as above; and what a call gives is of several widths"
)]
unsafe fn answer(number: c_long, arguments: [c_long; 6]) -> c_long {
    let [a, b, c, d, e, f] = arguments;
    // The kernel takes the lower half of a register for an `int`, and so does this.
    macro_rules! calls {
        ($( $sys:ident => $call:ident($($argument:ident),*); )*) => {
            match number {
                // SAFETY: By the contract; the function takes what the call takes.
                $( libc::$sys => unsafe { libc::$call($($argument as _),*) as c_long }, )*
                // SAFETY: As above. Its error is what it gives.
                libc::SYS_clock_nanosleep => unsafe {
                    match libc::clock_nanosleep(a as _, b as _, c as _, d as _) {
                        0 => 0,
                        error => {
                            set_errno(error);
                            -1
                        }
                    }
                },
                // SAFETY: As above, also of what is given to those that take more or less.
                libc::SYS_fcntl => unsafe { libc::fcntl(a as _, b as _, c).into() },
                // SAFETY: As above.
                libc::SYS_openat => unsafe { libc::openat(a as _, b as _, c as _, d as mode_t).into() },
                // SAFETY: As above.
                libc::SYS_faccessat => unsafe { libc::faccessat(a as _, b as _, c as _, 0).into() },
                // SAFETY: As above.
                libc::SYS_fchmodat => unsafe { libc::fchmodat(a as _, b as _, c as _, 0).into() },
                // SAFETY: As above.
                _ => unsafe { libc::syscall(number, a, b, c, d, e, f) },
            }
        };
    }
    calls! {
        SYS_read => read(a, b, c);
        SYS_readv => readv(a, b, c);
        SYS_write => write(a, b, c);
        SYS_writev => writev(a, b, c);
        SYS_pread64 => pread64(a, b, c, d);
        SYS_pwrite64 => pwrite64(a, b, c, d);
        SYS_recvfrom => recvfrom(a, b, c, d, e, f);
        SYS_recvmsg => recvmsg(a, b, c);
        SYS_recvmmsg => recvmmsg(a, b, c, d, e);
        SYS_sendto => sendto(a, b, c, d, e, f);
        SYS_sendmsg => sendmsg(a, b, c);
        SYS_sendmmsg => sendmmsg(a, b, c, d);
        SYS_splice => splice(a, b, c, d, e, f);
        SYS_sendfile => sendfile(a, b, c, d);
        SYS_copy_file_range => copy_file_range(a, b, c, d, e, f);

        SYS_connect => connect(a, b, c);
        SYS_bind => bind(a, b, c);
        SYS_listen => listen(a, b);
        SYS_accept => accept(a, b, c);
        SYS_accept4 => accept4(a, b, c, d);
        SYS_setsockopt => setsockopt(a, b, c, d, e);
        SYS_close => close(a);
        SYS_dup => dup(a);
        SYS_dup2 => dup2(a, b);
        SYS_dup3 => dup3(a, b, c);
        SYS_flock => flock(a, b);

        SYS_poll => poll(a, b, c);
        SYS_ppoll => ppoll(a, b, c, d);
        SYS_epoll_create1 => epoll_create1(a);
        SYS_epoll_ctl => epoll_ctl(a, b, c, d);
        SYS_epoll_wait => epoll_wait(a, b, c, d);
        SYS_epoll_pwait => epoll_pwait(a, b, c, d, e);
        SYS_epoll_pwait2 => epoll_pwait2(a, b, c, d, e);
        SYS_timerfd_settime => timerfd_settime(a, b, c, d);
        SYS_timerfd_gettime => timerfd_gettime(a, b);
        SYS_nanosleep => nanosleep(a, b);
        SYS_clock_gettime => clock_gettime(a, b);
        SYS_gettimeofday => gettimeofday(a, b);
        SYS_time => time(a);
        SYS_wait4 => wait4(a, b, c, d);
        SYS_kill => kill(a, b);

        SYS_statx => statx(a, b, c, d, e);
        SYS_newfstatat => fstatat(a, b, c, d);
        SYS_statfs => statfs(a, b);
        SYS_readlinkat => readlinkat(a, b, c, d);
        SYS_mkdirat => mkdirat(a, b, c);
        SYS_unlinkat => unlinkat(a, b, c);
        SYS_renameat => renameat(a, b, c, d);
        SYS_renameat2 => renameat2(a, b, c, d, e);
        SYS_linkat => linkat(a, b, c, d, e);
        SYS_symlinkat => symlinkat(a, b, c);
        SYS_fchownat => fchownat(a, b, c, d, e);
        SYS_utimensat => utimensat(a, b, c, d);
        SYS_fsync => fsync(a);
        SYS_fdatasync => fdatasync(a);
        SYS_ftruncate => ftruncate(a, b);
        SYS_fallocate => fallocate(a, b, c, d);
        SYS_fchmod => fchmod(a, b);
        SYS_fchown => fchown(a, b, c);
    }
}

//! Asks a thread that does not come to rest what it does, by a signal that interrupts it.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem;
use std::ops::Range;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::cpu_time::own_cpu_time;
use super::hooks::{aside, original};
use super::mailbox::{Letter, MAILBOXES, MANY, Probed};
use super::objects::{Object, objects};
use super::seat::inside;

/// Its default is to be ignored, and hardly anybody uses it.
const SIGNAL: c_int = libc::SIGURG;

/// Says of the calling thread which poll it is in; it marks the poll if so asked. A signal handler calls it.
pub(crate) type Probe = fn(marks: bool) -> Option<Probed>;

static PROBE: OnceLock<Probe> = OnceLock::new();

/// Where a stack cannot be taken: inside the unwinder and the loader. `None` if it cannot be taken anywhere.
static UNSAFE: OnceLock<Option<Vec<Range<usize>>>> = OnceLock::new();

static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

thread_local! {
    /// Whether the thread may be probed. Without a destructor, so that a signal handler can read it.
    static IS_PRIMED: Cell<bool> = const { Cell::new(false) };
}

/// Has the calling thread answer from now on. Nothing that the probe reads is made anew in a signal handler, so all is made here.
#[inline]
pub(crate) fn prime() {
    if !IS_PRIMED.get() {
        tokio::task::coop::has_budget_remaining();
        IS_PRIMED.set(true);
    }
}

/// A question to a thread. When dropped, it is taken back.
pub(crate) struct Asked {
    place: usize,
    ticket: u64,
}

/// What a thread answered.
pub(crate) struct Answer {
    /// None outside a poll.
    pub(crate) probed: Option<Probed>,
    /// The CPU time that it had had by then, in nanoseconds.
    pub(crate) cpu: u64,
    /// The addresses of the calls that it was in, the innermost first. `None` if it was inside the unwinder, or somewhere like it,
    /// so that it is to be asked again; none at all if stacks cannot be taken in this process.
    pub(crate) calls: Option<Vec<usize>>,
}

impl Asked {
    /// Asks a thread, by its number in the kernel; `None` if it cannot be asked.
    pub(crate) fn new(thread: i32, marks: bool, probe: Probe) -> Option<Self> {
        static TICKETS: AtomicU64 = AtomicU64::new(1);

        inside(|| install(probe));
        let ticket = TICKETS.fetch_add(1, Ordering::Relaxed) << 1 | u64::from(marks);
        let place = MAILBOXES.iter().position(|mailbox| mailbox.claim(ticket))?;
        let asked = Self { place, ticket };
        send(thread, ticket << 8 | place as u64).then_some(asked)
    }

    /// Whether the poll is marked.
    pub(crate) fn marks(&self) -> bool {
        self.ticket & 1 == 1
    }

    pub(crate) fn answer(&self) -> Option<Answer> {
        let letter = MAILBOXES[self.place].read(self.ticket)?;
        let calls = letter.calls[..letter.count].iter().map(|call| *call as usize);
        // The innermost calls are those of the handler.
        let calls = calls.skip_while(|call| *call != letter.at).collect();
        Some(Answer { probed: letter.probed, cpu: letter.cpu, calls: letter.is_readable.then_some(calls) })
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        MAILBOXES[self.place].leave(self.ticket);
    }
}

/// A signal's particulars, of the kind that carries a value; as the kernel lays them out, in 128 bytes.
#[repr(C)]
struct Particulars {
    signal: c_int,
    error: c_int,
    code: c_int,
    _pad: c_int,
    process: libc::pid_t,
    user: libc::uid_t,
    value: u64,
    _rest: [u64; 12],
}

fn send(thread: i32, value: u64) -> bool {
    let (process, user) = own_ids();
    let particulars =
        Particulars { signal: SIGNAL, error: 0, code: libc::SI_QUEUE, _pad: 0, process, user, value, _rest: [0; 12] };
    // SAFETY: The kernel only reads the particulars, which are laid out as it wants them.
    let sent = unsafe {
        original::syscall(
            libc::SYS_rt_tgsigqueueinfo,
            process.into(),
            thread.into(),
            SIGNAL.into(),
            (&raw const particulars) as i64,
            0,
            0,
        )
    };
    sent == 0
}

fn own_ids() -> (libc::pid_t, libc::uid_t) {
    // SAFETY: The calls have no contract.
    unsafe { (libc::getpid(), libc::getuid()) }
}

fn install(probe: Probe) {
    static INSTALLED: OnceLock<()> = OnceLock::new();

    INSTALLED.get_or_init(|| {
        // It is the same one each time.
        let _ = PROBE.set(probe);
        // The first stack loads the unwinder, which is nothing for a signal handler.
        super::addresses();
        UNSAFE.get_or_init(unsafe_places);
        // SAFETY: All zeros is a valid `sigaction`, and the handler keeps to what a handler may do.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = on_signal as *const () as usize;
            // On the thread's own stack, for the other one is too small to unwind on.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
            let mut previous: libc::sigaction = mem::zeroed();
            if libc::sigaction(SIGNAL, &raw const action, &raw mut previous) == 0 {
                PREVIOUS.get_or_init(|| previous);
            }
        }
    });
}

/// The places in memory of the objects that hold the unwinder and the loader, and of the kernel's own; `None` if the unwinder is not
/// apart from the program.
fn unsafe_places() -> Option<Vec<Range<usize>>> {
    // SAFETY: The name ends with a zero byte.
    let unwinder = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"_Unwind_Resume".as_ptr()) } as usize;
    let mut objects = objects().into_iter();
    if unwinder == 0 || objects.next()?.contains(unwinder) {
        return None;
    }
    let is_unsafe = |object: &Object| {
        object.contains(unwinder) || object.name.contains("/ld-") || object.name.contains("linux-vdso")
    };
    Some(objects.filter(is_unsafe).flat_map(|object| object.parts).map(|part| part.place).collect())
}

/// Answers on the thread that is asked. It allocates nothing and waits for nobody.
unsafe extern "C" fn on_signal(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: The kernel gives valid particulars.
    if let Some((place, ticket)) = unsafe { own_question(info) } {
        // SAFETY: The kernel gives a valid context.
        aside(|| MAILBOXES[place].answer(ticket, |letter| unsafe { write(letter, ticket & 1 == 1, context) }));
    } else if let Some(previous) = PREVIOUS.get() {
        // SAFETY: As the kernel would have called it.
        unsafe { call(previous, signal, info, context) };
    }
}

/// # Safety
///
/// The particulars must be null or valid.
unsafe fn own_question(info: *const libc::siginfo_t) -> Option<(usize, u64)> {
    // SAFETY: By the contract. Particulars of other kinds are as long, and of any content.
    let info = unsafe { info.cast::<Particulars>().as_ref() }?;
    let place = usize::try_from(info.value & 0xff).ok().filter(|place| *place < MANY)?;
    (info.code == libc::SI_QUEUE && info.process == own_ids().0).then_some((place, info.value >> 8))
}

/// # Safety
///
/// The context must be that of the signal.
unsafe fn write(letter: &mut Letter, marks: bool, context: *mut c_void) {
    // SAFETY: By the contract.
    letter.at = unsafe { interrupted_at(&*context.cast::<libc::ucontext_t>()) };
    letter.cpu = own_cpu_time();
    letter.count = 0;
    letter.probed = PROBE.get().filter(|_| IS_PRIMED.get()).and_then(|probe| probe(marks));
    let unsafe_ = UNSAFE.get().and_then(Option::as_ref);
    letter.is_readable = unsafe_.is_none_or(|places| !places.iter().any(|part| part.contains(&letter.at)));
    if letter.probed.is_some() && unsafe_.is_some() && letter.is_readable {
        let most = c_int::try_from(Letter::MOST).unwrap_or(c_int::MAX);
        // SAFETY: There is room for so many.
        let count = unsafe { libc::backtrace(letter.calls.as_mut_ptr(), most) };
        letter.count = usize::try_from(count).unwrap_or(0);
    }
}

#[cfg(target_arch = "x86_64")]
fn interrupted_at(context: &libc::ucontext_t) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is an address")]
    let at = context.uc_mcontext.gregs[libc::REG_RIP as usize] as usize;
    at
}

#[cfg(target_arch = "aarch64")]
fn interrupted_at(context: &libc::ucontext_t) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "it is an address")]
    let at = context.uc_mcontext.pc as usize;
    at
}

/// Calls the handler that was there before.
///
/// # Safety
///
/// The arguments must be those of a signal.
unsafe fn call(previous: &libc::sigaction, signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    if [libc::SIG_DFL, libc::SIG_IGN].contains(&previous.sa_sigaction) {
        return;
    }
    let handler = ptr::with_exposed_provenance::<()>(previous.sa_sigaction);
    // SAFETY: The flag says which of the two it is.
    unsafe {
        if previous.sa_flags & libc::SA_SIGINFO == 0 {
            mem::transmute::<*const (), unsafe extern "C" fn(c_int)>(handler)(signal);
        } else {
            type Handler = unsafe extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
            mem::transmute::<*const (), Handler>(handler)(signal, info, context);
        }
    }
}

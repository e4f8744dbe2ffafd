use super::names::{is_locks, is_std, of_socket, owner, spoken};
use crate::bubble::{Frame, calls, crate_of, is_users, plain};
use crate::os::What;

/// Where a blocking call was made, as its stack shows.
pub(super) struct Site {
    /// What the user's code called.
    pub(super) call: String,
    /// What a library called to wait, if it was a library that the user's code called.
    pub(super) inside: Option<String>,
    /// The user's functions, the outermost first; none if the call is a library's own affair.
    pub(super) frames: Vec<Frame>,
    /// Every function between the poll and the call, the innermost first.
    pub(super) functions: Vec<String>,
    /// Whether it waits for a lock rather than for somebody's news.
    pub(super) is_mutex: bool,
}

/// Whose locks are held for an instant only, and whose waits are the runtime's own business.
const RUNTIME: &[&str] = &["tokio", "mio", "standstill"];
const LOGGERS: &[&str] =
    &["tracing", "tracing_core", "tracing_subscriber", "tracing_log", "log", "env_logger", "fern", "slog"];

/// What belongs to the test rather than to the code under test.
const TOOLS: &[&str] = &[
    "insta",
    "expect_test",
    "proptest",
    "trybuild",
    "serial_test",
    "temp_env",
    "wiremock",
    "mockito",
    "httpmock",
    "httptest",
    "testcontainers",
    "pgtemp",
    "postgresql_embedded",
];

/// Whose futures are put around others: `tokio::time::timeout`, `join_all`, `instrument`.
const AROUND: &[&str] = &["tokio", "tokio_util", "futures_util", "futures_lite", "tracing", "tracing_futures"];

/// Calls that look whether a file is there, and no further.
const LOOKS: &[&str] = &["statx", "access", "faccessat"];

/// What only happens once a process.
const ONCE: &[&str] = &[
    "std::sync::poison::once::",
    "std::sync::once",
    "std::sync::lazy_lock::",
    "std::sys::sync::once::",
    "once_cell::",
    "lazy_static::",
];

impl Site {
    /// Reads a stack; `None` if it is no matter to complain of.
    pub(super) fn read(stack: &str, what: What) -> Option<Self> {
        let mut lines: Vec<_> = calls(stack).collect();
        let start = start(&lines)?;
        let mut symbols = lines[..start].iter().filter_map(|(function, _)| symbol(function));
        let libc = symbols.next();
        // That of a library in C, if one called libc's.
        let outer = symbols.next_back().or(libc);
        let end = lines.iter().skip(start).position(|line| !is_users_own(line) && is_poll(line.0));
        let end = end.map_or(lines.len(), |end| start + end);
        if is_job(&lines[end..]) {
            return None;
        }
        lines.truncate(end);
        let lines = &lines[start..];

        let site = lines.iter().position(is_users_own);
        let libraries = &lines[..site.unwrap_or(lines.len())];
        let owners: Vec<_> = libraries.iter().map(|(function, _)| owner(function)).collect();
        let is_parking_lot = owners.contains(&"parking_lot");
        // A macro puts frames of the user's own functions at the library's lines.
        let own = site.map(|site| crate_of(lines[site].0));
        // Of a library on its own, it is what the library called.
        let library = lines.iter().position(|(function, _)| !is_plumbing(function) && !is_languages(owner(function)));
        let callees = &lines[..site.or(library).unwrap_or(lines.len())];
        let called = called(callees, own);
        let call = match called {
            Some((function, _)) if what != What::Burn || !is_std(owner(function)) => spoken(function, is_parking_lot),
            // It was interrupted, and called nobody, or what belongs to the language.
            _ if what == What::Burn => plain(lines.get(site.unwrap_or(0))?.0),
            Some((function, _)) => spoken(function, is_parking_lot),
            None => outer.unwrap_or("a function of libc").to_owned(),
        };
        let is_library_s = called.is_some_and(|(function, _)| !is_languages(owner(function)));
        let inside = (is_library_s && what != What::Burn).then(|| waits(lines, libc, what, is_parking_lot));
        let call = match what {
            What::Socket(socket) => of_socket(call, socket),
            What::Lock if libraries.iter().any(|(function, _)| function.contains("raw_fair_mutex")) => {
                call.replace("parking_lot::Mutex", "parking_lot::FairMutex")
            }
            _ => call,
        };
        let frames = users_frames(lines);
        let is_mutex = what == What::Lock && is_mutex(libraries, libc);
        // A channel's own lock, a barrier's, or that of a library in C is held for an instant only.
        if is_mutex && called.is_some() && !["utex", "RwLock", "rwlock"].iter().any(|lock| call.contains(lock)) {
            return None;
        }
        let reader = owners.iter().position(|owner| !is_languages(owner)).map(|place| owners[place]);
        let site = Self {
            call,
            inside,
            frames,
            functions: lines.iter().map(|(function, _)| plain(function)).collect(),
            is_mutex,
        };
        let is_look = libc.is_some_and(|libc| LOOKS.contains(&libc));
        (!is_fine(what, lines, reader, site.is_mutex || is_look)).then_some(site)
    }
}

fn is_users_own((function, place): &(&str, Option<&str>)) -> bool {
    place.is_some_and(|place| is_users(function, place))
}

/// What the user's code called: of what is around a future, that which was in it.
fn called<'a, 'b>(
    callees: &'b [(&'a str, Option<&'a str>)],
    own: Option<&str>,
) -> Option<&'b (&'a str, Option<&'a str>)> {
    let mut others =
        callees.iter().rev().filter(|(function, _)| Some(owner(function)) != own && !is_plumbing(function));
    let outermost = others.next()?;
    let is_around = |function: &str| AROUND.contains(&owner(function));
    let inner = others.find(|(function, _)| !is_around(function) && !is_languages(owner(function)));
    inner.filter(|_| is_around(outermost.0) && outermost.0.contains("Future>::poll")).or(Some(outermost))
}

/// The user's functions, the outermost first.
fn users_frames(lines: &[(&str, Option<&str>)]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for (function, place) in lines.iter().filter(|line| is_users_own(line)) {
        let frame = Frame::new(function, place.unwrap_or_default());
        if frames.last().is_none_or(|last| last.place != frame.place) {
            frames.push(frame);
        }
    }
    frames.reverse();
    frames
}

/// The language's own function that a library called to wait, or libc's.
fn waits(lines: &[(&str, Option<&str>)], libc: Option<&str>, what: What, is_parking_lot: bool) -> String {
    match (lines.iter().take_while(|(function, _)| is_languages(owner(function))).last(), what) {
        (Some((function, _)), What::Socket(socket)) => of_socket(spoken(function, is_parking_lot), socket),
        (Some((function, _)), _) => spoken(function, is_parking_lot),
        (None, _) => libc.unwrap_or("a function of libc").to_owned(),
    }
}

/// Whether a stack names any function that is not this crate's own or libc's: it may break off before.
pub(super) fn is_telling(stack: &str) -> bool {
    start(&calls(stack).collect::<Vec<_>>()).is_some()
}

/// Where this crate's own frames end, and that of libc's function, whose name has no path.
fn start(lines: &[(&str, Option<&str>)]) -> Option<usize> {
    lines.iter().position(|(function, _)| {
        function.contains("::") && owner(function) != "standstill" && !function.contains("std::backtrace::")
    })
}

/// The function of libc that a frame of this crate stands for. Optimised, its own frame may be gone, and only what it calls is left.
fn symbol(function: &str) -> Option<&str> {
    match function.split_once("::hooks::exported::") {
        Some((_, function)) => function.split("::").next(),
        None => (!function.contains("::")).then_some(function),
    }
}

/// Whether a frame is where tokio begins a poll, and not a function of the runtime that code in the poll calls.
fn is_poll(function: &str) -> bool {
    [
        "tokio::task::coop::",
        "tokio::runtime::coop::",
        "tokio::runtime::task::",
        "tokio::runtime::scheduler::",
        "tokio::runtime::park::",
        "tokio::runtime::context::runtime::",
        "tokio::runtime::context::scoped::",
        "tokio::runtime::context::set_scheduler",
        "standstill::harness::root",
        "standstill::task::watched",
    ]
    .iter()
    .any(|part| function.contains(part))
        && !function.contains("::block_in_place")
        && !plain(function).contains("Handle")
        && !is_wake_up(function)
}

/// Whether a function of the runtime makes a task or a thread go on. Optimised, it may call the lock itself.
fn is_wake_up(function: &str) -> bool {
    let function = plain(function);
    let name = function.rsplit("::").next().unwrap_or_default();
    ["wake", "schedule", "notify", "unpark", "push_remote", "remote_abort"].iter().any(|begin| name.starts_with(begin))
}

/// Whether a poll, by the frames around it, is that of a `Handle::block_on` in a blocking job: no task waits for that to return.
fn is_job(around: &[(&str, Option<&str>)]) -> bool {
    let job =
        |function: &str| function.contains("::block_in_place") || function.contains("tokio::runtime::blocking::task::");
    let scheduler = |function: &str| function.contains("tokio::runtime::scheduler::");
    around.iter().map(|(function, _)| *function).find(|function| job(function) || scheduler(function)).is_some_and(job)
}

/// Whether a crate is the language's own, or as good as that.
fn is_languages(owner: &str) -> bool {
    is_std(owner) || is_locks(owner)
}

/// Whether a frame says how, rather than what.
fn is_plumbing(function: &str) -> bool {
    let name = function.trim_start_matches('<');
    // `T::call_once`, a function that was given.
    let is_given = name.split_once("::").is_some_and(|(of, _)| of.chars().all(|letter| letter.is_ascii_uppercase()));
    is_given
        || ["core::", "alloc::", "std::panic", "std::thread::local::", "standstill::", "std::iter"]
            .iter()
            .any(|part| name.starts_with(part))
}

/// Whether it is a lock that waits, by the innermost of the library's frames.
fn is_mutex(libraries: &[(&str, Option<&str>)], libc: Option<&str>) -> bool {
    if let Some(libc) = libc.filter(|libc| libc.starts_with("pthread_")) {
        return libc.contains("mutex") || libc.contains("rwlock");
    }
    let inner = libraries.iter().map(|(function, _)| *function).filter(|function| !function.contains("futex_wait"));
    let mut inner = inner.take(7);
    !libraries.iter().any(|(function, _)| function.contains("ondvar") || function.contains("Parker"))
        && inner.any(|function| {
            function.contains("utex") || function.contains("::rwlock::") || function.contains("raw_rwlock")
        })
}

/// Whether a call that blocks is nothing to complain of.
fn is_fine(what: What, lines: &[(&str, Option<&str>)], reader: Option<&str>, is_own_affair: bool) -> bool {
    let any = |parts: &[&str]| lines.iter().any(|(function, _)| parts.iter().any(|part| function.contains(part)));
    let is_chance = matches!(what, What::File | What::Lock);
    // Whoever prints a stack reads the program's own files.
    any(&["std::backtrace::", "std::backtrace_rs::", "std::sys::backtrace::"])
        || reader.is_some_and(|reader| TOOLS.contains(&reader))
        // Who waits in the runtime lets it wait; who computes may as well be seen there.
        || (what != What::Burn && reader.is_some_and(|reader| RUNTIME.contains(&reader)))
        || (is_chance && any(ONCE))
        || (what == What::Lock && reader.is_some_and(|reader| LOGGERS.contains(&reader)))
        || (what == What::Lock && any(&["std::io::stdio::"]))
        || (matches!(what, What::Pipe | What::File) && any(&["std::sys::process::"]) && any(&["::spawn", "do_exec"]))
        // Of a library's own locks, who holds them is its own affair, and soon over; so is its look whether a file is there.
        || (what != What::Burn && is_own_affair && reader.is_some_and(|reader| !is_users_crate(reader, lines)))
}

/// Whether the user's own code is of that crate.
fn is_users_crate(owner_: &str, lines: &[(&str, Option<&str>)]) -> bool {
    lines.iter().any(|line| owner(line.0) == owner_ && is_users_own(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: &str = "\
   4: std::sys::pal::unix::futex::futex_wait
             at /rustc/0/library/std/src/sys/pal/unix/futex.rs:72:21
   5: std::sys::sync::mutex::futex::Mutex::lock_contended
             at /rustc/0/library/std/src/sys/sync/mutex/futex.rs:62:13
   6: std::sync::poison::mutex::Mutex<T>::lock
             at /rustc/0/library/std/src/sync/poison/mutex.rs:500:24
   7: crossbeam_channel::waker::SyncWaker::disconnect
             at /cargo/registry/src/crossbeam-channel/src/waker.rs:260:1
   8: <crossbeam_channel::channel::Sender<T> as core::ops::drop::Drop>::drop
             at /cargo/registry/src/crossbeam-channel/src/channel.rs:656:1
   9: shop::orders::place::{{closure}}
             at ./src/orders.rs:8:5
";

    #[test]
    fn a_channel_s_own_lock_is_no_matter() {
        assert!(Site::read(SENDER, What::Lock).is_none());
    }

    #[test]
    fn a_lock_of_a_library_in_c_is_a_matter_only_where_the_user_calls_that_library() {
        let stack = |caller: &str| {
            format!(
                "\
   3: pthread_mutex_lock
             at /shop/standstill/src/os/hooks/mod.rs:94:9
   4: pthreadMutexEnter
   5: sqlite3_open_v2
{caller}   7: shop::orders::place::{{{{closure}}}}
             at ./src/orders.rs:8:5
"
            )
        };
        let called = |caller: &str| Site::read(&stack(caller), What::Lock).map(|site| site.call);

        assert_eq!(called("   6: rusqlite::inner_connection::InnerConnection::open_with_flags\n"), None);
        assert_eq!(called("").as_deref(), Some("sqlite3_open_v2"));
    }

    #[test]
    fn what_is_around_a_future_is_not_what_blocked() {
        let stack = |inner: &str| {
            format!(
                "   3: fopen64\n             at ./src/os/hooks/mod.rs:94:9\n{inner}   \
                 6: <tokio::time::timeout::Timeout<T> as core::future::future::Future>::poll\n   \
                 7: shop::orders::place::{{{{closure}}}}\n             at ./src/orders.rs:8:5\n"
            )
        };
        let called = |inner: &str| Site::read(&stack(inner), What::File).map(|site| site.call);

        let inner = "   4: native_tls::TlsConnectorBuilder::build\n   5: reqwest::get::{{closure}}\n";
        assert_eq!(called(inner).as_deref(), Some("reqwest::get"));
        assert_eq!(called(""), None);
    }

    #[test]
    fn a_poll_that_is_interrupted_inside_a_lock_keeps_the_processor() {
        assert_eq!(Site::read(SENDER, What::Burn).unwrap().frames.len(), 1);
    }

    #[test]
    fn a_stack_that_breaks_off_before_any_function_tells_nothing() {
        assert!(is_telling(SENDER));
        assert!(!is_telling("   0: clock_gettime\n   1: standstill::os::hooks::clock::gettime\n"));
    }

    #[test]
    fn a_function_of_libc_is_named_even_where_its_own_frame_is_gone() {
        let own = |frame: &str| {
            format!(
                "   4: {frame}\n             at ./src/os/hooks/mod.rs:94:9\n   \
                 5: shop::orders::place\n             at ./src/orders.rs:8:5\n"
            )
        };
        for frame in ["sem_wait", "standstill::os::hooks::exported::sem_wait::on_a_member"] {
            assert_eq!(Site::read(&own(frame), What::Lock).unwrap().call, "sem_wait");
        }
    }

    #[test]
    fn the_runtime_s_own_lock_is_no_matter_even_where_it_takes_it_itself() {
        let stack = |function: &str| {
            format!(
                "   4: parking_lot_core::thread_parker::imp::ThreadParker::futex_wait\n   \
                 5: parking_lot_core::parking_lot::unpark_requeue\n   \
                 6: parking_lot::condvar::Condvar::notify_one_slow\n   \
                 7: {function}\n   \
                 8: tokio::runtime::task::harness::Harness<T,S>::poll\n"
            )
        };
        for function in ["park::Inner::unpark_condvar", "worker::<impl tokio::Handle>::notify_parked_local"] {
            let stack = stack(&format!("tokio::runtime::scheduler::multi_thread::{function}"));
            assert!(Site::read(&stack, What::Lock).is_none(), "{function}");
        }
    }

    #[test]
    fn a_function_of_the_runtime_that_a_poll_calls_is_not_where_it_begins() {
        let stack = "   \
             0: core::sync::atomic::atomic_add\n   \
             1: <tokio::runtime::scheduler::Handle as core::clone::Clone>::clone\n   \
             2: tokio::runtime::context::current::with_current\n   \
             3: tokio::runtime::handle::Handle::try_current\n   \
             4: shop::orders::place::{{closure}}\n             at ./src/orders.rs:8:5\n   \
             5: tokio::task::coop::budget\n   \
             6: shop::main\n             at ./src/main.rs:3:5\n";
        let site = Site::read(stack, What::Burn).unwrap();
        assert_eq!(site.frames.iter().map(|frame| &*frame.place).collect::<Vec<_>>(), ["src/orders.rs:8:5"]);
    }

    #[test]
    fn a_user_s_lock_is_named() {
        let stack = SENDER.lines().filter(|line| !line.contains("crossbeam")).collect::<Vec<_>>().join("\n");
        let site = Site::read(&stack, What::Lock).unwrap();
        assert_eq!(site.call, "std::sync::Mutex::lock");
        assert_eq!(site.frames[0].place, "src/orders.rs:8:5");
    }
}

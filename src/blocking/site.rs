use super::around::{begins_a_poll, is_job};
use super::callee::{called, given, of, waits};
use super::fine::Call;
use super::line::Line;
use super::names::{is_std, spoken};
use crate::bubble::{Frame, calls, crate_of, plain};
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
    /// The calls within what the user's code called, by which one tells whether it is called once more.
    pub(super) within: Vec<String>,
    /// Whether the program's debug info tells the lines of anything but the language's own.
    pub(super) are_lines_known: bool,
}

impl Site {
    /// Reads a stack; `None` if it is no matter to complain of.
    pub(super) fn read(stack: &str, what: What) -> Option<Self> {
        let named: Vec<_> = calls(stack).collect();
        let mut lines: Vec<_> = named.iter().map(|(function, place)| Line::new(function, *place)).collect();
        let are_lines_known = lines.iter().any(Line::is_known);
        if !lines.iter().any(Line::has_path) {
            return Some(Self::unnamed(lines.iter().find_map(Line::symbol).unwrap_or("a function of libc")));
        }
        // Where this crate's own frames end, and that of libc's function.
        let start = lines.iter().position(Line::is_beyond)?;
        let mut symbols = lines[..start].iter().filter_map(Line::symbol);
        let libc = symbols.next();
        // That of a library in C, if one called libc's.
        let outer = symbols.next_back().or(libc);
        let end = lines.iter().skip(start).position(begins_a_poll);
        let end = end.map_or(lines.len(), |end| start + end);
        if is_job(&lines[end..]) {
            return None;
        }
        lines.truncate(end);
        let (hooks, lines) = lines.split_at(start);

        let site = lines.iter().position(Line::is_users_own);
        let libraries = &lines[..site.unwrap_or(lines.len())];
        let is_parking_lot = libraries.iter().any(|line| line.owner() == "parking_lot");
        // A macro puts frames of the user's own functions at the library's lines.
        let own = site.map(|site| crate_of(lines[site].function));
        // Of a library on its own, it is what the library called.
        let library = lines.iter().position(|line| !line.is_plumbing() && !line.is_languages());
        let callees = &lines[..site.or(library).unwrap_or(lines.len())];
        let called = called(callees, own);
        let callee = called.map(|called| callees[called]);
        let call = match callee {
            Some(line) if what != What::Burn || !is_std(line.owner()) => spoken(line.function, is_parking_lot),
            // It was interrupted, and called nobody, or what belongs to the language.
            _ if what == What::Burn => plain(lines.get(site.unwrap_or(0))?.function),
            Some(line) => spoken(line.function, is_parking_lot),
            None => outer.unwrap_or("a function of libc").to_owned(),
        };
        let is_library_s = callee.is_some_and(|line| !line.is_languages());
        let inside = (is_library_s && what != What::Burn).then(|| waits(lines, libc, what, is_parking_lot));
        let call = match what {
            What::Lock if libraries.iter().any(|line| line.function.contains("raw_fair_mutex")) => {
                call.replace("parking_lot::Mutex", "parking_lot::FairMutex")
            }
            what => of(call, what),
        };
        let is_mutex = what == What::Lock && is_mutex(libraries, libc);
        // A channel's own lock, a barrier's, or that of a library in C is held for an instant only.
        if is_mutex
            && called.is_some()
            && !["utex", "RwLock", "rwlock", "ShardedLock"].iter().any(|lock| call.contains(lock))
        {
            return None;
        }
        // What was given to an adapter by name is called for the user.
        let readers = &libraries[..given(callees).unwrap_or(libraries.len())];
        let reader = readers.iter().find(|line| !line.is_languages()).map(|line| line.function);
        if (Call { what, lines, reader, libc, is_mutex, are_lines_known }).is_fine() {
            return None;
        }
        let last = called.or(site).map_or(lines.len(), |last| last + 1);
        let within = within(hooks, &lines[..last]);
        let mut functions: Vec<_> = lines.iter().map(|line| plain(line.function)).collect();
        functions.dedup();
        Some(Self { call, inside, frames: users_frames(lines), functions, within, are_lines_known })
    }

    /// That of a call of which only its own name is known: there is no telling whether it is a matter, so it is one.
    pub(super) fn unnamed(call: &str) -> Self {
        Self {
            call: call.to_owned(),
            inside: None,
            frames: Vec::new(),
            functions: Vec::new(),
            within: Vec::new(),
            are_lines_known: false,
        }
    }
}

/// The calls by which one tells whether the same is called once more. Of this crate's own frames some are gone where the program is
/// optimised, and there is left only for which of libc's functions they stand.
fn within(hooks: &[Line<'_>], lines: &[Line<'_>]) -> Vec<String> {
    let at = |name: &str, place: Option<&str>| format!("{name} {}", place.unwrap_or_default());
    let symbols = hooks.iter().filter_map(|line| {
        let place = line.place.filter(|place| !place.contains(".rs:"));
        Some(at(line.symbol()?, place))
    });
    let mut within: Vec<_> = symbols.chain(lines.iter().map(|line| at(line.function, line.place))).collect();
    within.dedup();
    within
}

/// The user's functions, the outermost first.
fn users_frames(lines: &[Line<'_>]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for line in lines.iter().filter(|line| line.is_users_own()) {
        let frame = Frame::new(line.function, line.place.unwrap_or_default());
        if frames.last().is_none_or(|last| last.place != frame.place) {
            frames.push(frame);
        }
    }
    frames.reverse();
    frames
}

/// Whether a stack names any function inside the poll that is not this crate's own or libc's: it may break off before, and what is inlined
/// where the poll begins has no name without debug info.
pub(super) fn is_telling(stack: &str) -> bool {
    let named: Vec<_> = calls(stack).collect();
    // Not by `Line::new`: what a derive has written tells as well, and no sources need be read.
    let lines = named.iter().map(|(function, place)| Line { function, place: *place });
    lines.take_while(|line| line.is_users_own() || !line.is_poll()).any(|line| line.is_beyond())
}

/// Whether it is a lock that waits, by the innermost of the library's frames.
fn is_mutex(libraries: &[Line<'_>], libc: Option<&str>) -> bool {
    if let Some(libc) = libc.filter(|libc| libc.starts_with("pthread_")) {
        return libc.contains("mutex") || libc.contains("rwlock");
    }
    let inner = libraries.iter().map(|line| line.function).filter(|function| !function.contains("futex_wait"));
    let mut inner = inner.take(7);
    // That of `parking_lot` is under its locks, too.
    let parks = |function: &str| function.contains("Parker") && !function.contains("ThreadParker");
    !libraries.iter().any(|line| {
        line.function.contains("ondvar") || line.function.contains("sys::sync::once::") || parks(line.function)
    }) && inner
        .any(|function| ["utex", "::rwlock::", "raw_rwlock", "RwLock"].iter().any(|lock| function.contains(lock)))
}

#[cfg(test)]
mod tests {
    use super::super::fine::is_printing;
    use super::*;
    use crate::os::Clock;

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
    fn a_call_of_a_program_without_symbols_is_a_matter() {
        let stripped = "   0: <unknown>\n   1: clock_nanosleep\n   2: <unknown>\n   3: __libc_start_main\n";
        let site = Site::read(stripped, What::Sleep).unwrap();

        assert_eq!((&*site.call, site.functions.len(), site.are_lines_known), ("clock_nanosleep", 0, false));
    }

    #[test]
    fn a_call_is_the_same_once_more_though_a_hook_s_own_frame_is_gone() {
        let stack = |hook: &str| {
            format!(
                "   3: standstill::os::hooks::exported::clock_nanosleep::on_a_member\n{hook}   \
                 4: std::thread::functions::sleep\n             at /rustc/0/library/std/src/thread/functions.rs:289:5\n   \
                 5: shop::orders::place::{{{{closure}}}}\n             at ./src/orders.rs:8:5\n"
            )
        };
        let within = |hook: &str| Site::read(&stack(hook), What::Sleep).unwrap().within;

        assert_eq!(within("   3: clock_nanosleep\n             at ./src/os/hooks/mod.rs:139:45\n"), within(""));
        assert_ne!(within("   3: nanosleep\n             at ./src/os/hooks/mod.rs:139:45\n"), within(""));
    }

    #[test]
    fn what_takes_the_stack_is_not_what_was_called() {
        let stack = "\
   0: std::backtrace_rs::backtrace::libunwind::trace
             at /rustc/0/library/std/src/../../backtrace/src/backtrace/libunwind.rs:117:9
   1: std::backtrace_rs::backtrace::trace_unsynchronized::<<std::backtrace::Backtrace>::create::{closure#0}>
             at /rustc/0/library/std/src/../../backtrace/src/backtrace/mod.rs:66:14
   2: <std::backtrace::Backtrace>::create
             at /rustc/0/library/std/src/backtrace.rs:331:13
   3: <standstill::blocking::ear::Notes as standstill::os::judge::ear::Ear>::hear
   4: clock_nanosleep
   5: std::sys::thread::unix::sleep
             at /rustc/0/library/std/src/sys/thread/unix.rs:579:21
   6: std::thread::functions::sleep
             at /rustc/0/library/std/src/thread/functions.rs:289:5
   7: shop::orders::place::{{closure}}
             at ./src/orders.rs:8:5
";

        assert_eq!(Site::read(stack, What::Sleep).unwrap().call, "std::thread::sleep");
    }

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
    fn a_stack_of_a_poll_that_is_inlined_where_it_begins_tells_nothing() {
        for begin in ["tokio::runtime::task::core::Core<T,S>::poll", "standstill::harness::root::Root<T>::poll"] {
            let stack = format!("   0: {begin}\n   1: tokio::runtime::task::harness::Harness<T,S>::poll\n");
            assert!(!is_telling(&stack), "{begin}");
        }
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
    fn a_checked_function_of_libc_is_named_as_it_is_written() {
        let stack = |libc: &str| {
            format!("   3: {libc}\n   4: readFile\n   5: shop::open\n             at ./src/orders.rs:8:5\n")
        };
        for (libc, name) in [("__open64_2", "open64"), ("__read_chk", "read"), ("mkstemp", "mkstemp")] {
            let stack = stack(libc).replace("   4: readFile\n", "");
            assert_eq!(Site::read(&stack, What::File).unwrap().call, name);
        }
        assert_eq!(Site::read(&stack("__open_2"), What::File).unwrap().call, "readFile");
    }

    #[test]
    fn who_hands_on_the_system_s_calls_has_no_affairs_of_its_own() {
        let stack =
            |by: &str| format!("   3: stat\n   4: {by}\n   5: shop::open\n             at ./src/orders.rs:8:5\n");
        for by in ["nix::sys::stat::stat", "fs_err::metadata"] {
            let site = Site::read(&stack(by), What::File).unwrap();
            assert_eq!((&*site.call, site.inside), (by, None));
        }
        assert_eq!(called(&stack("shelf::Shelf::open"), What::File), None);
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

    const BODY: &str =
        "   9: standstill::bubble::root::Root::body_polled\n  10: standstill::harness::root::Root<F>::poll\n";
    const TASK: &str = "  10: tokio::runtime::task::harness::Harness<T,S>::poll\n";

    fn called(stack: &str, what: What) -> Option<String> {
        Site::read(stack, what).map(|site| site.call)
    }

    #[test]
    fn what_is_inlined_into_whoever_polls_does_not_pass_in_silence_where_no_lines_are_known() {
        let sleep = "   3: clock_nanosleep\n   4: std::thread::functions::sleep\n";
        let around = "   5: <tokio::time::timeout::Timeout<T> as core::future::future::Future>::poll\n";
        for stack in [format!("{sleep}{BODY}"), format!("{sleep}{TASK}"), format!("{sleep}{around}{TASK}")] {
            assert_eq!(called(&stack, What::Sleep).as_deref(), Some("std::thread::sleep"), "{stack}");
        }
        let look = "   3: statx\n   4: std::sys::fs::metadata\n   5: shop::open\n";
        assert!(called(&format!("{look}{TASK}"), What::File).is_some());
        let lock = "   3: syscall\n   4: <std::sys::sync::mutex::futex::Mutex>::lock_contended\n";
        for own in ["", "   5: shop::open\n"] {
            assert!(called(&format!("{lock}{own}{TASK}"), What::Lock).is_some());
        }
    }

    #[test]
    fn what_tokio_or_a_tool_or_a_logger_does_is_no_matter_even_where_no_lines_are_known() {
        let lock = "   3: syscall\n   4: <std::sys::sync::mutex::futex::Mutex>::lock_contended\n";
        for by in ["tokio::sync::batch_semaphore::Semaphore::acquire", "tracing_core::dispatcher::get", "insta::run"] {
            assert_eq!(called(&format!("{lock}   5: {by}\n   6: shop::open\n{TASK}"), What::Lock), None, "{by}");
        }
    }

    #[test]
    fn the_crate_s_own_frames_are_no_user_s_even_where_only_their_lines_are_known() {
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let stack = format!(
            "   \
             0: hear\n             at {own}/blocking/ear.rs:51:32\n   \
             1: aside<(), standstill::os::hooks::exported::statx::{{closure_env#0}}>\n             at {own}/os/hooks/errno.rs:24:18\n   \
             2: hear<standstill::os::hooks::exported::statx::{{closure_env#0}}>\n             at {own}/os/judge/ear.rs:48:5\n   \
             3: statx\n             at {own}/os/hooks/mod.rs:183:16\n   \
             4: std::sys::fs::metadata\n             at /rustc/0/library/std/src/sys/fs/mod.rs:112:5\n   \
             5: exists\n             at /rustc/0/library/std/src/path.rs:3444:9\n   \
             6: {{async_fn#0}}\n             at /home/shop/src/till.rs:4:116\n   \
             7: {{closure#1}}<rel::till::{{closure_env#0}}>\n             at {own}/harness/root.rs:96:78\n"
        );
        let site = Site::read(&stack, What::File).unwrap();
        assert_eq!(site.call, "std::path::exists");
        assert_eq!(site.frames.iter().map(|frame| &*frame.place).collect::<Vec<_>>(), ["/home/shop/src/till.rs:4:116"]);
    }

    #[test]
    fn a_child_that_says_how_it_came_off_is_no_matter() {
        let stack = "   3: recv\n   4: <std::sys::process::unix::Command>::spawn\n   5: std::process::Command::spawn\n   \
                     6: shop::print\n             at ./src/orders.rs:8:5\n";
        assert_eq!(called(stack, What::Socket(crate::os::Socket::UnixStream)), None);
    }

    #[test]
    fn a_type_argument_is_not_where_a_poll_begins() {
        let stack = "   3: syscall\n   \
                     4: <std::sync::mpmc::list::Channel<tokio::runtime::task::join::JoinHandle<u32>>>::recv::{closure#1}\n   \
                     5: <std::sync::mpsc::Receiver<tokio::runtime::task::join::JoinHandle<u32>>>::recv\n   \
                     6: shop::open\n             at ./src/orders.rs:8:5\n";
        let site = Site::read(stack, What::Lock).unwrap();
        assert_eq!((&*site.call, site.frames.len()), ("std::sync::mpsc::Receiver::recv", 1));
    }

    #[test]
    fn a_future_that_cooperates_is_not_where_a_poll_begins() {
        let stack = "   3: clock_nanosleep\n   4: std::thread::functions::sleep\n   \
                     5: shop::inner\n             at ./src/orders.rs:8:5\n   \
                     6: <tokio::task::coop::Coop<F> as core::future::future::Future>::poll\n   \
                     7: shop::outer\n             at ./src/orders.rs:3:5\n";
        assert_eq!(Site::read(stack, What::Sleep).unwrap().frames.len(), 2);
    }

    #[test]
    fn a_library_s_own_lock_is_no_matter_even_if_it_is_parking_lot_s() {
        let stack = "   3: syscall\n   \
                     4: <parking_lot_core::thread_parker::imp::ThreadParker as parking_lot_core::thread_parker::ThreadParkerT>::park\n   \
                     5: parking_lot_core::parking_lot::park\n   \
                     6: dashmap::lock::RawRwLock::lock_exclusive_slow\n   \
                     7: dashmap::DashMap<K,V,S>::insert\n             at /registry/src/dashmap-6.1.0/src/lib.rs:8:5\n   \
                     8: shop::open\n             at ./src/orders.rs:8:5\n";
        assert_eq!(called(stack, What::Lock), None);
    }

    #[test]
    fn the_guard_of_a_log_s_writer_may_wait_for_it() {
        let stack = "\
   3: std::sys::pal::unix::futex::futex_wait
   4: std::thread::park_timeout
   5: crossbeam_channel::channel::Sender<T>::send_timeout
   6: <tracing_appender::non_blocking::WorkerGuard as core::ops::drop::Drop>::drop
   7: core::ptr::drop_in_place<tracing_appender::non_blocking::WorkerGuard>
   8: shop::open\n             at ./src/orders.rs:8:5
";
        assert_eq!(called(stack, What::Lock), None);
        assert!(called(&stack.replace("tracing_appender", "reporter"), What::Lock).is_some());
    }

    #[test]
    fn only_what_is_made_once_a_process_may_wait_or_compute() {
        let stack = |by: &str| {
            format!(
                "   3: open64\n   4: std::fs::File::open\n   5: shop::read\n             at ./src/orders.rs:3:5\n   \
                 6: {by}\n   7: shop::open\n             at ./src/orders.rs:8:5\n"
            )
        };
        for by in ["once_cell::sync::OnceCell<T>::get_or_init", "<std::sys::sync::once::futex::Once>::call"] {
            for what in [What::File, What::Lock, What::Burn, What::Spin(Clock::Monotonic)] {
                assert_eq!(called(&stack(by), what), None, "{by}");
            }
            assert!(called(&stack(by), What::Sleep).is_some(), "{by}");
        }
        for by in
            ["tokio::sync::once_cell::OnceCell<T>::get_or_init::{{closure}}", "once_cell::unsync::OnceCell<T>::set"]
        {
            assert!(called(&stack(by), What::File).is_some(), "{by}");
        }
    }

    #[test]
    fn a_function_that_was_given_by_name_is_what_was_called() {
        let stack = |given: &str, by: &str| {
            format!(
                "   3: open64\n   4: std::fs::read_to_string::inner\n   5: std::fs::read_to_string\n   \
                 6: {given}\n   7: {by}\n   8: shop::open\n             at ./src/orders.rs:8:5\n"
            )
        };
        let map = "futures_util::stream::stream::map::Map<St,F>::poll_next";
        for given in [
            "core::ops::function::FnMut::call_mut",
            "<std::fs::read_to_string as core::ops::function::FnMut<(&str,)>>::call_mut",
        ] {
            let site = Site::read(&stack(given, map), What::File).unwrap();
            assert_eq!((&*site.call, site.inside), ("std::fs::read_to_string", None));
            let site = Site::read(&stack(given, "shelf::Shelf::load"), What::File).unwrap();
            assert_eq!((&*site.call, site.inside.as_deref()), ("shelf::Shelf::load", Some("std::fs::read_to_string")));
        }
    }

    #[test]
    fn what_sums_up_or_derives_is_not_what_was_called() {
        let stack = |by: &str| {
            format!(
                "   3: readdir64\n   4: <std::fs::ReadDir as core::iter::traits::iterator::Iterator>::next\n   5: {by}\n   \
                 6: shop::open\n             at ./src/orders.rs:8:5\n"
            )
        };
        let sum = stack("<usize as core::iter::traits::accum::Sum>::sum");
        assert_eq!(called(&sum, What::File).as_deref(), Some("std::fs::ReadDir::next"));
        let derived = "shop::_::<impl serde::Deserialize for shop::Till>::deserialize\n             at ./src/till.rs:2:5\n   \
                       6: serde_json::de::from_reader";
        let site = Site::read(&stack(derived), What::File).unwrap();
        assert_eq!((&*site.call, &*site.frames[0].place), ("serde_json::de::from_reader", "src/orders.rs:8:5"));
    }

    #[test]
    fn what_stands_in_a_derive_is_not_the_user_s_call_whatever_its_name() {
        let file = std::env::temp_dir().join(format!("standstill-{}-derive.rs", std::process::id()));
        std::fs::write(&file, "#[derive(Debug,\n    Deserialize)]\nstruct Till { open: fn() }\n").unwrap();
        let site = |place: &str| {
            let stack = format!(
                "   3: read\n   4: <std::fs::File as std::io::Read>::read\n   \
                 5: <shop::Till as serde::de::Deserialize>::deserialize\n             at {}:{place}\n   \
                 6: serde_json::de::from_reader\n   7: shop::open\n             at ./src/orders.rs:8:5\n",
                file.display()
            );
            let site = Site::read(&stack, What::File).unwrap();
            (site.call, site.frames.len())
        };
        let (derived, written) = (["1:10", "2:5"].map(site), site("3:15"));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(
            derived,
            ["serde_json::de::from_reader", "serde_json::de::from_reader"].map(|call| (call.to_owned(), 1))
        );
        assert_eq!(written, ("std::fs::File::read".to_owned(), 2));
    }

    #[test]
    fn whoever_prints_a_stack_reads_files_for_it() {
        let stack = "   3: open64\n   4: std::fs::File::open\n   5: backtrace::symbolize::gimli::mmap\n   \
                     6: color_eyre::config::EyreHook::default\n   7: shop::open\n             at ./src/orders.rs:8:5\n";
        assert_eq!(called(stack, What::File), None);
        assert!(is_printing(stack) && !is_printing(SENDER));
    }

    #[test]
    fn that_two_tests_start_one_timer_s_thread_at_once_is_chance() {
        let stack = |by: &str| {
            format!(
                "   3: pthread_join\n   4: std::thread::join_handle::JoinHandle<T>::join\n   \
                 5: <{by}::native::global::HelperThread as core::ops::drop::Drop>::drop\n   \
                 6: {by}::native::delay::Delay::new\n   7: shop::open\n             at ./src/orders.rs:8:5\n"
            )
        };
        assert_eq!(called(&stack("futures_timer"), What::Join), None);
        assert!(called(&stack("another_timer"), What::Join).is_some());
    }

    #[test]
    fn whoever_prints_a_stack_may_take_its_time() {
        let stack = "   0: gimli::read::line::LineProgramHeader::parse\n   1: addr2line::Context::find_frames\n   \
                     2: backtrace::symbolize::gimli::resolve\n   3: backtrace::capture::Backtrace::resolve\n   \
                     4: shop::open\n             at ./src/orders.rs:8:5\n";
        assert_eq!(called(stack, What::Burn), None);
    }

    #[test]
    fn a_user_s_lock_is_named() {
        let stack = SENDER.lines().filter(|line| !line.contains("crossbeam")).collect::<Vec<_>>().join("\n");
        let site = Site::read(&stack, What::Lock).unwrap();
        assert_eq!(site.call, "std::sync::Mutex::lock");
        assert_eq!(site.frames[0].place, "src/orders.rs:8:5");
    }
}

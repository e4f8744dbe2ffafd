//! The names of functions, as their users know them.

use crate::bubble::{crate_of, plain};

/// Modules that std and others keep to themselves, and re-export from.
const PRIVATE: &[&str] = &[
    "functions",
    "poison",
    "nonpoison",
    "tcp",
    "udp",
    "socket_addr",
    "stdio",
    "scoped",
    "join_handle",
    "stream",
    "listener",
    "datagram",
    "channel",
    "util",
    "raw_mutex",
    "raw_rwlock",
    "ucred",
    "addr",
    "buffered",
    "remutex",
    "pipe",
    "read",
];

/// The types that are of no crate, whose own functions are `core`'s.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f32", "f64",
];

/// The crate that a frame's function belongs to; of a trait's method on a type of the language itself, that of the trait.
pub(super) fn owner(function: &str) -> &str {
    let name =
        function.trim_start_matches(['<', '&', '(', '[', '*']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let of = name.split([' ', '<', ',', ')', '>']).next().unwrap_or(name);
    let of = if of.contains("::") { of } else { name.split_once(" as ").map_or(name, |(_, name)| name) };
    match crate_of(of).trim_end_matches('>') {
        primitive if PRIMITIVES.contains(&primitive) => "core",
        _ => crate_of(of),
    }
}

/// Whether a crate is the language's own.
pub(super) fn is_std(owner: &str) -> bool {
    ["std", "core", "alloc"].contains(&owner)
}

/// Whether a crate's locks and channels are as much a language's own as std's.
pub(super) fn is_locks(owner: &str) -> bool {
    let crates = ["parking_lot", "parking_lot_core", "lock_api", "scopeguard", "once_cell", "spin", "flume"];
    crates.contains(&owner) || owner.starts_with("crossbeam")
}

/// Whether a crate has the system's calls, and no affairs of its own.
pub(super) fn is_systems(owner: &str) -> bool {
    ["nix", "rustix", "fs_err"].contains(&owner)
}

/// Whether a crate hands on what is logged.
pub(super) fn is_logger(owner: &str) -> bool {
    ["tracing", "tracing_core", "tracing_subscriber", "tracing_log", "log", "env_logger", "fern", "slog"]
        .contains(&owner)
}

/// A function's name as its users write it: `std::thread::sleep`, not `std::thread::functions::sleep`.
pub(crate) fn spoken(function: &str, is_parking_lot: bool) -> String {
    let of_trait = function.strip_prefix('<').and_then(|inner| inner.split_once(" as "));
    let name = match of_trait {
        // A type of the language itself has no path: the trait's is the one that is known.
        Some((of, rest))
            if !of
                .trim_start_matches(['&', '(', '[', '*'])
                .trim_start_matches("mut ")
                .split(['<', ' ', ','])
                .next()
                .unwrap_or(of)
                .contains("::") =>
        {
            plain(&rest.replacen(">::", "::", 1))
        }
        _ => plain(function.replacen("<&mut ", "<", 1).replacen("<&", "<", 1).trim_start_matches('&')),
    };
    let mut parts: Vec<&str> = name.split("::").collect();
    if parts.last() == Some(&"inner") {
        parts.pop();
    }
    if is_parking_lot && parts[0] == "lock_api" {
        parts[0] = "parking_lot";
    }
    let last = parts.len().saturating_sub(1);
    let spoken: Vec<_> = parts
        .iter()
        .enumerate()
        .filter(|(place, part)| {
            // There is a `std::path::Path`, and a `nix::sys::stat::stat`.
            let is_its_own = (!is_systems(parts[0]) || parts[0] == "fs_err")
                && *place > usize::from(is_std(parts[0]))
                && parts.get(place + 1).is_some_and(|next| repeats(part, next));
            let is_private = *place > 0 && *place < last && PRIVATE.contains(part) && is_std_or_locks(parts[0]);
            !(is_its_own || is_private)
        })
        .map(|(_, part)| *part)
        .collect();
    in_public(&spoken)
}

/// Whether a function does no more than call what it was given, by the method of `FnOnce` and of what is made like it.
pub(super) fn is_given_s_call(function: &str) -> bool {
    ["::call_once", "::call_mut"].iter().any(|method| function.ends_with(method))
}

/// Whether what stands in a module says its name again: `copy::copy`, `request::RequestBuilder`.
fn repeats(module: &str, next: &str) -> bool {
    let (name, next_in_small) = (module.replace('_', ""), next.replace('_', "").to_lowercase());
    !module.contains(char::is_uppercase)
        && (next_in_small == name || (next.starts_with(char::is_uppercase) && next_in_small.starts_with(&name)))
}

/// The words of a function that others re-export or call last, or that stands for one of several.
fn in_public(parts: &[&str]) -> String {
    match parts {
        // Optimised, what others are to call may be gone.
        ["std", "sys", "fs", function] => format!("std::fs::{function}"),
        ["std", "fs", of, method] if method.starts_with('_') => {
            format!("std::fs::{of}::{}", method.trim_start_matches('_'))
        }
        // It peeks, too: of the two only the flag tells, where std leaves no frame above.
        ["std", "sys", .., "Socket", "recv_from_with_flags"] => "std::net::UdpSocket::recv_from".to_owned(),
        ["std", "thread", "lifecycle", "JoinInner", "join"] => "std::thread::JoinHandle::join".to_owned(),
        ["std", "sys", "sync", .., of @ ("Mutex" | "RwLock" | "Condvar" | "Once"), method] => {
            format!("std::sync::{of}::{}", method.trim_end_matches("_contended"))
        }
        ["std", "sync", "mpmc", .., "recv"] => "std::sync::mpsc::Receiver::recv".to_owned(),
        // Std has one function for all that is read by its descriptor, under the name of any of them.
        ["std", "sys", .., method]
        | ["std", "io", "PipeReader" | "PipeWriter", method]
        | ["std", "process", "ChildStdin" | "ChildStdout" | "ChildStderr", method]
            if method.starts_with("read") || method.starts_with("write") =>
        {
            format!("std::io::{}::{method}", if method.starts_with("read") { "Read" } else { "Write" })
        }
        ["std", "io", "impls", method] => format!("std::io::{}::{method}", io_trait(method)),
        // Both clocks are read by it.
        ["std", "sys", .., "Timespec", "now"] => "std::time::Instant::now".to_owned(),
        ["std", "net", "lookup_host"] => "std::net::ToSocketAddrs::to_socket_addrs".to_owned(),
        ["parking_lot", "RawMutex", _] => "parking_lot::Mutex::lock".to_owned(),
        ["parking_lot", "RawRwLock", method] => {
            let public = match *method {
                method if method.contains("upgradable") => "upgradable_read",
                method if method.contains("shared") => "read",
                _ => "write",
            };
            format!("parking_lot::RwLock::{public}")
        }
        ["parking_lot", "Condvar", "wait_until_internal"] => "parking_lot::Condvar::wait".to_owned(),
        ["crossbeam_channel", "flavors", _, "Channel", "send"] => "crossbeam_channel::Sender::send".to_owned(),
        ["crossbeam_channel", "flavors", _, "Channel", "recv"] => "crossbeam_channel::Receiver::recv".to_owned(),
        ["log", "__private_api", ..] => "log::log!".to_owned(),
        ["tracing_core", "Event", "dispatch"] => "tracing::event!".to_owned(),
        ["futures_executor", "local_pool", rest @ ..] | ["futures_executor", rest @ ..] => {
            format!("futures::executor::{}", rest.join("::"))
        }
        _ => parts.join("::"),
    }
}

/// The trait of `std::io` that a method is of.
fn io_trait(method: &str) -> &'static str {
    match method {
        "read_line" | "read_until" | "fill_buf" | "lines" | "split" | "skip_until" => "BufRead",
        "seek" | "rewind" | "stream_position" | "stream_len" | "seek_relative" => "Seek",
        _ if method.starts_with("read") => "Read",
        _ => "Write",
    }
}

fn is_std_or_locks(owner: &str) -> bool {
    is_std(owner) || is_locks(owner)
}

#[cfg(test)]
mod tests {
    use super::{owner, spoken};

    #[test]
    fn a_function_is_called_as_its_users_write_it() {
        let cases = [
            ("std::thread::functions::sleep", "std::thread::sleep"),
            ("std::sync::poison::mutex::Mutex<T>::lock", "std::sync::Mutex::lock"),
            ("<std::sync::barrier::Barrier>::wait", "std::sync::Barrier::wait"),
            ("std::sync::mpsc::Receiver<T>::recv", "std::sync::mpsc::Receiver::recv"),
            ("std::io::copy::copy", "std::io::copy"),
            ("std::fs::read_to_string::inner", "std::fs::read_to_string"),
            ("<&std::net::tcp::TcpStream as std::io::Read>::read", "std::net::TcpStream::read"),
            (
                "<(&str, u16) as std::net::socket_addr::ToSocketAddrs>::to_socket_addrs",
                "std::net::ToSocketAddrs::to_socket_addrs",
            ),
            ("<std::fs::File as std::io::Read>::read", "std::fs::File::read"),
            ("std::thread::scoped::scope", "std::thread::scope"),
            ("lock_api::mutex::Mutex<R,T>::lock", "parking_lot::Mutex::lock"),
            ("crossbeam_channel::channel::Receiver<T>::recv", "crossbeam_channel::Receiver::recv"),
            ("crossbeam_utils::sync::parker::Parker::park", "crossbeam_utils::sync::Parker::park"),
            ("std::path::Path::exists", "std::path::Path::exists"),
            ("async_std::task::block_on::block_on", "async_std::task::block_on"),
            ("reqwest::blocking::request::RequestBuilder::send", "reqwest::blocking::RequestBuilder::send"),
            ("sqlx_core::pool::options::PoolOptions<DB>::connect", "sqlx_core::pool::options::PoolOptions::connect"),
            ("<std::sys::fs::unix::File>::read", "std::io::Read::read"),
            ("<std::sys::pal::unix::time::Timespec>::now", "std::time::Instant::now"),
            ("futures_executor::local_pool::block_on", "futures::executor::block_on"),
            ("futures_executor::local_pool::LocalPool::run_until", "futures::executor::LocalPool::run_until"),
            ("log::__private_api::log", "log::log!"),
            ("tracing_core::event::Event::dispatch", "tracing::event!"),
            ("std::sys::net::connection::socket::unix::Socket::recv_from_with_flags", "std::net::UdpSocket::recv_from"),
            ("<std::process::ChildStdout as std::io::Read>::read", "std::io::Read::read"),
            ("std::net::socket_addr::lookup_host", "std::net::ToSocketAddrs::to_socket_addrs"),
            (
                "std::io::impls::<impl std::io::Read for alloc::boxed::Box<R>>::read_to_string",
                "std::io::Read::read_to_string",
            ),
            ("std::sys::fs::read_dir", "std::fs::read_dir"),
            ("nix::sys::stat::stat::<std::path::Path>", "nix::sys::stat::stat"),
            ("<fs_err::file::File>::open::<&std::path::Path>", "fs_err::File::open"),
            ("<std::fs::OpenOptions>::_open", "std::fs::OpenOptions::open"),
            ("<std::fs::DirBuilder>::_create", "std::fs::DirBuilder::create"),
            ("<parking_lot::raw_mutex::RawMutex>::lock_slow", "parking_lot::Mutex::lock"),
            ("<parking_lot::raw_rwlock::RawRwLock>::lock_shared_slow", "parking_lot::RwLock::read"),
            ("<parking_lot::raw_rwlock::RawRwLock>::lock_exclusive_slow", "parking_lot::RwLock::write"),
            ("<parking_lot::raw_rwlock::RawRwLock>::lock_upgradable_slow", "parking_lot::RwLock::upgradable_read"),
            ("<parking_lot::condvar::Condvar>::wait_until_internal", "parking_lot::Condvar::wait"),
            ("<std::thread::lifecycle::JoinInner<T>>::join", "std::thread::JoinHandle::join"),
            ("<std::sys::sync::mutex::futex::Mutex>::lock_contended", "std::sync::Mutex::lock"),
            ("<std::sync::mpmc::list::Channel<u32>>::recv", "std::sync::mpsc::Receiver::recv"),
            ("<crossbeam_channel::flavors::zero::Channel<u32>>::send", "crossbeam_channel::Sender::send"),
        ];
        for (function, name) in cases {
            assert_eq!(spoken(function, true), name);
        }
    }

    #[test]
    fn a_method_belongs_to_its_type_s_crate_or_to_its_trait_s() {
        let cases = [
            ("<parking_lot::raw_mutex::RawMutex as lock_api::mutex::RawMutex>::lock", "parking_lot"),
            ("<(&str, u16) as std::net::socket_addr::ToSocketAddrs>::to_socket_addrs", "std"),
            ("<T as shop::Order>::place", "shop"),
            ("<std::fs::File>::open::<&std::path::Path>", "std"),
            ("tokio::runtime::task::raw::poll", "tokio"),
            ("<u64>::unchecked_add", "core"),
            ("usize::fmt", "core"),
        ];
        for (function, name) in cases {
            assert_eq!(owner(function), name);
        }
    }
}

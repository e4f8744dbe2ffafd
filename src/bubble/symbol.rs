//! The names of functions, as their users write them.

use crate::os::Socket;

/// The traits whose method says no more than that a type is waited for.
const AWAITED: &[&str] = &["Future", "Stream"];

pub(super) fn is_ours(function: &str) -> bool {
    function.trim_start_matches('<').starts_with("standstill::")
}

/// Whether it is where this crate polls a body or a task of its own.
pub(crate) fn begins_a_poll(function: &str) -> bool {
    // Not its whole name, in which a type may be one of this crate's.
    let path = path(function);
    ["standstill::harness::root", "standstill::task::watched"].iter().any(|begin| path.starts_with(begin))
}

pub(crate) fn crate_of(function: &str) -> &str {
    function.split("::").next().unwrap_or(function)
}

/// A function's path without type arguments, closures and trait.
pub(crate) fn path(function: &str) -> String {
    parts(&bare(function)).join("::")
}

/// A function's name, as [`path`] has it, and without the floors that keep an item to themselves: `tokio::sync::oneshot::Receiver`.
pub(crate) fn plain(function: &str) -> String {
    let bare = bare(function);
    let mut parts = parts(&bare);
    // Our own items are re-exported by the floor above their file.
    if parts.len() > 3 && parts[0] == "standstill" {
        parts.remove(2);
    }
    parts.join("::")
}

/// Types of std share code where they do the same, and it bears the name of one of them: the socket says which it was.
pub(crate) fn of_socket(call: String, socket: Socket) -> String {
    let (of, is_stream) = match socket {
        Socket::Tcp => ("std::net::TcpStream", true),
        Socket::Udp => ("std::net::UdpSocket", false),
        Socket::UnixStream => ("std::os::unix::net::UnixStream", true),
        Socket::UnixDatagram => ("std::os::unix::net::UnixDatagram", false),
        Socket::Other => return call,
    };
    let type_of =
        |named: &str| named.strip_prefix("std::").and_then(|path| path.rsplit("::").next().map(str::to_owned));
    match call.rsplit_once("::").map(|(named, method)| (type_of(named), method)) {
        Some((Some(named), method)) if ["TcpStream", "UdpSocket", "UnixStream", "UnixDatagram"].contains(&&*named) => {
            let method = match (method, is_stream) {
                ("recv", true) => "read",
                ("send", true) => "write",
                ("read", false) => "recv",
                ("write", false) => "send",
                _ => method,
            };
            format!("{of}::{method}")
        }
        _ => call,
    }
}

fn parts(bare: &str) -> Vec<&str> {
    bare.split("::").filter(|part| !part.is_empty() && !part.starts_with('{')).collect()
}

/// A function's name without what is between angle brackets.
fn bare(function: &str) -> String {
    // Of `<Type as Trait>::method`, the trait goes, and the method too where it only says that the type is a future.
    let name = match of_type(function) {
        Some((of, trait_, rest)) => {
            // A type may be of a function, or be named by another's trait.
            let of = if of.starts_with('<') { bare(of) } else { of.to_owned() };
            if is_awaited(trait_.unwrap_or_default()) { of } else { of + rest }
        }
        None => function.to_owned(),
    };
    brackets(&name).filter(|(_, letter, depth)| *depth == 0 && *letter != '>').map(|(_, letter, _)| letter).collect()
}

/// Of `<Type as Trait>::method` or `<Type>::method` the type, the trait, and the rest.
pub(super) fn of_type(function: &str) -> Option<(&str, Option<&str>, &str)> {
    let inner = function.strip_prefix('<')?;
    let end = closing(inner)?;
    let (of, rest) = (&inner[..end], &inner[end + 1..]);
    let as_ = of.match_indices(" as ").map(|(at, _)| at).find(|at| is_outside(of, *at));
    Some(as_.map_or((of, None, rest), |at| (&of[..at], Some(&of[at + 4..]), rest)))
}

fn is_awaited(trait_: &str) -> bool {
    let name = trait_.split('<').next().and_then(|name| name.rsplit("::").next());
    name.is_some_and(|name| AWAITED.contains(&name))
}

/// Where the bracket ends whose inside a text begins with.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in letters(inside) {
        match letter {
            '<' => depth += 1,
            '>' if depth == 0 => return Some(at),
            '>' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_outside(text: &str, at: usize) -> bool {
    brackets(text).any(|(place, _, depth)| place == at && depth == 0)
}

/// Each letter, with how many brackets it is in; a closing one is outside of its own.
fn brackets(text: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let mut depth = 0_usize;
    letters(text).map(move |(at, letter)| {
        match letter {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (at, letter, depth)
    })
}

/// The letters of a name but for the arrows of its functions, which are no brackets.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter(|(at, letter)| *letter != '>' || !text[..*at].ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_only_the_compiler_needs() {
        let cases = [
            (
                "<tokio::sync::oneshot::Receiver<T> as core::future::future::Future>::poll",
                "tokio::sync::oneshot::Receiver",
            ),
            ("<shop::Bank as shop::Gateway>::pay::{{closure}}", "shop::Bank::pay"),
            ("<standstill::task::handle::Join<H,T> as core::future::future::Future>::poll", "standstill::task::Join"),
            (
                "tokio::sync::mpsc::bounded::Receiver<T>::recv::{{closure}}",
                "tokio::sync::mpsc::bounded::Receiver::recv",
            ),
            ("shop::tests::orders::{{closure}}::{{closure}}", "shop::tests::orders"),
            (
                "<tokio::sync::mpsc::bounded::Receiver<i32>>::recv::{closure#0}",
                "tokio::sync::mpsc::bounded::Receiver::recv",
            ),
            ("<<shop::Till<u32>>::print::Line as core::fmt::Display>::fmt", "shop::Till::print::Line::fmt"),
            ("<shop::Till<fn(u32) -> u32>>::open", "shop::Till::open"),
            ("shop::Till<fn(u32) -> alloc::vec::Vec<u32>>::open", "shop::Till::open"),
            ("<shop::Bank as tower_service::Service<u32>>::poll_ready", "shop::Bank::poll_ready"),
            (
                "<hashbrown::map::HashMap<K, V> as core::iter::Extend<(K, V)>>::extend::<<shop::A as shop::B>::ok>",
                "hashbrown::map::HashMap::extend",
            ),
        ];
        for (symbol, name) in cases {
            assert_eq!(plain(symbol), name);
        }
    }

    #[test]
    fn what_types_of_std_share_is_called_as_the_socket_s_own() {
        let cases = [
            ("std::net::UdpSocket::recv", Socket::Tcp, "std::net::TcpStream::read"),
            ("std::net::UdpSocket::recv", Socket::UnixDatagram, "std::os::unix::net::UnixDatagram::recv"),
            ("std::net::TcpStream::peek", Socket::Udp, "std::net::UdpSocket::peek"),
            ("std::io::Read::read_exact", Socket::Tcp, "std::io::Read::read_exact"),
            ("std::net::UdpSocket::recv", Socket::Other, "std::net::UdpSocket::recv"),
            ("std::net::udp::UdpSocket::recv", Socket::Tcp, "std::net::TcpStream::read"),
            (
                "std::os::unix::net::stream::UnixStream::read",
                Socket::UnixStream,
                "std::os::unix::net::UnixStream::read",
            ),
            ("shop::TcpStream::recv", Socket::Tcp, "shop::TcpStream::recv"),
        ];
        for (function, socket, name) in cases {
            assert_eq!(of_socket(function.to_owned(), socket), name);
        }
    }
}

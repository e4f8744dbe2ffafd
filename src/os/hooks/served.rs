//! Connections that a member accepted.

use std::ffi::c_int;
use std::sync::atomic::{Ordering, fence};

use super::clients::{self, Pair};
use super::link::{End, Kind, Link};
use super::option::send_at_once;
use super::ports::{Owner, own_port, peer_port, take_port};
use super::{clones, unix_names};
use crate::os::{Exchange, Member, is_watched};

/// Notes that a connection was accepted.
pub(super) fn accepted(member: &dyn Member, listener: c_int, fd: c_int) {
    let (Some(client), Some(server)) = (peer_port(fd), own_port(fd)) else {
        return unix_names::accepted(member, listener, fd);
    };
    let pair = Pair { client, server };
    let client = clients::newly_of(pair);
    let asker = client.map_or(0, |client| client.bubble);
    let link = Link { kind: Kind::Inside, end: End::Server { client: pair.client, asker }, ..Link::default() };
    Link::change(fd, |_| Some(link));
    let Some(client) = client else { return };
    send_at_once(fd);
    follow(member, pair, client);
    if client.bubble == member.bubble() {
        take_port(member, listener);
        fence(Ordering::SeqCst);
        clients::take_in(pair, client);
    }
}

/// Has a thread go over to the bubble of the client that it serves now, unless it owes an answer to one of its own, whose test goes on.
fn follow(member: &dyn Member, pair: Pair, client: Owner) {
    let own = member.bubble();
    if client.bubble == own {
        return;
    }
    let left = if own == 0 { Vec::new() } else { own_clients(pair.server, own) };
    let is_waited_for = left.iter().any(|(_, _, link)| link.is_owed) && member.does_body_go_on();
    if !is_waited_for && member.follow(client.bubble) {
        for (pair, client, _) in left {
            clients::leave_out(pair, client);
        }
        clients::take_in(pair, client);
    }
}

/// A bubble's connections to a server: their clients, and what is known of the server's end.
fn own_clients(server: u16, bubble: u32) -> Vec<(Pair, Owner, Link)> {
    let open = Link::all().filter_map(|(fd, link)| match link.end {
        End::Server { client, asker } if asker == bubble && own_port(fd) == Some(server) => {
            let pair = Pair { client, server };
            Some((pair, clients::of(pair)?, link))
        }
        _ => None,
    });
    open.collect()
}

/// Notes that a part of a request came: with the first, this end owes an answer.
pub(super) fn received(member: &dyn Member, fd: c_int, link: Link, bytes: &[u8]) {
    match link.end {
        End::Server { client, asker } if asker != 0 && asker != member.bubble() => {
            let pair = own_port(fd).map(|server| Pair { client, server });
            if let Some((pair, client)) = pair.and_then(|pair| Some((pair, clients::of(pair)?))) {
                follow(member, pair, client);
            }
        }
        End::Named { server } if server == 0 || server != member.bubble() => {
            unix_names::serve(member, fd);
            Link::change(fd, |link| Some(Link { end: End::Named { server: member.bubble() }, ..link }));
        }
        _ => {}
    }
    if !link.is_owed {
        Link::change(fd, |link| Some(Link { is_owed: true, ..link }));
        tell(member, fd, Exchange::Asked(bytes));
    }
}

/// Notes that a part of an answer is about to go: with the first, nothing is owed. Before it goes, for then the client may ask what was noted.
pub(super) fn sending(member: &dyn Member, fd: c_int, bytes: &[u8]) {
    let link = Link::of(fd);
    if link.end.is_servers() && link.is_owed {
        Link::change(fd, |link| Some(Link { is_owed: false, ..link }));
        tell(member, fd, Exchange::Answered(bytes));
    }
}

/// Notes that a connection is about to be closed.
pub(super) fn closed(member: &dyn Member, fd: c_int, link: Link) {
    if link.end.is_servers() && link.is_owed {
        tell(member, fd, Exchange::Gone);
    }
}

fn tell(member: &dyn Member, fd: c_int, exchange: Exchange<'_>) {
    if is_watched()
        && let Some(server) = own_port(fd)
    {
        member.exchange(server, clones::number(fd), exchange);
    }
}

//! What goes through a member's descriptors, and who owes whom an answer by that.

use std::ffi::c_int;
use std::sync::atomic::{Ordering, fence};

use super::address::Address;
use super::datagram::is_lost;
use super::destination::{kind, kind_of};
use super::link::{End, Kind, Link};
use super::option::{option, send_at_once};
use super::ports::{Owner, leave_port};
use super::{clients, clones, pipe, served};
use crate::os::{Member, Traffic, host};

/// Notes that a member sent something.
pub(super) fn sent(member: &dyn Member, fd: c_int) {
    let link = Link::of(fd);
    if link.end.is_servers() {
        return;
    }
    if link.kind == Kind::Unknown && !pipe::learn(member, fd) {
        set_kind(fd, kind(fd, member.bubble()));
    }
    owe(member, fd, None);
}

/// Notes that a member sent something to an address of its own choice.
pub(super) fn sent_to(member: &dyn Member, fd: c_int, to: Option<&Address>) {
    match to {
        None => sent(member, fd),
        Some(to) if kind_of(to, fd, member.bubble()) == Kind::Outside => {
            set_kind(fd, Kind::Outside);
            owe(member, fd, Some(to));
        }
        Some(_) => {}
    }
}

/// Notes that a connection is under way, or made.
pub(super) fn connected(member: &dyn Member, fd: c_int, to: Option<&Address>) {
    // A datagram socket may have asked somebody else before, and for another bubble.
    forgive(fd);
    let kind = || match to {
        Some(to @ Address::Port(_)) => kind_of(to, fd, member.bubble()),
        _ => kind(fd, member.bubble()),
    };
    // The server may have taken it in already, and have gone from its port since.
    let is_taken_in = |link: Link| matches!(link.end, End::Client { .. }) && link.kind == Kind::Inside;
    let (first, bubble) = (kind(), member.bubble());
    let newly = |link: Link| Link { kind: first, end: link.end.asked_by(bubble), ..link };
    Link::change(fd, |link| (!is_taken_in(link)).then(|| newly(link)));
    if to.is_some_and(Address::is_loopback) {
        send_at_once(fd);
    }
    // The server may come over at this very moment: one of the two threads sees what the other did.
    fence(Ordering::SeqCst);
    if kind() == Kind::Inside {
        take_in(fd, |link| link.kind == Kind::Outside);
    } else if option(fd, libc::SO_TYPE) == Some(libc::SOCK_STREAM) {
        owe(member, fd, to);
    }
}

/// Notes that a socket may hold back small parts from now on: where both ends are here, it does not.
pub(super) fn delayed(fd: c_int) {
    let is_here = |peer: Address| peer.is_loopback() || Link::of(fd).kind == Kind::Inside;
    if Address::peer(fd).is_some_and(is_here) {
        send_at_once(fd);
    }
}

fn set_kind(fd: c_int, kind: Kind) {
    Link::change(fd, |link| Some(Link { kind, ..link }));
}

/// Notes that the other end owes an answer, if it is outside, and there.
fn owe(member: &dyn Member, fd: c_int, to: Option<&Address>) {
    let bubble = member.bubble();
    let is_new = |link: Link| link.kind == Kind::Outside && !link.is_owed;
    let link = Link::of(fd);
    if link.kind == Kind::Outside && link.is_owed && link.end.asker() == bubble {
        return member.traffic(Traffic::AskedAgain);
    }
    if !is_new(link) || is_lost(fd, to) {
        return;
    }
    // Told before it is noted, so that nobody takes it back before.
    member.traffic(Traffic::Asked);
    let owing = |link: Link| Link { is_owed: true, end: link.end.asked_by(bubble), ..link };
    if Link::change(fd, |link| is_new(link).then(|| owing(link))).is_none() {
        host().traffic(bubble, Traffic::Dropped);
    }
}

/// Notes that both ends of a connection are in the bubble now.
pub(super) fn take_in(client: c_int, is_it: impl Fn(Link) -> bool) {
    let before =
        Link::change(client, |link| is_it(link).then_some(Link { kind: Kind::Inside, is_owed: false, ..link }));
    if let Some(link) = before.filter(|link| link.is_owed) {
        host().traffic(link.end.asker(), Traffic::Dropped);
    }
}

/// Notes that a member received these bytes; none at an end or an error.
pub(super) fn received(member: &dyn Member, fd: c_int, bytes: Option<&[u8]>) {
    let mut link = Link::of(fd);
    if let Some(bytes) = bytes.filter(|_| link.end.is_servers()) {
        served::received(member, fd, link, bytes);
    }
    if link.kind == Kind::Unknown && pipe::learn(member, fd) {
        link = Link::of(fd);
    }
    if link.kind != Kind::Outside {
        return;
    }
    let was_owed = match link.end {
        // All of its pipes, not only the first that was owed something.
        End::Child { process, .. } => pipe::all_of(process).filter(|fd| answered(*fd)).count() > 0,
        _ => answered(fd),
    };
    if !was_owed {
        member.traffic(Traffic::Heard);
    }
}

/// Notes that something came back, and says whether it was owed.
fn answered(fd: c_int) -> bool {
    let link = settle(fd);
    if let Some(link) = link {
        host().traffic(link.end.asker(), Traffic::Answered);
    }
    link.is_some()
}

/// Notes that no answer is awaited any more: a connection has not come about, or leads elsewhere from now on.
pub(super) fn forgive(fd: c_int) {
    if let Some(link) = settle(fd) {
        host().traffic(link.end.asker(), Traffic::Dropped);
    }
}

/// Ends a debt, if there is one, and gives what was known while there was.
fn settle(fd: c_int) -> Option<Link> {
    Link::change(fd, |link| link.is_owed.then_some(Link { is_owed: false, ..link }))
}

/// Notes that a descriptor is gone.
pub(super) fn closed(member: Option<&dyn Member>, fd: c_int) {
    if clones::leaves_others(fd) {
        return;
    }
    if let Some(member) = member {
        served::closed(member, fd, Link::of(fd));
    }
    let link = Link::change(fd, |_| Some(Link::default()));
    let had_clones = clones::end(fd);
    let Some(link) = link.filter(|link| !link.end.is_servers()) else { return };
    match link.end {
        End::Client { port, .. } => clients::forget(fd, port),
        End::Own { port, .. } if port != 0 => {
            if let Some(owner) = Owner::of(port).filter(|owner| owner.fd == fd || had_clones) {
                leave_port(owner, port);
            }
        }
        _ => {}
    }
    if link.is_owed {
        host().traffic(link.end.asker(), Traffic::Dropped);
    }
}

/// The sockets over which a bubble is owed an answer, each with its own end and the other.
pub(crate) fn owed(bubble: u32) -> Vec<(String, String)> {
    let is_pipe = |link: Link| matches!(link.end, End::Child { .. });
    let is_owed =
        |link: Link| link.kind == Kind::Outside && link.is_owed && link.end.asker() == bubble && !is_pipe(link);
    let shown = |end: Option<Address>| end.map_or_else(|| "an unknown address".to_owned(), |end| end.to_string());
    let owed = Link::all().filter(|(_, link)| is_owed(*link));
    owed.map(|(fd, _)| (shown(Address::own(fd)), shown(Address::peer(fd)))).collect()
}

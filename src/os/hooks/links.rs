use std::collections::BTreeSet;
use std::ffi::c_int;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use libc::socklen_t;

use super::address::Address;
use super::datagram::is_lost;
use super::{clients, clones, served, stat, unix_names};
use crate::os::{Member, Traffic, host};

/// Descriptors beyond this are not followed: what they carry does not hold the clock.
pub(super) const MOST_FDS: usize = 1 << 16;

/// What is known of each file descriptor, as a `Link`. Zero: nothing yet.
static LINKS: [AtomicU64; MOST_FDS] = [const { AtomicU64::new(0) }; MOST_FDS];

/// For each port of this machine at which a bubble listens: the bubble's number, and the descriptor.
static PORTS: [AtomicU64; 1 << 16] = [const { AtomicU64::new(0) }; 1 << 16];

/// What is known of a file descriptor.
#[derive(Clone, Copy, Default)]
pub(super) struct Link {
    pub(super) kind: Kind,
    /// Whether the other end owes an answer; of a connection that was accepted, whether this end does.
    pub(super) is_owed: bool,
    pub(super) is_accepted: bool,
    pub(super) is_client: bool,
    /// The port that this descriptor has for its bubble; of a connection that was accepted, the client's, or 0 if it came to a name.
    pub(super) port: u16,
    /// The bubble that connected it, or is owed an answer; of a connection that was accepted, the client's, or the server's if it came to a name.
    pub(super) bubble: u32,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Unknown,
    /// Nothing that goes through it leaves the bubble.
    Inside,
    /// A socket to elsewhere.
    Outside,
    /// What has no type of file, such as an eventfd: it takes what is written at once, and carries it nowhere.
    Event,
}

impl Link {
    pub(super) fn of(fd: c_int) -> Self {
        slot(fd).map_or(Self { kind: Kind::Inside, ..Self::default() }, |link| Self::read(link.load(Ordering::Acquire)))
    }

    fn read(bits: u64) -> Self {
        let kind = match bits & 3 {
            0 => Kind::Unknown,
            1 => Kind::Inside,
            2 => Kind::Outside,
            _ => Kind::Event,
        };
        Self {
            kind,
            is_owed: bits & 4 != 0,
            is_accepted: bits & 8 != 0,
            is_client: bits & 16 != 0,
            port: (bits >> 16) as u16,
            bubble: (bits >> 32) as u32,
        }
    }

    /// All that are known, each file once.
    pub(super) fn all() -> impl Iterator<Item = (c_int, Self)> {
        let mut seen = BTreeSet::new();
        let fds = (0..).take(MOST_FDS).filter(|fd| is_known(*fd));
        fds.filter(move |fd| seen.insert(clones::number(*fd))).map(|fd| (fd, Self::of(fd)))
    }

    fn bits(self) -> u64 {
        let flags = u64::from(self.is_owed) << 2 | u64::from(self.is_accepted) << 3 | u64::from(self.is_client) << 4;
        self.kind as u64 | flags | u64::from(self.port) << 16 | u64::from(self.bubble) << 32
    }

    /// Changes what is known, unless `change` finds nothing to change, and gives what was known before. Threads at both ends
    /// of a connection do so at the same time.
    pub(super) fn change(fd: c_int, change: impl Fn(Self) -> Option<Self>) -> Option<Self> {
        let changed =
            slot(fd)?.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |bits| change(Self::read(bits)).map(Self::bits));
        changed.ok().map(Self::read)
    }
}

/// Whose a port of this machine is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) bubble: u32,
    pub(super) fd: c_int,
}

impl Owner {
    pub(super) fn of(port: u16) -> Option<Self> {
        let bits = PORTS[usize::from(port)].load(Ordering::SeqCst);
        (bits != 0).then_some(Self { bubble: (bits >> 32) as u32, fd: (bits as u32).cast_signed() })
    }

    fn save(self, port: u16) {
        let bits = u64::from(self.bubble) << 32 | u64::from(self.fd.cast_unsigned());
        PORTS[usize::from(port)].store(bits, Ordering::SeqCst);
    }
}

fn slot(fd: c_int) -> Option<&'static AtomicU64> {
    clones::slot(fd).or_else(|| LINKS.get(usize::try_from(fd).ok()?))
}

/// Moves what is known of a descriptor to where its clones find it too, once `done` has said so.
pub(super) fn hand_over(fd: c_int, to: &AtomicU64, done: impl FnOnce()) {
    let Some(from) = usize::try_from(fd).ok().and_then(|fd| LINKS.get(fd)) else { return };
    to.store(from.load(Ordering::SeqCst), Ordering::SeqCst);
    done();
    from.store(0, Ordering::SeqCst);
}

/// Notes that a member sent something.
pub(super) fn sent(member: &dyn Member, fd: c_int) {
    let mut link = Link::of(fd);
    if link.is_accepted {
        return;
    }
    if link.kind == Kind::Unknown {
        link.kind = kind(fd, member.bubble());
        set_kind(fd, link.kind);
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
    let is_taken_in = |link: Link| link.is_client && link.kind == Kind::Inside;
    let (first, bubble) = (kind(), member.bubble());
    Link::change(fd, |link| (!is_taken_in(link)).then_some(Link { kind: first, bubble, ..link }));
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

fn set_kind(fd: c_int, kind: Kind) {
    Link::change(fd, |link| Some(Link { kind, ..link }));
}

/// Notes that the other end owes an answer, if it is outside, and there.
fn owe(member: &dyn Member, fd: c_int, to: Option<&Address>) {
    let bubble = member.bubble();
    let is_new = |link: Link| link.kind == Kind::Outside && !link.is_owed;
    if !is_new(Link::of(fd)) || is_lost(fd, to) {
        return;
    }
    // Told before it is noted, so that nobody takes it back before.
    member.traffic(Traffic::Asked);
    if Link::change(fd, |link| is_new(link).then_some(Link { is_owed: true, bubble, ..link })).is_none() {
        host().traffic(bubble, Traffic::Dropped);
    }
}

/// Notes that both ends of a connection are in the bubble now.
pub(super) fn take_in(client: c_int, is_it: impl Fn(Link) -> bool) {
    let before =
        Link::change(client, |link| is_it(link).then_some(Link { kind: Kind::Inside, is_owed: false, ..link }));
    if let Some(link) = before.filter(|link| link.is_owed) {
        host().traffic(link.bubble, Traffic::Dropped);
    }
}

/// Notes that a member received these bytes; none at an end or an error.
pub(super) fn received(member: &dyn Member, fd: c_int, bytes: Option<&[u8]>) {
    let link = Link::of(fd);
    if let Some(bytes) = bytes.filter(|_| link.is_accepted) {
        served::received(member, fd, link, bytes);
    }
    if link.kind != Kind::Outside {
        return;
    }
    match settle(fd) {
        Some(link) => host().traffic(link.bubble, Traffic::Answered),
        None => member.traffic(Traffic::Heard),
    }
}

/// Notes that no answer is awaited any more: a connection has not come about, or leads elsewhere from now on.
pub(super) fn forgive(fd: c_int) {
    if let Some(link) = settle(fd) {
        host().traffic(link.bubble, Traffic::Dropped);
    }
}

/// Ends a debt, if there is one, and gives what was known while there was.
fn settle(fd: c_int) -> Option<Link> {
    Link::change(fd, |link| link.is_owed.then_some(Link { is_owed: false, ..link }))
}

/// Whether a descriptor is known to be one of those that have no type of file.
pub(in crate::os) fn is_event(fd: c_int) -> bool {
    Link::of(fd).kind == Kind::Event
}

/// Whether anything is known of a descriptor.
pub(super) fn is_known(fd: c_int) -> bool {
    slot(fd).is_some_and(|link| link.load(Ordering::Acquire) != 0)
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
    let Some(link) = link.filter(|link| !link.is_accepted) else { return };
    if link.is_client {
        clients::forget(fd, link.port);
    } else if link.port != 0
        && let Some(owner) = Owner::of(link.port).filter(|owner| owner.fd == fd || had_clones)
    {
        leave_port(owner, link.port);
    }
    if link.is_owed {
        host().traffic(link.bubble, Traffic::Dropped);
    }
}

/// Gives a port up, unless another descriptor has it too: one of another family or protocol.
fn leave_port(owner: Owner, port: u16) {
    let has_it = |link: Link| link.port == port && !link.is_accepted && !link.is_client;
    match Link::all().find(|(_, link)| has_it(*link)) {
        Some((fd, _)) => Owner { fd, ..owner }.save(port),
        // Another process may take it. If a clone listens that nobody knows of, it is taken anew when that one accepts.
        None => PORTS[usize::from(port)].store(0, Ordering::SeqCst),
    }
}

/// Takes a descriptor's own port for the member's bubble.
pub(super) fn take_port(member: &dyn Member, fd: c_int) {
    let Some(port) = own_port(fd) else { return };
    Link::change(fd, |link| Some(Link { port, ..link }));
    let bubble = member.bubble();
    // One of another family or protocol may have the same.
    let is_own = |owner: Owner| owner.bubble == bubble && owner.fd != fd && Link::of(owner.fd).port == port;
    if !Owner::of(port).is_some_and(is_own) {
        Owner { bubble, fd }.save(port);
    }
}

/// The port of this end of a connection.
pub(super) fn own_port(fd: c_int) -> Option<u16> {
    Address::own(fd).and_then(|own| own.port())
}

/// The port of the other end.
pub(super) fn peer_port(fd: c_int) -> Option<u16> {
    Address::peer(fd).and_then(|peer| peer.port())
}

/// Keeps the kernel from holding back small parts of a stream, by Nagle's rule: it would do so in real time.
pub(super) fn send_at_once(fd: c_int) {
    let yes: c_int = 1;
    // SAFETY: The option's value is one number. A unix socket refuses it.
    unsafe {
        libc::setsockopt(
            fd,
            libc::IPPROTO_TCP,
            libc::TCP_NODELAY,
            (&raw const yes).cast(),
            size_of::<c_int>() as socklen_t,
        )
    };
}

/// Whether what a member sends to an address stays in its bubble.
fn kind_of(end: &Address, fd: c_int, bubble: u32) -> Kind {
    let Address::Port(to) = end else { return Kind::Inside };
    let is_here = end.is_loopback() || matches!(Address::own(fd), Some(Address::Port(own)) if own.ip() == to.ip());
    let is_taken = Owner::of(to.port()).is_some_and(|owner| owner.bubble == bubble);
    if is_here && is_taken { Kind::Inside } else { Kind::Outside }
}

/// The sockets over which a bubble is owed an answer, each with its own end and the other.
pub(crate) fn owed(bubble: u32) -> Vec<(String, String)> {
    let is_owed = |link: Link| link.kind == Kind::Outside && link.is_owed && link.bubble == bubble;
    let shown = |end: Option<Address>| end.map_or_else(|| "an unknown address".to_owned(), |end| end.to_string());
    let owed = Link::all().filter(|(_, link)| is_owed(*link));
    owed.map(|(fd, _)| (shown(Address::own(fd)), shown(Address::peer(fd)))).collect()
}

/// Says where a descriptor leads.
fn kind(fd: c_int, bubble: u32) -> Kind {
    match option(fd, libc::SO_DOMAIN) {
        Some(libc::AF_INET | libc::AF_INET6) => {
            Address::peer(fd).map_or(Kind::Unknown, |peer| kind_of(&peer, fd, bubble))
        }
        Some(libc::AF_UNIX) if is_peer_elsewhere(fd) || is_stranger(fd, bubble) => Kind::Outside,
        None if stat(fd).is_some_and(|stat| stat.st_mode & libc::S_IFMT == 0) => Kind::Event,
        _ => Kind::Inside,
    }
}

/// Whether the other end of a unix socket's connection is no thread of the bubble. A datagram has no answer as a rule, such as a logger's.
fn is_stranger(fd: c_int, bubble: u32) -> bool {
    option(fd, libc::SO_TYPE) != Some(libc::SOCK_DGRAM) && unix_names::is_peer_a_stranger(fd, bubble)
}

/// Whether the other end of a unix socket belongs to another process.
fn is_peer_elsewhere(fd: c_int) -> bool {
    let mut peer = libc::ucred { pid: 0, uid: 0, gid: 0 };
    let mut length = size_of::<libc::ucred>() as socklen_t;
    // SAFETY: The option's value is a `ucred`, for which there is room.
    let failed =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_PEERCRED, (&raw mut peer).cast(), &raw mut length) };
    failed == 0 && peer.pid != 0 && peer.pid.cast_unsigned() != std::process::id()
}

/// A socket's option that is one number; none if the descriptor is no socket.
pub(in crate::os) fn option(fd: c_int, name: c_int) -> Option<c_int> {
    let mut value: c_int = 0;
    let mut length = size_of::<c_int>() as socklen_t;
    // SAFETY: The option's value is one number, for which there is room.
    let failed = unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, (&raw mut value).cast(), &raw mut length) };
    (failed == 0).then_some(value)
}

/// After a fork, no answer is owed to the new process' hooks.
pub(super) fn forget_links() {
    clones::forget_all();
    for link in &LINKS {
        if link.load(Ordering::Relaxed) != 0 {
            link.store(0, Ordering::Relaxed);
        }
    }
}

use std::ffi::c_int;
use std::fmt;
use std::mem::offset_of;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::slice::from_raw_parts;

use libc::socklen_t;

/// Where an end of a socket is.
pub(super) enum Address {
    Port(SocketAddr),
    /// With its name, as the kernel keeps it: empty, a path, or a zero and what follows.
    Unix(Vec<u8>),
    Other,
}

impl Address {
    /// # Safety
    ///
    /// The address must be null, or as the kernel takes it: valid for its length, unless that is more than any address has, and of any
    /// alignment.
    pub(super) unsafe fn new(address: *const libc::sockaddr, length: socklen_t) -> Option<Self> {
        // What is longer than any address, the kernel refuses without a look at it.
        let lengths = size_of::<libc::sa_family_t>()..=size_of::<libc::sockaddr_storage>();
        if address.is_null() || !lengths.contains(&(length as usize)) {
            return None;
        }
        // SAFETY: The family is inside the length, and what each family promises is read only if it is too.
        Some(unsafe {
            match c_int::from((&raw const (*address).sa_family).read_unaligned()) {
                libc::AF_INET if length as usize >= size_of::<libc::sockaddr_in>() => {
                    let address = address.cast::<libc::sockaddr_in>().read_unaligned();
                    let ip = Ipv4Addr::from(address.sin_addr.s_addr.to_ne_bytes());
                    Self::Port((ip, u16::from_be(address.sin_port)).into())
                }
                libc::AF_INET6 if length as usize >= size_of::<libc::sockaddr_in6>() => {
                    let address = address.cast::<libc::sockaddr_in6>().read_unaligned();
                    let ip = Ipv6Addr::from(address.sin6_addr.s6_addr);
                    Self::Port((ip, u16::from_be(address.sin6_port)).into())
                }
                libc::AF_UNIX => {
                    let start = offset_of!(libc::sockaddr_un, sun_path);
                    let name = address.cast::<u8>().add(start);
                    Self::Unix(from_raw_parts(name, (length as usize).saturating_sub(start)).to_vec())
                }
                _ => Self::Other,
            }
        })
    }

    /// This end of a socket.
    pub(super) fn own(fd: c_int) -> Option<Self> {
        Self::asked(fd, libc::getsockname)
    }

    /// The other end.
    pub(super) fn peer(fd: c_int) -> Option<Self> {
        Self::asked(fd, libc::getpeername)
    }

    fn asked(
        fd: c_int,
        ask: unsafe extern "C" fn(c_int, *mut libc::sockaddr, *mut socklen_t) -> c_int,
    ) -> Option<Self> {
        // SAFETY: All zeros is a valid `sockaddr_storage`.
        let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        let mut length = size_of::<libc::sockaddr_storage>() as socklen_t;
        // SAFETY: The storage is valid for its length, and large enough for any address.
        unsafe {
            if ask(fd, (&raw mut storage).cast(), &raw mut length) != 0 {
                return None;
            }
            Self::new((&raw const storage).cast(), length)
        }
    }

    /// The port, once it has one.
    pub(super) fn port(&self) -> Option<u16> {
        match self {
            Self::Port(address) => Some(address.port()).filter(|port| *port != 0),
            _ => None,
        }
    }

    /// The name, if it is a unix socket's that has one.
    pub(super) fn name(self) -> Option<Vec<u8>> {
        match self {
            Self::Unix(name) => Some(name).filter(|name| !name.is_empty()),
            _ => None,
        }
    }

    /// Whether what is sent there stays on this machine, whatever its other addresses are.
    pub(super) fn is_loopback(&self) -> bool {
        match self {
            Self::Port(address) => address.ip().to_canonical().is_loopback() || address.ip().is_unspecified(),
            _ => false,
        }
    }
}

/// An address in words.
///
/// # Safety
///
/// As for [`Address::new`].
pub(in crate::os) unsafe fn address_text(address: *const libc::sockaddr, length: socklen_t) -> Option<String> {
    // SAFETY: By the contract.
    unsafe { Address::new(address, length) }.map(|address| address.to_string())
}

/// The other end of a socket, or of one that waits for others, its own.
pub(in crate::os) fn peer_text(socket: c_int) -> Option<String> {
    Address::peer(socket).or_else(|| Address::own(socket)).map(|address| address.to_string())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(address) => address.fmt(f),
            Self::Unix(name) => match &name[..] {
                [] => f.write_str("a unix socket"),
                // As `ss` writes it.
                [0, name @ ..] => write!(f, "@{}", name.escape_ascii()),
                path => write!(f, "{}", String::from_utf8_lossy(path).trim_end_matches('\0')),
            },
            Self::Other => f.write_str("an unknown address"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_any_address_is_not_read() {
        // SAFETY: All zeros is a valid address.
        let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
        address.sun_family = libc::AF_UNIX as libc::sa_family_t;
        let name_of = |length: usize| {
            // SAFETY: It is valid for its own length, and not read if more is said.
            unsafe { Address::new((&raw const address).cast(), length as socklen_t) }.and_then(Address::name)
        };

        assert_eq!(name_of(size_of_val(&address)), Some(vec![0; 108]));
        assert_eq!(name_of(1 << 30), None);
    }
}

//! Whether a datagram reaches anybody.

use std::ffi::c_int;
use std::fs;

use super::address::Address;
use super::option::option;

/// Whether what is sent to an address, or else to a socket's other end, is lost: a datagram to a port of this machine that nobody has.
pub(super) fn is_lost(fd: c_int, to: Option<&Address>) -> bool {
    if option(fd, libc::SO_TYPE) != Some(libc::SOCK_DGRAM) {
        return false;
    }
    let port_here = |end: &Address| end.port().filter(|_| end.is_loopback());
    let port = to.map_or_else(|| port_here(&Address::peer(fd)?), port_here);
    port.is_some_and(is_free)
}

/// Whether it is known that no socket for datagrams has a port.
fn is_free(port: u16) -> bool {
    let Ok(table) = fs::read_to_string("/proc/net/udp") else { return false };
    // Where there is no IPv6, there is no such table.
    let table_6 = fs::read_to_string("/proc/net/udp6").unwrap_or_default();
    !table.lines().chain(table_6.lines()).filter_map(port_of).any(|taken| taken == port)
}

/// The port of a socket, by its line in the kernel's table: `12: 0100007F:1F90 00000000:0000 07 ..`.
fn port_of(line: &str) -> Option<u16> {
    let (_, port) = line.split_whitespace().nth(1)?.rsplit_once(':')?;
    u16::from_str_radix(port, 16).ok()
}

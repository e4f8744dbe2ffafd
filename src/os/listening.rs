use std::fs;
use std::path::Path;

/// How `/proc` writes that a TCP socket waits for connections.
const TCP_LISTENS: &str = "0A";

/// The flag by which it says so of a unix socket.
const UNIX_LISTENS: u32 = 1 << 16;

/// Whether a process, or one that it has started, waits for connections at a socket of its own.
pub(crate) fn does_listen(process: i32) -> bool {
    let home = format!("/proc/{process}");
    let home = Path::new(&home);
    let sockets = sockets(home);
    let is_its_own =
        |socket: &String| sockets.contains(socket) && !self::sockets(Path::new("/proc/self")).contains(socket);
    (!sockets.is_empty() && listening(home).iter().any(is_its_own)) || children(home).into_iter().any(does_listen)
}

/// The sockets that a process has, each by its number.
fn sockets(home: &Path) -> Vec<String> {
    let files = fs::read_dir(home.join("fd")).into_iter().flatten().flatten();
    let targets = files.filter_map(|file| fs::read_link(file.path()).ok()?.into_os_string().into_string().ok());
    targets.filter_map(|target| Some(target.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect()
}

/// The sockets of a process's network that wait for connections.
fn listening(home: &Path) -> Vec<String> {
    let read = |table: &str| fs::read_to_string(home.join("net").join(table)).unwrap_or_default();
    let tcp = ["tcp", "tcp6"].map(read);
    tcp.iter()
        .flat_map(|table| table.lines().filter_map(tcp_listener))
        .chain(read("unix").lines().filter_map(unix_listener))
        .map(str::to_owned)
        .collect()
}

/// The socket of a line such as `0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 3741 ..`.
fn tcp_listener(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    let state = words.nth(3)?;
    words.nth(5).filter(|_| state == TCP_LISTENS)
}

/// The socket of a line such as `0000000000000000: 00000002 00000000 00010000 0001 01 3741 /run/shop.sock`.
fn unix_listener(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    let flags = u32::from_str_radix(words.nth(3)?, 16).ok()?;
    words.nth(2).filter(|_| flags & UNIX_LISTENS != 0)
}

fn children(home: &Path) -> Vec<i32> {
    let threads = fs::read_dir(home.join("task")).into_iter().flatten().flatten();
    let started = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    started.flat_map(|ids| ids.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_waits_for_connections_is_told_from_one_that_has_one() {
        let rest = "00000000:00000000 00:00000000 00000000  1000        0 3741 1 0 100 0 0 10 0";
        assert_eq!(tcp_listener(&format!("   0: 0100007F:1F90 00000000:0000 0A {rest}")), Some("3741"));
        assert_eq!(tcp_listener(&format!("   1: 0100007F:1F90 0100007F:D431 01 {rest}")), None);
        assert_eq!(
            unix_listener("0000000000000000: 00000002 00000000 00010000 0001 01 3741 /run/shop.sock"),
            Some("3741")
        );
        assert_eq!(unix_listener("0000000000000000: 00000003 00000000 00000000 0001 03 3742"), None);
    }

    #[test]
    fn the_heads_of_the_tables_are_no_sockets() {
        assert_eq!(
            tcp_listener(
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
            ),
            None
        );
        assert_eq!(unix_listener("Num       RefCount Protocol Flags    Type St Inode Path"), None);
    }

    #[test]
    fn what_a_process_shares_with_this_one_is_not_its_own() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let own = std::process::id().cast_signed();

        assert!(!sockets(Path::new("/proc/self")).is_empty());
        assert!(!does_listen(own));
        drop(listener);
    }
}

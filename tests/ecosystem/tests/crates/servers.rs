//! Servers for the tests: each is started once a process, outside virtual time, and ends with the process.

use std::ffi::OsStr;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Gives the address of a Postgres server, with the user `postgres` and no password.
///
/// Call it before the test's virtual time begins. Without the program it says so, and the test has nothing to do.
pub(crate) fn postgres() -> Option<SocketAddr> {
    static SERVER: LazyLock<Option<Server>> = LazyLock::new(start_postgres);

    address(SERVER.as_ref(), "postgres")
}

/// Gives the address of a Redis server, as [`postgres`] does.
pub(crate) fn redis() -> Option<SocketAddr> {
    static SERVER: LazyLock<Option<Server>> = LazyLock::new(start_redis);

    address(SERVER.as_ref(), "redis-server")
}

struct Server {
    address: SocketAddr,
    /// Its standard input tells the watchdog how long this process lives.
    _watchdog: Child,
}

/// Runs the server in `$1`, until standard input ends: the process that holds its other end is gone.
const WATCHDOG: &str = r#"
    dir=$1; shift
    "$@" >"$dir/log" 2>&1 &
    read -r _
    kill -INT $!
    wait $!
    rm -rf "$dir"
"#;

const START_LIMIT: Duration = Duration::from_mins(1);

fn address(server: Option<&Server>, program: &str) -> Option<SocketAddr> {
    if server.is_none() {
        println!("skipped: the program {program} is not installed");
    }
    server.map(|server| server.address)
}

fn start_postgres() -> Option<Server> {
    let program = find("postgres")?.canonicalize().unwrap();
    Some(on_a_free_port(|address| {
        let dir = new_dir();
        let data = dir.path().join("data");
        let user = owner_other_than_root(dir.path());

        let mut initdb = user.command(program.with_file_name("initdb"));
        initdb.args(["--auth=trust", "--username=postgres", "--locale=C", "--encoding=UTF8", "--no-sync", "--pgdata"]);
        let made = initdb.arg(&data).current_dir(dir.path()).output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

        let mut postgres = user.command(&program);
        postgres.args(["-h", "127.0.0.1", "-p", &address.port().to_string(), "-F", "-k", ""]).arg("-D").arg(data);
        start(dir, &postgres, address)
    }))
}

fn start_redis() -> Option<Server> {
    let program = find("redis-server")?;
    Some(on_a_free_port(|address| {
        let mut redis = Command::new(&program);
        let dir = new_dir();
        redis.args(["--bind", "127.0.0.1", "--port", &address.port().to_string(), "--save", "", "--dir"]);
        redis.arg(dir.path());
        start(dir, &redis, address)
    }))
}

/// Tries ports until a server has one that nobody took meanwhile.
fn on_a_free_port(start: impl Fn(SocketAddr) -> Option<Server>) -> Server {
    (0..10).find_map(|_| start(free_address())).expect("a port that stays free until the server has it")
}

/// Gives nothing if another has taken the port.
fn start(dir: TempDir, server: &Command, address: SocketAddr) -> Option<Server> {
    let mut watchdog = Command::new("sh");
    watchdog
        .args([
            OsStr::new("-c"),
            OsStr::new(WATCHDOG),
            OsStr::new("watchdog"),
            dir.path().as_os_str(),
            server.get_program(),
        ])
        .args(server.get_args())
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // An interrupt from the keyboard must not end it before it has cleaned up.
        .process_group(0);
    let running = Server { address, _watchdog: watchdog.spawn().unwrap() };
    let log = dir.keep().join("log");

    let begin = Instant::now();
    loop {
        let log = fs::read_to_string(&log).unwrap_or_default();
        if log.to_lowercase().contains("ready to accept connections") {
            return Some(running);
        }
        if log.contains("Address already in use") {
            return None;
        }
        assert!(begin.elapsed() < START_LIMIT, "{} does not start:\n{log}", server.get_program().display());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Who runs a server.
enum User {
    Same,
    Other { uid: u32, gid: u32 },
}

impl User {
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Same => Command::new(program),
            Self::Other { uid, gid } => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", &uid.to_string(), "--regid", &gid.to_string(), "--clear-groups"]).arg(program);
                command
            }
        }
    }
}

/// Gives a directory of root to somebody else, since Postgres refuses to run as root.
fn owner_other_than_root(dir: &Path) -> User {
    if fs::metadata(dir).unwrap().uid() != 0 {
        return User::Same;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let (uid, gid) = ["postgres", "nobody"].iter().find_map(|name| ids(&users, name)).expect("a user other than root");
    chown(dir, Some(uid), Some(gid)).unwrap();
    User::Other { uid, gid }
}

fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let user = users.lines().find(|user| user.split(':').next() == Some(name))?;
    let mut fields = user.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn new_dir() -> TempDir {
    tempfile::Builder::new().prefix("standstill-").tempdir().unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|dir| dir.path().join("bin"));
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/local/bin")])
        .chain(debian)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

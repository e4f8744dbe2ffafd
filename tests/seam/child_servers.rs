//! Servers that a test starts as processes.

use std::env;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use standstill::clock::{self, Holder};
use standstill::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::sleep;

/// Names the socket of the process that serves.
const SERVE: &str = "SEAM_SERVES_AT";

/// After so much real time, a process holds the clock no longer, whatever it is.
const LONGEST: Duration = Duration::from_secs(5);

/// What the started process runs; else it is no test.
#[test]
fn serve() {
    let Some(path) = env::var_os(SERVE) else { return };
    thread::spawn(|| {
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        std::process::exit(0);
    });
    let listener = UnixListener::bind(path).unwrap();
    for connection in listener.incoming() {
        let mut connection = connection.unwrap();
        let mut asked = [0];
        if connection.read_exact(&mut asked).is_ok() {
            connection.write_all(&asked).unwrap();
        }
    }
}

struct Server {
    process: Child,
    path: PathBuf,
}

impl Server {
    /// Starts one by a command, to which the arguments are added that have it serve until its standard input ends.
    fn start(name: &str, mut command: Command) -> Self {
        let path = env::temp_dir().join(format!("standstill-{}-{name}.sock", std::process::id()));
        command.arg(env::current_exe().unwrap()).args(["--exact", "child_servers::serve"]).env(SERVE, &path);
        let process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        Self { process, path }
    }

    /// Tries until it is there, as whoever waits for a server does.
    async fn connect(&self) -> UnixStream {
        loop {
            match connect(&self.path).await {
                Ok(connection) => return connection,
                Err(_) => sleep(1.millis()).await,
            }
        }
    }
}

async fn connect(path: &Path) -> std::io::Result<UnixStream> {
    let mut connection = UnixStream::connect(path).await?;
    connection.write_all(&[7]).await?;
    connection.read_exact(&mut [0]).await?;
    Ok(connection)
}

impl Drop for Server {
    fn drop(&mut self) {
        standstill::blocking::allow_blocking("the server is at its end", || {
            // That closes its standard input first.
            self.process.wait().unwrap();
            std::fs::remove_file(&self.path).unwrap();
        });
    }
}

#[async_test]
async fn a_server_that_a_test_starts_holds_the_clock_no_longer_than_until_it_listens() {
    let began = clock::real();
    let server = Server::start("listens", Command::new("env"));
    let _connection = server.connect().await;
    assert!(clock::real() - began < LONGEST);
    assert!(matches!(clock::held_by()[..], [Holder::Process { .. }]));
}

#[async_test]
async fn a_server_that_another_program_starts_for_the_test_is_one_too() {
    let began = clock::real();
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\"; exit 0", "sh"]);
    let server = Server::start("by-another", shell);
    let _connection = server.connect().await;
    assert!(clock::real() - began < LONGEST);
}

#[async_test]
async fn while_a_server_is_young_the_clock_is_no_faster_than_the_real_one() {
    let server = Server::start("young", Command::new("env"));
    let _connection = server.connect().await;
    for pause in [1, 20, 50].map(Duration::from_millis) {
        let began = clock::real();
        sleep(pause).await;
        assert!(clock::real() - began >= pause);
    }
}

//! What a run leaves behind in its process: nothing. In a file of its own, since it counts for the whole process.
#![cfg(target_os = "linux")]

use std::fs;

use standstill::{Builder, prelude::*, task};
use tokio::time::sleep;

fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn a_thousand_runs_leave_no_file_open() {
    let run = || {
        let _ = Builder::new().try_run(async || {
            let sleeper = task::spawn("sleeper", sleep(1.secs()));
            tokio::spawn(std::future::pending::<()>());
            sleeper.await.unwrap();
            std::future::pending::<()>().await;
        });
    };
    run();
    let before = open_files();

    for _ in 0..1000 {
        run();
    }

    assert_eq!(open_files(), before);
}

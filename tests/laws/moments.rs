//! Descriptors that are ready for a moment only, because somebody outside takes what is there.

use std::io::{PipeReader, Read, Write, pipe};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use standstill::prelude::*;
use tokio::net::unix::pipe::Receiver;
use tokio::task::spawn_blocking;

/// How long sleeps take whose runtime watches a pipe.
fn sleeps_beside(pipe: PipeReader, begin: impl FnOnce()) -> Duration {
    standstill::run(async || {
        let _watched = Receiver::from_owned_fd(pipe.into()).unwrap();
        let start = Instant::now();
        let sleeps = spawn_blocking(|| {
            for _ in 0..200 {
                thread::sleep(1.millis());
            }
        });
        begin();
        sleeps.await.unwrap();
        start.elapsed()
    })
}

#[test]
fn what_is_ready_for_a_moment_does_not_stop_the_clock() {
    let (mut reader, mut writer) = pipe().unwrap();
    let (begin, begins) = mpsc::channel();

    let watched = reader.try_clone().unwrap();
    let outside = thread::spawn(move || {
        for () in begins {
            // A few times, and never again: so nothing later makes good for what was missed.
            for _ in 0..5 {
                writer.write_all(&[1]).unwrap();
                reader.read_exact(&mut [0]).unwrap();
            }
        }
    });
    for _ in 0..300 {
        assert_eq!(sleeps_beside(watched.try_clone().unwrap(), || begin.send(()).unwrap()), 200.millis());
    }
    drop(begin);
    outside.join().unwrap();
}

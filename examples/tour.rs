//! The crate in one minute: a client that retries for hours, calls at the same time, a rate limiter, and a program that
//! hangs, with the report that says where.
//!
//! Run it by `cargo run --example tour`, and its tests by `cargo test --example tour`.

use std::time::Duration;

use standstill::task::{self, gather};
use standstill::{Builder, Failure, clock, prelude::*};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, error::Elapsed, sleep, sleep_until, timeout};

/// Asks up to three times, waits 30 s for each answer, and an hour before it asks again.
async fn ask_patiently<T>(ask: impl AsyncFn() -> T) -> Result<T, Elapsed> {
    for _ in 0..2 {
        if let Ok(answer) = timeout(Duration::from_secs(30), ask()).await {
            return Ok(answer);
        }
        sleep(Duration::from_hours(1)).await;
    }
    timeout(Duration::from_secs(30), ask()).await
}

/// Keeps calls at least so far apart, in the order in which they come.
struct Pacer {
    every: Duration,
    next: Mutex<Instant>,
}

impl Pacer {
    fn new(every: Duration) -> Self {
        Self { every, next: Mutex::new(Instant::now()) }
    }

    async fn turn(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        *next = Instant::now() + self.every;
    }
}

/// Sends mails until the outbox is closed, and gives how many it sent.
async fn send_all(mut outbox: mpsc::Receiver<&'static str>) -> usize {
    let mut sent = 0;
    while let Some(_mail) = outbox.recv().await {
        sleep(Duration::from_millis(100)).await;
        sent += 1;
    }
    sent
}

/// Hangs: the mailer waits for the outbox to be closed, and it is still open.
fn hang() -> Result<usize, Failure> {
    Builder::new().try_run(async || {
        let (outbox, mails) = mpsc::channel(8);
        let mailer = task::spawn("mailer", send_all(mails));
        outbox.send("Dear Ada").await.unwrap();
        mailer.await.unwrap()
    })
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>10.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("A client asks a server that is down for two hours");
    let started = std::time::Instant::now();
    standstill::run(async || {
        let answer = ask_patiently(async || {
            say!("asks");
            sleep(2.hours().saturating_sub(clock::elapsed())).await;
            "pong"
        })
        .await;
        say!("the answer is {:?}", answer.unwrap());
    });
    println!("              (two hours, in {:.0?} of real time)", started.elapsed());

    println!("\nThree calls at the same time: results in the order of the calls");
    standstill::run(async || {
        let calls = [(3, "a"), (1, "b"), (2, "c")].map(async |(seconds, letter)| {
            sleep(seconds.secs()).await;
            say!("{letter} is done");
            letter
        });
        let gathered = gather(calls).await.unwrap();
        say!("gathered {gathered:?}");
    });

    println!("\nA limiter: one call every 200 ms");
    standstill::run(async || {
        let pacer = Pacer::new(200.millis());
        for call in 1..=4 {
            pacer.turn().await;
            say!("call {call}");
        }
    });

    println!("\nA program that hangs: found at once, and this is the report\n\n{}", hang().unwrap_err());
}

#[cfg(test)]
mod tests {
    use standstill::{Kind, probe::Meter};

    use super::*;

    #[async_test]
    async fn the_client_gives_up_after_three_attempts() {
        let attempts = Meter::new();

        let answer = ask_patiently(async || {
            attempts.tick();
            std::future::pending::<()>().await;
        });

        assert!(answer.await.is_err());
        assert_eq!(attempts.instants(), [0.secs(), 3630.secs(), 7260.secs()]);
        assert_elapsed!(7290.secs());
    }

    #[async_test]
    async fn paced_calls_keep_their_distance() {
        let (pacer, calls) = (Pacer::new(200.millis()), Meter::new());

        for pause in [0, 0, 150, 300, 0] {
            sleep(pause.millis()).await;
            pacer.turn().await;
            calls.tick();
        }

        assert_eq!(calls.instants(), [0, 200, 400, 700, 900].map(Units::millis));
    }

    #[test]
    fn an_outbox_left_open_is_found_as_stuck() {
        let failure = hang().unwrap_err();

        assert_eq!(failure.kind(), Kind::Stuck);
        assert!(failure.to_string().contains("task \"mailer\""), "{failure}");
    }
}

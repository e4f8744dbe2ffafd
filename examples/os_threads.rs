//! Threads of the operating system, with std's own sleeps, channels and condition variables, all on the test's clock.
//!
//! Run it by `cargo run --example os_threads`, and its tests by `cargo test --example os_threads`.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use standstill::blocking::Policy;
use standstill::{Builder, Level, prelude::*};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that do jobs, one at a time each.
struct Pool {
    jobs: Sender<Job>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new(size: usize) -> Self {
        let (jobs, waiting) = channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        let workers = (0..size).map(|_| {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || {
                loop {
                    let job = waiting.lock().expect("no job runs under the lock").recv();
                    let Ok(job) = job else { break };
                    job();
                }
            })
        });
        Self { jobs, workers: workers.collect() }
    }

    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.jobs.send(Box::new(job)).expect("the workers wait for jobs");
    }

    /// Waits until all jobs are done.
    fn finish(self) {
        drop(self.jobs);
        for worker in self.workers {
            worker.join().expect("no job panics");
        }
    }
}

/// Gives the messages that come until there is none for so long.
fn until_quiet(messages: &Receiver<&'static str>, quiet: Duration) -> Vec<&'static str> {
    let mut heard = Vec::new();
    loop {
        match messages.recv_timeout(quiet) {
            Ok(message) => heard.push(message),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return heard,
        }
    }
}

/// A door that opens once.
#[derive(Default)]
struct Door {
    is_open: Mutex<bool>,
    opens: Condvar,
}

impl Door {
    fn open(&self) {
        *self.is_open.lock().expect("nobody panics at the door") = true;
        self.opens.notify_all();
    }

    /// Says whether it opened in time.
    fn wait(&self, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut is_open = self.is_open.lock().expect("nobody panics at the door");
        while !*is_open && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            is_open = self.opens.wait_timeout(is_open, left).expect("nobody panics at the door").0;
        }
        *is_open
    }
}

fn main() {
    let really = Instant::now();
    // A body that waits for threads blocks its own, and here that is the point.
    Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
        let start = Instant::now();
        macro_rules! say {
            ($($what:tt)*) => { println!("{:>7.3} s  {}", start.elapsed().as_secs_f64(), format_args!($($what)*)) };
        }
        let pool = Pool::new(5);
        for _ in 0..20 {
            pool.run(|| thread::sleep(500.millis()));
        }
        pool.finish();
        say!("five threads have done 20 jobs of half a second");

        let (say, messages) = channel();
        thread::spawn(move || {
            for message in ["one", "two"] {
                say.send(message).expect("somebody listens");
                thread::sleep(1.mins());
            }
        });
        say!("heard until it was quiet for ten minutes: {:?}", until_quiet(&messages, 10.mins()));

        let door = Arc::new(Door::default());
        let waiting = Arc::clone(&door);
        thread::spawn(move || {
            thread::sleep(1.hours());
            waiting.open();
        });
        say!("the door opened within a minute: {}", door.wait(1.mins()));
        say!("the door opened within a day: {}", door.wait(24.hours()));
    });
    println!("all of it took {} ms of real time", really.elapsed().as_millis());
}

#[cfg(test)]
mod tests {
    use super::*;

    // A body that waits for threads blocks its own, and here that is the point.
    #[async_test(blocking = "allow")]
    async fn five_threads_do_twenty_jobs_of_half_a_second_in_two() {
        let pool = Pool::new(5);
        for _ in 0..20 {
            pool.run(|| thread::sleep(500.millis()));
        }

        pool.finish();

        assert_elapsed!(2.secs());
    }

    // A body that waits for threads blocks its own, and here that is the point.
    #[async_test(blocking = "allow")]
    async fn a_receiver_waits_as_long_as_it_says_and_no_longer() {
        let (say, messages) = channel();
        let speaker = thread::spawn(move || {
            for (pause, message) in [(9, "one"), (9, "two"), (11, "too late")] {
                thread::sleep(pause.secs());
                let _ = say.send(message);
            }
        });

        assert_eq!(until_quiet(&messages, 10.secs()), ["one", "two"]);
        assert_elapsed!(28.secs());
        speaker.join().unwrap();
        assert_elapsed!(29.secs());
    }

    // A body that waits for threads blocks its own, and here that is the point.
    #[async_test(blocking = "allow")]
    async fn a_condition_variable_wakes_at_the_instant_of_its_signal() {
        let door = Arc::new(Door::default());
        let opener = thread::spawn({
            let door = Arc::clone(&door);
            move || {
                thread::sleep(1.hours());
                door.open();
            }
        });

        assert!(!door.wait(1.mins()));
        assert_elapsed!(1.mins());
        assert!(door.wait(24.hours()));
        assert_elapsed!(1.hours());
        opener.join().unwrap();
    }
}

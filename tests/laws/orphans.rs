//! Threads that outlive their bubble, and work for another one.
#![expect(unsafe_code, reason = "a runtime's calls of its bell are made by hand")]

use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use standstill::blocking::Policy;
use standstill::{Builder, Level, prelude::*};

type Work = Box<dyn FnOnce() + Send>;

/// A thread that does one piece of work after the other.
#[derive(Clone)]
struct Worker(Sender<Work>);

impl Worker {
    fn start() -> Self {
        let (sender, work) = mpsc::channel::<Work>();
        thread::spawn(move || work.iter().for_each(|work| work()));
        Self(sender)
    }

    fn hand(&self, work: impl FnOnce() + Send + 'static) {
        self.0.send(Box::new(work)).unwrap();
    }

    /// Has the worker sleep, and gives what it then says.
    fn sleeps<T: Send + 'static>(&self, length: Duration, say: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
        let (sender, said) = mpsc::channel();
        self.hand(move || {
            thread::sleep(length);
            sender.send(say()).unwrap();
        });
        said
    }
}

fn builder() -> Builder {
    Builder::new().blocking(Policy::all(Level::Allow)).wall_timeout(20.secs())
}

#[test]
fn a_worker_from_an_earlier_bubble_works_in_the_time_of_the_one_that_calls_it() {
    let worker = builder().run(async || Worker::start());
    for round in 1..5 {
        builder().run(async || {
            let start = Instant::now();
            let said = worker.sleeps(round.hours(), Instant::now);
            // Whoever waits here would see a clock that does not wait for the worker.
            let said = said.recv_timeout((2 * round).hours()).unwrap();
            assert_eq!(said, Instant::now());
            assert_eq!(start.elapsed(), round.hours());
        });
    }
}

#[test]
fn a_worker_is_one_bubble_s_after_the_other_s_though_both_use_it_at_once() {
    let worker = builder().run(async || Worker::start());
    let threads = [(); 3].map(|()| {
        let worker = worker.clone();
        thread::spawn(move || {
            builder().run(async || {
                for _ in 0..50 {
                    let said = worker.sleeps(Duration::ZERO, || 7);
                    assert_eq!(said.recv(), Ok(7));
                }
            });
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn the_clock_of_a_thread_never_goes_back_wherever_it_works() {
    let last = Arc::new(Mutex::new(Instant::now()));
    let look = move || {
        let mut last = last.lock().unwrap();
        let now = Instant::now();
        assert!(*last <= now);
        *last = now;
    };
    let worker = builder().run(async || {
        let worker = Worker::start();
        worker.sleeps(1.days(), look.clone()).recv().unwrap();
        worker
    });
    for length in [1.millis(), 2.days(), 1.secs()] {
        builder().run(async || {
            worker.sleeps(Duration::ZERO, look.clone()).recv().unwrap();
            worker.sleeps(length, look.clone()).recv().unwrap();
        });
    }
}

#[test]
fn what_sleeps_on_when_its_bubble_ends_sleeps_in_real_time() {
    let real = Instant::now();
    let (sender, awake) = mpsc::channel();
    builder().run(async move || {
        thread::spawn(move || {
            let start = Instant::now();
            thread::sleep(30.millis());
            sender.send(start.elapsed()).unwrap();
        });
    });
    assert!(awake.recv().unwrap() >= 30.millis());
    assert!(real.elapsed() >= 30.millis());
}

#[test]
fn a_thread_is_joined_by_a_later_bubble() {
    let sleeper = builder().run(async || thread::spawn(|| thread::sleep(1.hours())));
    builder().run(async || {
        let joined = tokio::task::spawn_blocking(|| sleeper.join().unwrap());
        tokio::time::timeout(2.hours(), joined).await.unwrap().unwrap();
    });
}

#[test]
fn a_runtime_in_a_static_serves_one_bubble_after_the_other() {
    let runtime = builder()
        .run(async || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());
    for round in 1..20 {
        builder().run(async || {
            let start = Instant::now();
            let task = runtime.spawn(async move {
                tokio::time::sleep(round.hours()).await;
                let blocking = tokio::task::spawn_blocking(move || thread::sleep(round.mins()));
                blocking.await.unwrap();
                Instant::now()
            });
            let end = tokio::time::timeout((2 * round).hours(), task).await.unwrap().unwrap();
            assert_eq!(end, Instant::now());
            assert_eq!(start.elapsed(), round.hours() + round.mins());
        });
    }
    runtime.shutdown_background();
}

/// A thread that waits at an epoll for an eventfd, as a runtime's does, and may have work to do when it is rung for.
struct Runner {
    bell: OwnedFd,
    is_at_work: Arc<AtomicBool>,
    is_free: Arc<AtomicBool>,
}

impl Runner {
    /// Starts it: whenever it was rung for, it works until it is free, and sends word an hour later.
    fn start(word: Sender<Instant>) -> Self {
        // SAFETY: The descriptors are the test's own, and the event is valid.
        let (epoll, bell) = unsafe {
            let (epoll, bell) = (libc::epoll_create1(0), libc::eventfd(0, libc::EFD_NONBLOCK));
            let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: 0 };
            assert_eq!(libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, bell, &raw mut event), 0);
            (OwnedFd::from_raw_fd(epoll), OwnedFd::from_raw_fd(bell))
        };
        let runner = Self { bell: bell.try_clone().unwrap(), is_at_work: Arc::default(), is_free: Arc::default() };
        let (is_at_work, is_free) = (Arc::clone(&runner.is_at_work), Arc::clone(&runner.is_free));
        thread::spawn(move || {
            for _ in 0..2 {
                let mut event = libc::epoll_event { events: 0, u64: 0 };
                // SAFETY: There is room for one event, and for eight bytes.
                unsafe {
                    assert_eq!(libc::epoll_wait(epoll.as_raw_fd(), &raw mut event, 1, -1), 1);
                    assert_eq!(libc::read(bell.as_raw_fd(), (&raw mut event).cast(), 8), 8);
                }
                is_at_work.store(true, Ordering::SeqCst);
                while !is_free.load(Ordering::SeqCst) {
                    std::hint::spin_loop();
                }
            }
            thread::sleep(1.hours());
            word.send(Instant::now()).unwrap();
        });
        runner
    }

    fn ring(&self) {
        let one = 1_u64;
        // SAFETY: Eight bytes are read.
        assert_eq!(unsafe { libc::write(self.bell.as_raw_fd(), (&raw const one).cast(), 8) }, 8);
    }
}

#[test]
fn a_thread_that_is_at_work_when_it_is_rung_for_works_in_the_time_of_who_rang() {
    let (word, said) = mpsc::channel();
    let runner = builder().run(async || Runner::start(word));
    runner.ring();
    while !runner.is_at_work.load(Ordering::SeqCst) {
        thread::yield_now();
    }

    builder().run(async || {
        let start = Instant::now();
        runner.ring();
        runner.is_free.store(true, Ordering::SeqCst);
        assert_eq!(said.recv().unwrap(), Instant::now());
        assert_eq!(start.elapsed(), 1.hours());
    });
}

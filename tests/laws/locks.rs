//! Bubbles, and a thread of none, that meet at a lock in a `static`: nobody's clock may move because of it.

use std::fs::{self, File};
use std::io::Write;
use std::sync::{Arc, Barrier, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use standstill::blocking::Policy;
use standstill::{Builder, Level};

/// So many bubbles are at the lock at a time.
const BUBBLES: usize = 3;

/// Works for a while, in real time, whoever calls.
fn work() {
    // The calling thread's own processor time, which no bubble answers.
    let busy = || {
        let usage = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let fields: Vec<_> = usage.rsplit_once(')').unwrap().1.split_whitespace().map(str::to_owned).collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let start = busy();
    // In hundredths of a second: well past every grace.
    while busy() < start + 6 {
        std::hint::black_box((0..10_000_u64).sum::<u64>());
    }
}

/// Opens bubbles that all come to `meet` at once, beside a thread that would see a jump.
fn meet(strangers: usize, meet: impl Fn() + Send + Sync + 'static) {
    let meet = Arc::new(meet);
    let all_here = Arc::new(Barrier::new(BUBBLES + strangers));
    let strangers = (0..strangers).map(|_| {
        let (meet, all_here) = (Arc::clone(&meet), Arc::clone(&all_here));
        thread::spawn(move || {
            all_here.wait();
            meet();
        })
    });
    let bubbles = (0..BUBBLES).map(|_| {
        let (meet, all_here) = (Arc::clone(&meet), Arc::clone(&all_here));
        thread::spawn(move || {
            Builder::new().blocking(Policy::all(Level::Allow)).wall_timeout(Duration::from_secs(20)).run(async || {
                let start = Instant::now();
                all_here.wait();
                let met = tokio::task::spawn_blocking(move || meet());
                let met = tokio::time::timeout(Duration::from_millis(1), met).await;
                assert!(met.is_ok(), "the clock moved while a lock was waited for");
                assert_eq!(start.elapsed(), Duration::ZERO);
            });
        })
    });
    let threads: Vec<_> = strangers.chain(bubbles).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_mutex_in_a_static_moves_no_clock() {
    static LOCK: Mutex<()> = Mutex::new(());
    meet(0, || {
        let _held = LOCK.lock().unwrap();
        work();
    });
}

#[test]
fn a_mutex_that_a_stranger_holds_moves_no_clock() {
    static LOCK: Mutex<()> = Mutex::new(());
    meet(1, || {
        let _held = LOCK.lock().unwrap();
        work();
    });
}

#[test]
fn a_rwlock_in_a_static_moves_no_clock() {
    static LOCK: RwLock<()> = RwLock::new(());
    meet(1, || {
        drop(LOCK.read().unwrap());
        let _held = LOCK.write().unwrap();
        work();
    });
}

#[test]
fn locks_of_parking_lot_in_a_static_move_no_clock() {
    static MUTEX: parking_lot::Mutex<()> = parking_lot::Mutex::new(());
    static RWLOCK: parking_lot::RwLock<()> = parking_lot::RwLock::new(());
    meet(1, || {
        let held = MUTEX.lock();
        work();
        drop(held);
        drop(RWLOCK.read());
        let _held = RWLOCK.write();
        work();
    });
}

#[test]
fn what_is_made_once_in_a_static_moves_no_clock() {
    static LAZY: LazyLock<()> = LazyLock::new(work);
    static CELL: OnceLock<()> = OnceLock::new();
    static ONCE: Once = Once::new();
    meet(1, || {
        LazyLock::force(&LAZY);
        CELL.get_or_init(work);
        ONCE.call_once(work);
    });
}

#[test]
fn stdout_and_stderr_move_no_clock() {
    meet(1, || {
        let mut out = std::io::stdout().lock();
        out.flush().unwrap();
        work();
        drop(out);
        let _err = std::io::stderr().lock();
        work();
    });
}

#[test]
fn a_holder_that_sleeps_in_its_own_time_moves_no_other_clock() {
    static LOCK: Mutex<()> = Mutex::new(());
    let holder = thread::spawn(|| {
        Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
            for _ in 0..20 {
                let held = LOCK.lock().unwrap();
                thread::sleep(Duration::from_secs(1));
                drop(held);
            }
        });
    });
    meet(0, || drop(LOCK.lock().unwrap()));
    holder.join().unwrap();
}

/// Opens bubbles whose members sleep, one after the other, while they have what all want, beside a thread that would see a jump.
fn take_turns(locked: impl Fn(&dyn Fn()) + Send + Sync) {
    const MEMBERS: u32 = 3;
    let nap = Duration::from_millis(1);
    let bubble = || {
        Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
            let start = Instant::now();
            thread::scope(|scope| {
                let timer = scope.spawn(|| thread::sleep(Duration::from_secs(10)));
                let members = [(); MEMBERS as usize].map(|()| scope.spawn(|| locked(&|| thread::sleep(nap))));
                for member in members {
                    member.join().unwrap();
                }
                assert_eq!(start.elapsed(), MEMBERS * nap, "the clock moved while a lock was waited for");
                timer.join().unwrap();
            });
        });
    };
    thread::scope(|scope| {
        for _ in 0..BUBBLES {
            scope.spawn(|| (0..5).for_each(|_| bubble()));
        }
    });
}

#[test]
fn holders_that_sleep_while_others_of_their_bubble_wait_too_move_no_other_clock() {
    static LOCK: Mutex<()> = Mutex::new(());
    take_turns(|nap| {
        let _held = LOCK.lock().unwrap();
        nap();
    });
}

#[test]
fn holders_of_a_file_that_sleep_while_others_of_their_bubble_wait_too_move_no_other_clock() {
    let path = env::temp_dir().join(format!("standstill-{}-turns", process::id()));
    File::create(&path).unwrap();
    take_turns(|nap| {
        let file = File::open(&path).unwrap();
        file.lock().unwrap();
        nap();
        file.unlock().unwrap();
    });
    fs::remove_file(&path).unwrap();
}

//! What a test can ask of its clocks where all of it is in virtual time.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::{Mutex, atomic, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use standstill::blocking::{Policy, allow_blocking};
use standstill::clock::{self, Holder, Step};
use standstill::{Builder, Flavor, Kind, Level, assert_elapsed, async_test, prelude::*};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap()
}

#[async_test(blocking = "allow")]
async fn std_s_clocks_follow_the_test_s_on_every_thread() {
    let (instant, system) = (Instant::now(), SystemTime::now());
    let elapsed = move || (instant.elapsed(), system.elapsed().unwrap(), clock::elapsed());

    sleep(5.secs()).await;

    assert_eq!(elapsed(), (5.secs(), 5.secs(), 5.secs()));
    assert_eq!(thread::spawn(elapsed).join().unwrap(), (5.secs(), 5.secs(), 5.secs()));
    assert_eq!(tokio::task::spawn_blocking(elapsed).await.unwrap(), (5.secs(), 5.secs(), 5.secs()));
}

#[async_test(blocking = "allow")]
async fn the_real_clock_stays_within_reach() {
    let real = clock::real();

    sleep(365.days()).await;

    assert!(clock::real() - real < 1.days());
    assert!(thread::spawn(clock::real).join().unwrap() >= real);
}

#[async_test(blocking = "allow", start_time = "2026-02-28T23:59:58Z")]
async fn the_system_s_clock_starts_where_it_is_told_to() {
    assert_eq!(since_1970(SystemTime::now()), 1_772_323_198.secs());

    sleep(2.secs()).await;

    assert_eq!(thread::spawn(SystemTime::now).join().map(since_1970).unwrap(), 1_772_323_200.secs());
}

#[test]
fn without_a_start_time_the_system_s_clock_starts_at_the_real_time() {
    let before = SystemTime::now();
    let seen = standstill::run(async || SystemTime::now());

    // A millisecond is the runtime's own.
    assert!(before <= seen && seen <= SystemTime::now() + 1.millis());
}

#[async_test]
async fn setting_the_system_s_clock_moves_neither_instants_nor_timers() {
    let start = Instant::now();
    let timer = tokio::spawn(sleep(3.secs()));
    sleep(1.secs()).await;

    clock::set_system(SystemTime::UNIX_EPOCH + 1_000_000_000.secs());
    timer.await.unwrap();

    assert_eq!(start.elapsed(), 3.secs());
    assert_eq!(since_1970(SystemTime::now()), 1_000_000_002.secs());
}

#[async_test(start_time = "2026-01-01T00:00:10Z")]
async fn a_step_moves_the_system_s_clock_either_way() {
    let start = SystemTime::now();

    clock::step_system(Step::Forward(1.hours()));
    assert_eq!(SystemTime::now(), start + 1.hours());

    clock::step_system(Step::Back(2.hours()));
    assert_eq!(SystemTime::now(), start - 1.hours());
    assert_elapsed!(0.secs());
}

#[async_test]
#[should_panic(expected = "clock::set_system takes no time before 1970")]
async fn the_system_s_clock_goes_no_further_back_than_1970() {
    clock::set_system(SystemTime::UNIX_EPOCH - 1.secs());
}

#[async_test(start_paused = true)]
#[should_panic(expected = "clock::step_system needs all of a test in virtual time: leave out time = \"real\"")]
async fn on_tokio_s_own_clock_the_system_s_is_real() {
    clock::step_system(Step::Forward(1.secs()));
}

#[async_test]
async fn what_holds_the_clock_is_said() {
    assert_eq!(clock::held_by(), []);

    let hold = clock::outside("the printer answers");
    let freeze = clock::freeze();
    let held_by: Vec<_> = clock::held_by().iter().map(ToString::to_string).collect();
    assert_eq!(
        held_by,
        [
            "clock::outside(\"the printer answers\") at tests/bubble.rs:103:16",
            "clock::freeze at tests/bubble.rs:104:18"
        ]
    );

    drop((hold, freeze));
    assert_eq!(clock::held_by(), []);
}

#[test]
fn a_request_to_a_server_outside_holds_the_clock_until_its_answer() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (may_answer, answers) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 8]).unwrap();
        answers.recv().unwrap();
        stream.write_all(b"answer").unwrap();
    });

    standstill::run(async || {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let local = stream.local_addr().unwrap().to_string();
        stream.write_all(b"question").await.unwrap();
        assert_eq!(clock::held_by(), [Holder::Socket { local, peer: address.to_string() }]);

        may_answer.send(()).unwrap();
        let mut text = [0; 6];
        timeout(1.secs(), stream.read_exact(&mut text)).await.unwrap().unwrap();
        assert_eq!(&text, b"answer");
        assert_eq!(clock::held_by(), []);
        assert_elapsed!(0.secs());
    });
    server.join().unwrap();
}

#[test]
fn who_has_connected_by_a_blocking_call_awaits_the_server_s_greeting_too() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (may_greet, greetings) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        greetings.recv().unwrap();
        stream.write_all(b"hello").unwrap();
    });

    standstill::run(async || {
        allow_blocking("it is what this is about", || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let local = stream.local_addr().unwrap().to_string();
            assert_eq!(clock::held_by(), [Holder::Socket { local, peer: address.to_string() }]);

            may_greet.send(()).unwrap();
            stream.read_exact(&mut [0; 5]).unwrap();
            assert_eq!(clock::held_by(), []);
        });
    });
    server.join().unwrap();
}

#[test]
fn a_port_that_the_test_has_let_go_may_be_a_stranger_s() {
    let (lets_go, addresses) = mpsc::channel::<SocketAddr>();
    let (listens, listening) = oneshot::channel();
    let server = thread::spawn(move || {
        let listener = std::net::TcpListener::bind(addresses.recv().unwrap()).unwrap();
        listens.send(()).unwrap();
        listener.accept().unwrap().0.read_to_end(&mut Vec::new()).unwrap();
    });

    standstill::run(async || {
        // No other test takes it meanwhile.
        let address = TcpListener::bind("127.0.0.77:0").await.unwrap().local_addr().unwrap();
        let outside = clock::outside("a stranger listens");
        lets_go.send(address).unwrap();
        listening.await.unwrap();
        drop(outside);

        let mut stream = TcpStream::connect(address).await.unwrap();
        let local = stream.local_addr().unwrap().to_string();
        stream.write_all(b"question").await.unwrap();

        assert_eq!(clock::held_by(), [Holder::Socket { local, peer: address.to_string() }]);
    });
    server.join().unwrap();
}

#[async_test(blocking = "allow")]
async fn a_port_is_the_test_s_as_long_as_one_of_its_sockets_has_it() {
    // No other test takes it meanwhile.
    let listener = TcpListener::bind("127.0.0.78:0").await.unwrap();
    let server = std::net::UdpSocket::bind(listener.local_addr().unwrap()).unwrap();
    drop(listener);

    let client = std::net::UdpSocket::bind("127.0.0.78:0").unwrap();
    client.connect(server.local_addr().unwrap()).unwrap();
    client.send(b"question").unwrap();

    assert_eq!(clock::held_by(), []);
}

#[test]
fn a_datagram_holds_the_clock_only_if_somebody_has_the_port_to_which_it_goes() {
    const NOBODY_S: &str = "127.0.0.1:1";

    let server = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = server.local_addr().unwrap();

    standstill::run(async || {
        let connected = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        connected.connect(NOBODY_S).await.unwrap();
        connected.send(b"metric").await.unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.send_to(b"metric", NOBODY_S).await.unwrap();
        assert_eq!(clock::held_by(), []);

        socket.send_to(b"question", address).await.unwrap();
        let local = socket.local_addr().unwrap();
        assert!(matches!(&clock::held_by()[..], [Holder::Socket { local: by, .. }] if *by == local.to_string()));

        server.send_to(b"answer", local).unwrap();
        assert_eq!(socket.recv_from(&mut [0; 6]).await.unwrap(), (6, address));
        assert_eq!(clock::held_by(), []);
        assert_elapsed!(0.secs());
    });
}

#[test]
fn a_datagram_socket_that_is_connected_anew_waits_for_no_answer_from_before() {
    let [first, second] = [(), ()].map(|()| std::net::UdpSocket::bind("127.0.0.1:0").unwrap());
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    for socket in [&second, &socket] {
        socket.set_nonblocking(true).unwrap();
    }
    let local = socket.local_addr().unwrap();

    standstill::run(async || {
        socket.connect(first.local_addr().unwrap()).unwrap();
        socket.send(b"question").unwrap();
        assert!(matches!(&clock::held_by()[..], [Holder::Socket { local: by, .. }] if *by == local.to_string()));
    });
    standstill::run(async || {
        socket.connect(second.local_addr().unwrap()).unwrap();
        assert_eq!(clock::held_by(), []);

        second.send_to(b"answer", local).unwrap();
        assert_eq!(socket.recv(&mut [0; 6]).unwrap(), 6);
        // Else the clock would wait for what is answered to it.
        drop(second);
        sleep(1.secs()).await;
        assert_elapsed!(1.secs());
    });
}

fn report_of_the_wall_limit(body: impl AsyncFnOnce()) -> String {
    let failure = Builder::new().wall_timeout(1.secs()).try_run(body).unwrap_err();

    assert_eq!(failure.kind(), Kind::WallLimit, "{failure}");
    failure.to_string()
}

/// What is said of who holds the clock when a test is cut short.
fn holders_at_the_wall_limit(body: impl AsyncFnOnce()) -> Vec<String> {
    let report = report_of_the_wall_limit(body);
    assert!(report.contains("\nwhat to do\n  see why that takes so long, for it takes real time; "), "{report}");
    report.lines().filter(|line| line.starts_with("the clock is held by ")).map(str::to_owned).collect()
}

#[test]
fn the_report_of_the_wall_limit_names_the_socket_that_is_not_answered() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = listener.local_addr().unwrap();
    let mut local = None;

    let held_by = holders_at_the_wall_limit(async || {
        let mut stream = TcpStream::connect(peer).await.unwrap();
        local = Some(stream.local_addr().unwrap());
        stream.write_all(b"question").await.unwrap();
        stream.read_exact(&mut [0; 6]).await.unwrap();
    });

    let local = local.unwrap();
    assert_eq!(
        held_by,
        [format!("the clock is held by the socket from {local} to {peer}, which has not been answered")]
    );
}

#[test]
fn the_report_of_the_wall_limit_names_the_process_that_lives() {
    let mut child = None;

    let held_by = holders_at_the_wall_limit(async || {
        child = Some(std::process::Command::new("sleep").arg("60").spawn().unwrap());
        sleep(1.secs()).await;
    });

    let mut child = child.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(held_by, [format!("the clock is held by the process {}, which the test has started", child.id())]);
}

#[test]
fn the_report_of_the_wall_limit_names_the_thread_that_waits_for_what_a_stranger_has() {
    static SHARED: Mutex<()> = Mutex::new(());

    let (done, is_done) = mpsc::channel();
    let held = SHARED.lock().unwrap();
    let stranger = thread::spawn(move || while is_done.try_recv().is_err() {});
    let held_by = holders_at_the_wall_limit(async || {
        thread::Builder::new().name("waits".to_owned()).spawn(|| drop(SHARED.lock().unwrap())).unwrap();
        sleep(1.secs()).await;
    });
    drop(held);
    done.send(()).unwrap();
    stranger.join().unwrap();

    assert_eq!(
        held_by,
        [
            "the clock is held by the thread \"waits\", which waits for what is in a static, a file's lock, or a signal: another test, or a thread of none, may have it"
        ]
    );
}

#[test]
fn the_report_of_the_wall_limit_names_the_thread_that_has_computed_since_it_began() {
    static IS_OVER: atomic::AtomicBool = atomic::AtomicBool::new(false);

    let report = report_of_the_wall_limit(async || {
        let compute = || {
            while !IS_OVER.load(atomic::Ordering::Relaxed) {
                thread::yield_now();
            }
        };
        thread::Builder::new().name("crunch".to_owned()).spawn(compute).unwrap();
        sleep(1.secs()).await;
    });
    IS_OVER.store(true, atomic::Ordering::Relaxed);

    let held_by = "\nthread \"crunch\" runs, or waits in a call that standstill does not know: it holds the clock\n";
    assert!(report.contains(held_by), "{report}");
    assert!(report.contains("\nthe body waits here, the outermost await first\n"), "{report}");
}

#[async_test(flavor = "multi_thread", worker_threads = 4, time = "virtual")]
async fn many_threads_of_a_runtime_share_the_test_s_time() {
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..100_u64 {
        tasks.spawn(async move {
            for _ in 0..10 {
                sleep((100 * (1 + task % 5)).millis()).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
    assert_elapsed!(5.secs());

    tokio::task::block_in_place(|| thread::sleep(3.secs()));
    assert_elapsed!(8.secs());
}

#[async_test(blocking = "allow")]
async fn a_blocking_sleep_of_the_body_moves_the_clock_and_nothing_else_of_its_runtime_runs() {
    let timer = tokio::spawn(async {
        sleep(1.secs()).await;
        clock::elapsed()
    });
    tokio::task::yield_now().await;

    thread::sleep(5.secs());

    assert_elapsed!(5.secs());
    assert_eq!(timer.await.unwrap(), 5.secs());
}

#[async_test(blocking = "allow")]
async fn a_runtime_that_the_code_under_test_builds_is_in_the_test_s_time() {
    let slept = thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let start = Instant::now();
            sleep(2.secs()).await;
            start.elapsed()
        })
    });

    assert_eq!(slept.join().unwrap(), 2.secs());
    assert_elapsed!(2.secs());
}

#[async_test]
async fn tokio_s_own_pause_and_resume_work_inside() {
    sleep(5.secs()).await;

    tokio::time::pause();
    let start = tokio::time::Instant::now();
    tokio::time::advance(3.secs()).await;
    sleep(2.secs()).await;
    assert_eq!(start.elapsed(), 5.secs());
    assert_elapsed!(10.secs());

    tokio::time::resume();
    sleep(4.secs()).await;
    assert_eq!(start.elapsed(), 9.secs());
    assert_elapsed!(14.secs());
}

#[test]
fn a_thread_that_spins_on_the_clock_sees_it_move() {
    let elapsed = standstill::run(async || {
        let start = Instant::now();
        while start.elapsed() < 5.millis() {
            std::hint::spin_loop();
        }
        start.elapsed()
    });

    assert!(elapsed >= 5.millis() && elapsed < 6.millis());
}

/// bb8 tries its pool with as many, each of which notes how long it has waited.
#[async_test]
async fn tasks_that_are_many_and_read_the_clock_do_not_move_it() {
    let sleepers: Vec<_> = (0..110_000).map(|_| tokio::spawn(async { sleep(1.secs()).await })).collect();
    for sleeper in sleepers {
        sleeper.await.unwrap();
    }
    assert_elapsed!(1.secs());

    let readers: Vec<_> = (0..60_000)
        .map(|_| {
            tokio::spawn(async {
                let start = Instant::now();
                tokio::task::yield_now().await;
                start.elapsed()
            })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), Duration::ZERO);
    }
}

#[async_test]
async fn a_body_that_spawns_many_tasks_with_a_timer_each_does_not_move_the_clock() {
    let sleepers: Vec<_> = (0..110_000).map(|_| tokio::spawn(sleep(1.secs()))).collect();
    for sleeper in sleepers {
        sleeper.await.unwrap();
    }

    assert_elapsed!(1.secs());
}

#[async_test]
async fn a_task_that_yields_until_time_has_passed_sees_it_move_though_others_read_the_clock_too() {
    let others: Vec<_> = (0..1_000).map(|_| tokio::spawn(sleep(1.secs()))).collect();
    let start = Instant::now();
    while start.elapsed() < 5.millis() {
        tokio::task::yield_now().await;
    }

    assert!(start.elapsed() < 6.millis());
    assert!(others.iter().all(|other| !other.is_finished()));
}

#[test]
fn a_thread_may_open_a_bubble_of_its_own_inside_another() {
    Builder::new().blocking(Policy::all(Level::Allow)).run(async || {
        let inner = thread::spawn(|| {
            Builder::new().flavor(Flavor::MultiThread).worker_threads(2).run(async || {
                sleep(1.hours()).await;
                clock::elapsed()
            })
        });

        assert_eq!(inner.join().unwrap(), 1.hours());
        assert_elapsed!(0.secs());
    });
}

#[async_test(blocking = "allow")]
async fn a_loopback_server_among_the_test_s_threads_is_exact() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        (text, clock::elapsed())
    });

    let (mut server, _) = listener.accept().await.unwrap();
    sleep(3.secs()).await;
    server.write_all(b"hello").await.unwrap();
    sleep(4.secs()).await;
    drop(server);

    assert_eq!(client.join().unwrap(), ("hello".to_owned(), 7.secs()));
}

#[async_test]
async fn a_child_process_takes_no_time_and_holds_the_clock_until_it_ends() {
    let sleep = || {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "sleep 0.1; echo done"]);
        command
    };

    let output = timeout(1.secs(), tokio::task::spawn_blocking(move || sleep().output().unwrap()));
    assert_eq!(output.await.unwrap().unwrap().stdout, b"done\n");

    let output = timeout(1.secs(), tokio::process::Command::from(sleep()).output());
    assert_eq!(output.await.unwrap().unwrap().stdout, b"done\n");
    assert_elapsed!(0.secs());
}

/// Has a plain runtime, of no test in virtual time, keep a lock of tokio's in a `static` while it waits, and a test ask for it.
fn share_with_a_plain_runtime(lock: &'static tokio::sync::Mutex<()>, wait: impl AsyncFnOnce() + Send + 'static) {
    let (has, had) = mpsc::channel();
    let plain = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let _lock = lock.lock().await;
            has.send(()).unwrap();
            wait().await;
        });
    });
    had.recv().unwrap();
    standstill::run(async || drop(lock.lock().await));
    plain.join().unwrap();
}

#[test]
fn a_lock_of_tokio_s_in_a_static_is_waited_for_while_a_plain_runtime_sleeps_that_has_it() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    share_with_a_plain_runtime(&SHARED, async || sleep(100.millis()).await);
}

#[test]
fn a_lock_of_tokio_s_in_a_static_is_waited_for_while_a_plain_runtime_that_has_it_works_between_its_timers() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    share_with_a_plain_runtime(&SHARED, async || {
        for _ in 0..200 {
            sleep(1.millis()).await;
            let start = clock::real();
            while clock::real() - start < Duration::from_micros(200) {}
        }
    });
}

#[test]
fn a_lock_of_tokio_s_in_a_static_is_waited_for_while_a_plain_runtime_waits_for_news_that_has_it() {
    static SHARED: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    share_with_a_plain_runtime(&SHARED, async || {
        let (send, sent) = tokio::sync::oneshot::channel();
        let sender = thread::spawn(move || {
            thread::sleep(100.millis());
            send.send(()).unwrap();
        });
        sent.await.unwrap();
        sender.join().unwrap();
    });
}

#[async_test]
#[should_panic(expected = "clock::set_system takes no time after 2499")]
async fn the_system_s_clock_is_set_no_further_on_than_its_numbers_go() {
    clock::set_system(SystemTime::UNIX_EPOCH + 253_402_300_799.secs());
}

#[async_test(start_time = "2499-12-31T23:59:59Z")]
#[should_panic(expected = "clock::step_system takes no step to after 2499")]
async fn the_system_s_clock_is_stepped_no_further_on_than_its_numbers_go() {
    sleep(1.hours()).await;
    assert_eq!(since_1970(SystemTime::now()), 16_725_229_199.secs());
    clock::step_system(Step::Forward(Duration::MAX));
}

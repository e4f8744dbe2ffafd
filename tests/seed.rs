//! What a seed decides, a test gives again: in the same process, and in one of its own.
#![cfg(all(feature = "os", target_os = "linux", target_env = "gnu"))]

use std::collections::HashSet;
use std::env;
use std::fmt;
use std::process::Command;
use std::thread;

use rand::RngCore;
use standstill::blocking::Policy;
use standstill::mock::MockFn;
use standstill::{Builder, Level, Random, prelude::*};
use tokio::time::sleep;

/// Everything that asks the system for random bytes, in words.
fn chance() -> String {
    let order: HashSet<u32> = (0..20).collect();
    format!("{order:?} {} {} {}", rand::random::<u64>(), rand::rng().next_u64(), uuid::Uuid::new_v4())
}

/// The branches that `select!` takes when all are ready.
async fn branches() -> String {
    let mut taken = String::new();
    for _ in 0..20 {
        taken += tokio::select! {
            () = async {} => "a",
            () = async {} => "b",
            () = async {} => "c",
        };
    }
    taken
}

/// Runs a body on a fresh thread.
fn fresh<T: Send>(builder: &Builder, body: impl AsyncFnOnce() -> T + Send) -> T {
    let builder = builder.clone().blocking(Policy::all(Level::Allow));
    thread::scope(|scope| scope.spawn(|| builder.run(body)).join().unwrap())
}

/// What one of the tests below prints when it is run alone, in a process of its own.
fn alone(test: &str, seed: Option<&str>) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env_remove("STANDSTILL_SEED");
    command.envs(seed.map(|seed| ("STANDSTILL_SEED", seed)));
    let output = command.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed.lines().find_map(|line| line.split_once("it gives ")).expect("the test says what it gives").1.to_owned()
}

fn say(what: &str) {
    println!("it gives {what}");
}

#[async_test]
async fn what_chance_gives() {
    say(&format!("{} {}", chance(), branches().await));
}

#[async_test]
async fn what_chance_gives_to_another_test() {
    say(&format!("{} {}", chance(), branches().await));
}

#[async_test(seed = 42)]
async fn what_chance_gives_to_seed_42() {
    say(&format!("{} {}", chance(), branches().await));
}

#[async_test(random = "real")]
async fn what_real_chance_gives() {
    say(&chance());
}

#[test]
fn a_seed_decides_the_order_of_hash_maps_and_all_random_numbers() {
    let builder = Builder::new().seed(42);

    let first = fresh(&builder, async || chance());

    assert_eq!(fresh(&builder, async || chance()), first);
    assert_ne!(fresh(&builder.seed(43), async || chance()), first);
}

#[test]
fn each_thread_has_random_numbers_of_its_own_that_repeat() {
    let threads = async || {
        let start = |_| thread::spawn(chance);
        (0..3).map(start).map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    };
    let builder = Builder::new().seed(42);

    let first = fresh(&builder, threads);

    assert_eq!(fresh(&builder, threads), first);
    assert_eq!(HashSet::<_>::from_iter(&first).len(), 3);
}

#[test]
fn the_threads_that_a_thread_starts_do_not_change_its_own_numbers() {
    let builder = Builder::new().seed(42);

    let with_threads = fresh(&builder, async || {
        thread::spawn(chance).join().unwrap();
        tokio::task::spawn_blocking(chance).await.unwrap();
        sleep(1.hours()).await;
        chance()
    });

    assert_eq!(fresh(&builder, async || chance()), with_threads);
}

#[test]
fn without_a_seed_the_place_of_the_call_gives_one() {
    let [first, again] = [0, 1].map(|_| fresh_at_one_place());
    let elsewhere = fresh(&Builder::new(), async || chance());

    assert_eq!(first, again);
    assert_ne!(first, elsewhere);
}

fn fresh_at_one_place() -> String {
    thread::spawn(|| Builder::new().run(async || chance())).join().unwrap()
}

#[test]
fn real_randomness_does_not_repeat() {
    let builder = Builder::new().seed(42).random(Random::Real);

    assert_ne!(fresh(&builder, async || chance()), fresh(&builder, async || chance()));
}

#[test]
fn in_a_process_of_its_own_a_test_repeats_with_the_order_of_select() {
    let first = alone("what_chance_gives", None);

    assert_eq!(alone("what_chance_gives", None), first);
    assert_ne!(alone("what_chance_gives_to_another_test", None), first);
}

#[test]
fn the_environment_s_seed_goes_before_a_test_s_own() {
    let own = alone("what_chance_gives_to_seed_42", None);

    assert_eq!(alone("what_chance_gives_to_seed_42", Some("0x2a")), own);
    assert_ne!(alone("what_chance_gives_to_seed_42", Some("43")), own);
    assert_eq!(alone("what_chance_gives", Some("42")), own);
}

#[test]
fn under_real_randomness_the_environment_s_seed_has_no_effect() {
    assert_ne!(alone("what_real_chance_gives", Some("42")), alone("what_real_chance_gives", Some("42")));
}

#[async_test(check_determinism = true, never_polled = "allow")]
async fn an_argument_that_calls_a_mock_when_it_is_shown_is_compared_too() {
    #[derive(Clone)]
    struct Parcel(MockFn<fn()>);

    impl fmt::Debug for Parcel {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            drop(self.0.call(()));
            f.write_str("Parcel")
        }
    }

    let look: MockFn<fn()> = MockFn::new("look");
    let send: MockFn<fn(Parcel) -> u32> = MockFn::new("send");
    send.returns(1);
    assert_eq!(send.call(Parcel(look)).await, 1);
}

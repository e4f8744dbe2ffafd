//! The meter's figures, exact at the borders, and what its assertions say.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use standstill::prelude::*;
use standstill::probe::Meter;
use standstill::{assert_elapsed, clock, task};
use tokio::time::{Instant, interval, sleep};
use tower::{Service as _, ServiceExt as _};

fn at_millis<const N: usize>(millis: [u64; N]) -> Meter {
    millis.map(u64::millis).into_iter().collect()
}

#[async_test]
async fn ticks_are_noted_at_their_instants() {
    let meter = Meter::new();
    let clone = meter.clone();

    meter.tick();
    sleep(250.millis()).await;
    task::spawn("elsewhere", async move { clone.tick() }).await.unwrap();
    clock::advance(500.micros()).await;
    meter.tick();

    assert_eq!(meter.instants(), [0.millis(), 250.millis(), 250_500.micros()]);
    assert_eq!(meter.count(), 3);
}

#[async_test]
async fn meters_count_apart_and_clones_together() {
    let (one, other) = (Meter::new(), Meter::new());

    one.clone().tick();
    one.tick();
    other.tick();

    assert_eq!((one.count(), other.count()), (2, 1));
}

#[async_test]
async fn a_meter_ticks_from_blocking_jobs() {
    let meter = Meter::new();
    sleep(3.secs()).await;

    tokio::task::spawn_blocking({
        let meter = meter.clone();
        move || meter.tick()
    })
    .await
    .unwrap();

    assert_eq!(meter.instants(), [3.secs()]);
}

#[async_test(start_paused = true, blocking = "allow")]
async fn instants_are_in_order_whoever_ticks() {
    let meter = Meter::new();

    tokio::time::advance(1.secs()).await;
    meter.tick();
    std::thread::spawn({
        let meter = meter.clone();
        move || meter.tick()
    })
    .join()
    .unwrap();

    assert_eq!(meter.instants(), [1.secs(), 1.secs()]);
    assert_eq!(meter.spacing(), [Duration::ZERO]);
}

#[test]
fn a_meter_outlives_its_bubble() {
    let meter = standstill::run(async || {
        let meter = Meter::new();
        sleep(1.secs()).await;
        meter.tick();
        meter
    });

    assert_eq!(meter.instants(), [1.secs()]);
}

#[test]
fn two_events_exactly_a_window_apart_are_not_in_one_window() {
    let meter = at_millis([0, 999, 1000]);

    assert_eq!(meter.peak(1.secs()), 2);
    assert_eq!(meter.peak(1.secs() + 1.nanos()), 3);
    assert_eq!(meter.peak(1.millis()), 1);
    assert_eq!(meter.peak(1.millis() + 1.nanos()), 2);
    assert_eq!(meter.peak(Duration::MAX), 3);
}

#[test]
fn the_fullest_window_may_begin_anywhere() {
    let meter = at_millis([0, 700, 900, 1100, 1300, 1699, 5000]);

    assert_eq!(meter.peak(1.secs()), 5);
    assert_eq!(meter.peak(999.millis()), 4);
}

#[test]
fn a_burst_is_what_happens_at_one_instant() {
    assert_eq!(at_millis([1, 2, 2, 2, 3, 3]).burst(), 3);
    assert_eq!(at_millis([1, 2]).burst(), 1);
    assert_eq!([5.nanos(), 6.nanos()].into_iter().collect::<Meter>().burst(), 1);
}

#[test]
fn spacing_is_the_time_from_each_event_to_the_next() {
    assert_eq!(at_millis([100, 250, 250, 1000]).spacing(), [150, 0, 750].map(u64::millis));
    assert!(at_millis([7]).spacing().is_empty());
}

#[test]
#[expect(clippy::float_cmp, reason = "these quotients are exact")]
fn the_rate_is_the_mean_from_the_first_event_to_the_last() {
    assert_eq!(at_millis([1000, 1250, 1500, 1750, 2000]).rate(), 4.0);
    assert_eq!(at_millis([0, 2000]).rate(), 0.5);
    assert_eq!(at_millis([5, 5, 5]).rate(), f64::INFINITY);
    assert_eq!(at_millis([5]).rate(), 0.0);
    assert_eq!(at_millis([]).rate(), 0.0);
}

#[test]
fn no_events_have_no_peak_and_pass_every_assertion() {
    let meter = at_millis([]);

    assert_eq!((meter.count(), meter.peak(1.secs()), meter.burst()), (0, 0, 0));
    meter.assert_at_most(0, 1.secs());
    meter.assert_spacing(1.hours()..);
}

#[test]
fn a_list_may_come_in_any_order() {
    let meter = at_millis([300, 100, 200]);

    assert_eq!(meter.instants(), [100, 200, 300].map(u64::millis));
}

#[async_test]
async fn tokio_s_instants_count_from_the_earliest() {
    sleep(1.hours()).await;
    let start = Instant::now();

    let meter: Meter = [start + 5.secs(), start + 2.secs(), start + 2500.micros()].into_iter().collect();

    assert_eq!(meter.instants(), [0.micros(), 1_997_500.micros(), 4_997_500.micros()]);
    assert_eq!(Vec::<Instant>::new().into_iter().collect::<Meter>().count(), 0);
}

#[test]
fn an_assertion_that_holds_at_the_border_passes() {
    let meter = at_millis([0, 100, 200, 1000, 1100]);

    meter.assert_at_most(3, 1.secs());
    meter.assert_spacing(100.millis()..);
    meter.assert_spacing(100.millis()..=800.millis());
    meter.assert_spacing(..801.millis());
    meter.assert_spacing(..);
}

#[test]
#[should_panic(
    expected = "expected at most 2 events in any 1.000 s, but there are 3 from 0.500 s to before 1.500 s\n  \
                           event 2 of 5 at 0.500 s\n  event 3 of 5 at 1.000 s\n  event 4 of 5 at 1.499 s"
)]
fn the_window_that_holds_too_much_is_shown_with_its_events() {
    at_millis([0, 500, 1000, 1499, 1600]).assert_at_most(2, 1.secs());
}

#[test]
#[should_panic(
    expected = "expected at most 1 events in any 0.000001 s, but there are 2 from 7.000 s to before 7.000001 s"
)]
fn a_burst_is_too_much_in_a_window_of_a_microsecond() {
    at_millis([7000, 7000]).assert_at_most(1, 1.micros());
}

#[test]
#[should_panic(expected = "expected at least 0.100 s from each event to the next, but 0.099 s passed between\n  \
                           event 2 of 4 at 0.100 s\n  event 3 of 4 at 0.199 s")]
fn the_first_events_that_are_too_close_are_shown() {
    at_millis([0, 100, 199, 200]).assert_spacing(100.millis()..);
}

#[test]
#[should_panic(
    expected = "expected at least 0.100 s and less than 0.200 s from each event to the next, but 0.200 s passed"
)]
fn a_spacing_at_the_end_of_a_half_open_range_is_outside() {
    at_millis([0, 200]).assert_spacing(100.millis()..200.millis());
}

#[test]
#[should_panic(expected = "a window of no length holds no events")]
fn a_peak_needs_a_window() {
    at_millis([1]).peak(Duration::ZERO);
}

#[test]
#[should_panic(expected = "a window of no length holds no events")]
fn a_limit_needs_a_window() {
    at_millis([1]).assert_at_most(1, Duration::ZERO);
}

#[test]
#[should_panic(expected = "this meter was built from a list of instants; Meter::new gives one that ticks")]
fn a_list_does_not_tick() {
    at_millis([1]).tick();
}

#[test]
#[should_panic(expected = "Meter::new needs a bubble")]
fn a_meter_that_ticks_needs_a_bubble() {
    let _ = Meter::new();
}

#[async_test]
async fn an_interval_has_the_rate_that_it_was_given() {
    let calls = Meter::new();
    let mut interval = interval(100.millis());

    for _ in 0..21 {
        interval.tick().await;
        calls.tick();
    }

    assert_elapsed!(2.secs());
    assert_eq!(calls.peak(1.secs()), 10);
    calls.assert_spacing(100.millis()..=100.millis());
    assert!((calls.rate() - 10.0).abs() < f64::EPSILON);
}

#[async_test]
async fn tower_s_rate_limit_lets_ten_calls_a_second_through() {
    let calls = Meter::new();
    let mut service = tower::ServiceBuilder::new().rate_limit(10, 1.secs()).service_fn(|()| {
        calls.tick();
        std::future::ready(Ok::<_, std::convert::Infallible>(()))
    });

    for _ in 0..35 {
        service.ready().await.unwrap().call(()).await.unwrap();
    }

    let mut by_instant = BTreeMap::new();
    for instant in calls.instants() {
        *by_instant.entry(instant).or_insert(0) += 1;
    }
    assert_eq!(
        by_instant.into_iter().collect::<Vec<_>>(),
        [(0, 10), (1, 10), (2, 10), (3, 5)].map(|(s, n)| (u64::secs(s), n))
    );
    calls.assert_at_most(10, 1.secs());
}

/// The peak by its definition: some event begins the fullest window.
fn peak(instants: &[Duration], window: Duration) -> usize {
    let holds = |start: Duration| instants.iter().filter(|at| **at >= start && **at - start < window).count();
    instants.iter().map(|start| holds(*start)).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn a_peak_is_the_most_in_any_window(
        instants in prop::collection::vec(0_u64..60, 0..60),
        window in 1_u64..70,
    ) {
        let instants: Vec<_> = instants.into_iter().map(u64::nanos).collect();
        let window = window.nanos();

        let meter: Meter = instants.iter().copied().collect();

        let expected = peak(&instants, window);
        prop_assert_eq!(meter.peak(window), expected);
        prop_assert_eq!(meter.burst(), peak(&instants, 1.nanos()));
        meter.assert_at_most(expected, window);
        if expected > 0 {
            prop_assert!(std::panic::catch_unwind(|| meter.assert_at_most(expected - 1, window)).is_err());
        }
    }

    #[test]
    fn a_meter_that_ticks_agrees_with_one_of_a_list(gaps in prop::collection::vec(0_u64..200, 0..40)) {
        let (ticked, listed) = standstill::run(async || {
            let (ticked, mut instants) = (Meter::new(), Vec::new());
            for gap in gaps {
                sleep(gap.millis()).await;
                ticked.tick();
                instants.push(clock::elapsed());
            }
            (ticked, instants.into_iter().collect::<Meter>())
        });

        prop_assert_eq!(ticked.instants(), listed.instants());
        prop_assert_eq!(ticked.spacing(), listed.spacing());
        prop_assert_eq!(ticked.peak(100.millis()), listed.peak(100.millis()));
    }
}

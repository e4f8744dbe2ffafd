//! A call of a mock, beside mockall's.
//!
//! A mock keeps a record of each call, which mockall does not; so each side makes a thousand calls of a fresh mock.

use std::hint::black_box;
use std::time::Duration;

use async_trait::async_trait;
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};
use futures::FutureExt as _;
use mockall::{automock, predicate};
use standstill::mock::{MockFn, eq};
use standstill::{async_mock, clock};

const CALLS: u64 = 1_000;

#[automock]
trait Store {
    fn get(&self, id: u64) -> u64;
}

type Get = MockFn<fn(u64) -> u64>;

/// A mock with so many rules, of which the last one takes the calls.
fn ours(rules: u64) -> Get {
    let get = Get::new("get");
    for id in 0..rules {
        get.when(eq(id)).returns(id).times(..);
    }
    get
}

fn theirs(rules: u64) -> MockStore {
    let mut store = MockStore::new();
    for id in 0..rules {
        store.expect_get().with(predicate::eq(id)).return_const(id);
    }
    store
}

fn thousand<T>(call: impl Fn() -> T) {
    for _ in 0..CALLS {
        black_box(call());
    }
}

fn call_ours(get: &Get, rules: u64) {
    thousand(|| get.call_now(black_box(rules - 1)));
}

fn call_theirs(store: &MockStore, rules: u64) {
    thousand(|| store.get(black_box(rules - 1)));
}

/// Times calls of a fresh mock, but neither its making nor its end.
fn fresh<M>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, make: impl Fn() -> M, calls: impl Fn(&M)) {
    let calls = |mock: M| {
        calls(&mock);
        mock
    };
    group.bench_function(name, |b| b.iter_batched(&make, calls, BatchSize::SmallInput));
}

fn compare(group: &mut BenchmarkGroup<'_, WallTime>, rules: u64) {
    fresh(group, "standstill", || ours(rules), |get| call_ours(get, rules));
    fresh(group, "mockall", || theirs(rules), |store| call_theirs(store, rules));
}

fn one_rule(c: &mut Criterion) {
    compare(&mut c.benchmark_group("1,000 calls, one eq rule"), 1);
}

fn a_hundred_rules(c: &mut Criterion) {
    compare(&mut c.benchmark_group("1,000 calls, 100 rules"), 100);
}

/// In a bubble a call stands in the test's log as well.
fn in_a_bubble(c: &mut Criterion) {
    fn bubble(count: u64, calls: impl Fn()) -> Duration {
        let one = || {
            standstill::run(async || {
                let start = clock::real();
                calls();
                clock::real() - start
            })
        };
        (0..count).map(|_| one()).sum()
    }

    let mut group = c.benchmark_group("1,000 calls in a bubble, one eq rule");
    group.bench_function("standstill", |b| b.iter_custom(|count| bubble(count, || call_ours(&ours(1), 1))));
    group.bench_function("mockall", |b| b.iter_custom(|count| bubble(count, || call_theirs(&theirs(1), 1))));
}

mod ours_awaited {
    use super::{async_mock, async_trait};

    #[async_mock]
    #[async_trait]
    pub(crate) trait Store {
        async fn get(&self, id: u64) -> u64;
    }
}

mod theirs_awaited {
    use super::{async_trait, automock};

    #[automock]
    #[async_trait]
    pub(crate) trait Store {
        async fn get(&self, id: u64) -> u64;
    }
}

/// Ours puts on record when a call was made, first polled and complete; theirs has done its work before the future is there.
fn awaited(c: &mut Criterion) {
    fn ours() -> ours_awaited::MockStore {
        let store = ours_awaited::MockStore::new();
        store.get.when(eq(7)).returns(7).times(..);
        store
    }
    fn theirs() -> theirs_awaited::MockStore {
        let mut store = theirs_awaited::MockStore::new();
        store.expect_get().with(predicate::eq(7)).return_const(7_u64);
        store
    }

    let group = &mut c.benchmark_group("1,000 awaited calls, one eq rule");
    fresh(group, "standstill", ours, |store| thousand(|| ours_awaited::Store::get(store, black_box(7)).now_or_never()));
    fresh(group, "mockall", theirs, |store| {
        thousand(|| theirs_awaited::Store::get(store, black_box(7)).now_or_never());
    });
}

fn construction(c: &mut Criterion) {
    let mut group = c.benchmark_group("a mock with one rule, made and dropped");
    group.bench_function("standstill", |b| b.iter(|| black_box(ours(1))));
    group.bench_function("mockall", |b| b.iter(|| black_box(theirs(1))));
}

criterion_group!(benches, one_rule, a_hundred_rules, in_a_bubble, awaited, construction);
criterion_main!(benches);

//! Timeouts around slow calls, one inside the other, and what happens when a call takes exactly as long as it may.
//!
//! Run it by `cargo run --example timeouts`, and its tests by `cargo test --example timeouts`.

use std::time::Duration;

use standstill::{clock, prelude::*};
use tokio::time::{sleep, timeout};

const PART: Duration = Duration::from_secs(2);
const PAGE: Duration = Duration::from_secs(5);

#[derive(Debug, PartialEq)]
enum TooSlow {
    /// A part, by its number from one, took more than 2 s.
    Part(usize),
    /// The page took more than 5 s, though none of its parts was too slow.
    Page,
}

/// Loads the parts of a page one after the other: each may take 2 s, and all of them 5 s.
async fn load<P: Future>(parts: impl IntoIterator<Item = P>) -> Result<Vec<P::Output>, TooSlow> {
    let page = async {
        let mut loaded = Vec::new();
        for (number, part) in (1..).zip(parts) {
            loaded.push(timeout(PART, part).await.map_err(|_| TooSlow::Part(number))?);
        }
        Ok(loaded)
    };
    timeout(PAGE, page).await.unwrap_or(Err(TooSlow::Page))
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("A page is loaded part by part: 2 s for a part, 5 s for the page.");
    for (title, parts) in [
        ("fast enough", [1000, 1000, 1000]),
        ("the second part takes exactly its 2 s", [1000, 2000, 1000]),
        ("the second part takes a millisecond more", [1000, 2001, 1000]),
        ("no part is too slow, but the page is", [2000, 2000, 2000]),
        ("both limits end at the same instant: the inner one tells", [1500, 1500, 3000]),
    ] {
        println!("\n{title}");
        standstill::run(async || {
            let parts = parts.map(async |millis: u64| {
                sleep(millis.millis()).await;
                say!("a part is there, after {:?}", millis.millis());
            });
            match load(parts).await {
                Ok(_) => say!("the page is there"),
                Err(error) => say!("too slow: {error:?}"),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use standstill::probe::Meter;

    use super::*;

    fn parts<const N: usize>(millis: [u64; N]) -> [impl Future<Output = u64>; N] {
        millis.map(async |millis| {
            sleep(millis.millis()).await;
            millis
        })
    }

    #[async_test]
    async fn a_part_may_take_exactly_its_limit() {
        let page = load(parts([1000, 2000, 1000])).await;

        assert_eq!(page, Ok(vec![1000, 2000, 1000]));
        assert_elapsed!(4.secs());
    }

    #[async_test]
    async fn a_millisecond_more_is_too_slow() {
        let page = load(parts([1000, 2001, 1000])).await;

        assert_eq!(page, Err(TooSlow::Part(2)));
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn a_page_may_take_exactly_its_limit() {
        let page = load(parts([2000, 2000, 1000])).await;

        assert_eq!(page, Ok(vec![2000, 2000, 1000]));
        assert_elapsed!(5.secs());
    }

    #[async_test]
    async fn parts_that_are_fast_enough_can_make_a_page_that_is_not() {
        let page = load(parts([2000, 2000, 1001])).await;

        assert_eq!(page, Err(TooSlow::Page));
        assert_elapsed!(5.secs());
    }

    #[async_test]
    async fn of_two_limits_at_the_same_instant_the_inner_one_tells() {
        let page = load(parts([1500, 1500, 3000])).await;

        assert_eq!(page, Err(TooSlow::Part(3)));
        assert_elapsed!(5.secs());
    }

    #[async_test]
    async fn a_part_that_timed_out_does_nothing_more() {
        let (started, finished) = (Meter::new(), Meter::new());

        let page = load([async {
            started.tick();
            sleep(1.hours()).await;
            finished.tick();
        }]);

        assert_eq!(page.await, Err(TooSlow::Part(1)));
        sleep(2.hours()).await;
        assert_eq!((started.count(), finished.count()), (1, 0));
    }
}

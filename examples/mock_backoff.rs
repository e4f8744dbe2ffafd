//! A client that gives each attempt three seconds and pauses in between, tested with a mock of its fetch: exact pauses whatever the
//! answers take, and a call that is cancelled at the very instant its time is up.
//!
//! Run it by `cargo run --example mock_backoff`, and its tests by `cargo test --example mock_backoff`.

use std::time::Duration;

use standstill::mock::MockFn;
use standstill::{clock, prelude::*};
use tokio::time::{sleep, timeout};

const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Error {
    /// Worth another attempt.
    Busy,
    /// There was no answer in time; worth another attempt.
    Slow,
    /// Will not get better.
    NoSuchUser,
}

/// Fetches users, by whatever does it.
struct Client<F> {
    fetch: F,
}

impl<F: AsyncFn(u64) -> Result<String, Error>> Client<F> {
    /// Tries until it goes well, fails for good, or has been tried often enough.
    async fn user(&self, id: u64) -> Result<String, Error> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.attempt(id).await {
                Err(Error::Busy | Error::Slow) => sleep(pause).await,
                result => return result,
            }
            pause *= 2;
        }
        self.attempt(id).await
    }

    async fn attempt(&self, id: u64) -> Result<String, Error> {
        timeout(PATIENCE, (self.fetch)(id)).await.unwrap_or(Err(Error::Slow))
    }
}

type Fetch = MockFn<fn(u64) -> Result<String, Error>>;

fn main() {
    println!("A service that is busy twice, then gives no answer, then does");
    standstill::run(async || {
        let fetch: Fetch = MockFn::new("fetch");
        fetch.fails(Error::Busy).times(2).after(500.millis());
        fetch.pending().times(1);
        fetch.returns(Ok("Ada".to_owned())).after(1.secs());
        let client = Client { fetch: |id| fetch.call(id) };

        let (user, took) = clock::timed(client.user(7)).await;

        println!("{:#?}", fetch.calls());
        println!("pauses {:?}, from call to call {:?}", fetch.pauses(), fetch.intervals());
        println!("=> {user:?} after {took:?}");
    });

    println!("\nA user that is not there");
    standstill::run(async || {
        let fetch: Fetch = MockFn::new("fetch");
        fetch.fails(Error::NoSuchUser);
        let client = Client { fetch: |id| fetch.call(id) };

        let user = client.user(8).await;

        println!("{:#?}", fetch.calls());
        println!("=> {user:?}");
    });
}

#[cfg(test)]
mod tests {
    use standstill::mock::{Outcome, eq};

    use super::*;

    fn fetch() -> Fetch {
        MockFn::new("fetch")
    }

    #[async_test]
    async fn pauses_double_whatever_the_answers_take() {
        let fetch = fetch();
        fetch.fails(Error::Busy).after_each([0.millis(), 2.secs(), 5.millis(), 1.secs(), 0.millis()]);
        let client = Client { fetch: |id| fetch.call(id) };

        assert_eq!(client.user(7).await, Err(Error::Busy));

        assert_eq!(fetch.pauses(), [100, 200, 400, 800].map(Units::millis));
        assert_eq!(fetch.intervals(), [100, 2_200, 405, 1_800].map(Units::millis));
        assert_elapsed!(4_505.millis());
    }

    #[async_test]
    async fn a_slow_attempt_is_cancelled_when_its_time_is_up() {
        let fetch = fetch();
        fetch.returns(Ok("too late".to_owned())).after(1.hours()).times(1);
        fetch.returns(Ok("Ada".to_owned()));
        let client = Client { fetch: |id| fetch.call(id) };

        assert_eq!(client.user(7).await.unwrap(), "Ada");

        let calls = fetch.calls();
        assert_eq!((calls[0].outcome, calls[0].ended_at), (Outcome::Cancelled, Some(3.secs())));
        assert_eq!((calls[1].outcome, calls[1].called_at), (Outcome::Completed, 3_100.millis()));
        assert_eq!((fetch.called(), fetch.cancelled(), fetch.completed()), (2, 1, 1));
    }

    #[async_test]
    async fn an_answer_a_millisecond_before_is_taken() {
        let fetch = fetch();
        fetch.returns(Ok("Ada".to_owned())).after(2_999.millis());
        let client = Client { fetch: |id| fetch.call(id) };

        assert_eq!(client.user(7).await.unwrap(), "Ada");

        fetch.assert_called_once_with(7);
        fetch.assert_all_completed();
    }

    #[async_test]
    async fn a_service_that_never_answers_is_tried_five_times() {
        let fetch = fetch();
        fetch.pending().times(5);
        let client = Client { fetch: |id| fetch.call(id) };

        assert_eq!(client.user(7).await, Err(Error::Slow));

        assert_eq!(fetch.cancelled(), 5);
        assert_elapsed!(16_500.millis());
    }

    #[async_test]
    async fn what_fails_for_good_is_not_tried_again() {
        let fetch = fetch();
        fetch.fails(Error::NoSuchUser).times(1);
        let client = Client { fetch: |id| fetch.call(id) };

        assert_eq!(client.user(7).await, Err(Error::NoSuchUser));

        assert_elapsed!(0.secs());
    }

    #[async_test]
    async fn attempts_follow_one_another_for_one_user_and_overlap_for_two() {
        let fetch = fetch();
        fetch.when(eq(7)).fails(Error::Busy).after(1.secs()).times(2);
        fetch.always().returns(Ok("Ada".to_owned())).after(1.secs());
        let client = Client { fetch: |id| fetch.call(id) };

        client.user(7).await.unwrap();
        assert_eq!(fetch.peak_in_flight(), 1);

        let (one, two) = tokio::join!(client.user(1), client.user(2));
        assert_eq!((one.unwrap(), two.unwrap()), ("Ada".to_owned(), "Ada".to_owned()));
        assert_eq!(fetch.peak_in_flight(), 2);
        fetch.assert_calls([7, 7, 7, 1, 2]);
    }
}

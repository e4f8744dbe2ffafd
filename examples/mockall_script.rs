//! A mock of mockall that takes its time: a client asks again when no answer comes within two seconds, tried out with answers that are late,
//! that are errors, and that never come.
//!
//! Run it by `cargo run --features mockall --example mockall_script`, and its tests by `cargo test --features mockall --example mockall_script`.

use std::time::Duration;

use async_trait::async_trait;
use mockall::automock;
use standstill::{clock, mockall::Script, prelude::*};
use tokio::time::{sleep, timeout};

// In this order `returning` gives a boxed future, as a script does.
#[async_trait]
#[automock]
trait Rates {
    /// Asks what a hundred euros are in another currency.
    async fn rate(&self, currency: &str) -> Result<u32, Error>;
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Error {
    Unavailable,
    Late,
}

const ATTEMPTS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(10);

/// Asks until an answer comes in time, or it has asked often enough.
async fn ask(rates: &impl Rates, currency: &str) -> Result<u32, Error> {
    let mut attempt = 1;
    loop {
        let answer = timeout(PATIENCE, rates.rate(currency)).await.unwrap_or(Err(Error::Late));
        if answer.is_ok() || attempt == ATTEMPTS {
            return answer;
        }
        attempt += 1;
        sleep(PAUSE).await;
    }
}

/// Makes a mock that answers by a script.
fn rates(script: &Script<Result<u32, Error>>) -> MockRates {
    let script = script.clone();
    let mut rates = MockRates::new();
    rates.expect_rate().returning(move |_| script.next());
    rates
}

fn main() {
    let show = |what: &str, make: fn() -> Script<Result<u32, Error>>| {
        standstill::run(async || {
            let script = make();
            let answer = ask(&rates(&script), "CHF").await;
            println!("{what}: {answer:?} after {:?} and {} calls", clock::elapsed(), script.used());
        });
    };

    show("An answer that takes a second", || Script::returns(Ok(93)).after(1.secs()));
    show("One that takes too long, and one in time", || {
        Script::sequence([Ok(92), Ok(93)]).after_each([5.secs(), 1.secs()])
    });
    show("A service that is down, and says so", || Script::fails(Error::Unavailable).after(500.millis()));
    show("A service that never answers", Script::pending);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[async_test]
    async fn an_answer_in_time_is_the_only_call() {
        let script = Script::returns(Ok(93)).after(1.secs());

        assert_eq!(ask(&rates(&script), "CHF").await, Ok(93));

        assert_eq!(script.used(), 1);
        assert_elapsed!(1.secs());
    }

    #[async_test]
    async fn an_answer_that_is_late_is_not_waited_for() {
        let script = Script::sequence([Ok(92), Ok(93)]).after_each([5.secs(), 1.secs()]);

        assert_eq!(ask(&rates(&script), "CHF").await, Ok(93));

        assert_eq!(script.used(), 2);
        assert_elapsed!(13.secs());
    }

    #[async_test]
    async fn the_last_error_is_the_answer() {
        let script = Script::sequence([Err(Error::Late), Err(Error::Unavailable)]).then_repeat_last();

        assert_eq!(ask(&rates(&script), "CHF").await, Err(Error::Unavailable));

        assert_eq!(script.used(), 3);
        assert_elapsed!(20.secs());
    }

    #[async_test]
    async fn a_service_that_never_answers_is_given_up() {
        let script = Script::pending();

        assert_eq!(ask(&rates(&script), "CHF").await, Err(Error::Late));

        assert_eq!(script.used(), 3);
        assert_elapsed!(26.secs());
    }
}

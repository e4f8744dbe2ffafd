//! A free function and a method, patched for one test.
//!
//! In a crate of your own, write `#[cfg_attr(test, standstill::patchable)]`: then nothing of it is left outside unit tests.

use std::time::Duration;

use standstill::mock::eq;
use standstill::{clock, patch, patchable, prelude::*};
use tokio::time::timeout;

/// The rate of a currency, from a service far away.
#[patchable]
async fn rate(currency: &str) -> Result<f64, String> {
    Err(format!("the rate of {currency} is far away"))
}

struct Ledger;

#[patchable]
impl Ledger {
    async fn balance(&self, account: u64) -> f64 {
        f64::from(u32::try_from(account).unwrap_or_default())
    }
}

/// The balance of an account in another currency; as it is, if the rate does not come within two seconds.
async fn balance_in(ledger: &Ledger, account: u64, currency: &str) -> f64 {
    let balance = ledger.balance(account).await;
    match timeout(Duration::from_secs(2), rate(currency)).await {
        Ok(Ok(rate)) => balance * rate,
        Ok(Err(_)) | Err(_) => balance,
    }
}

fn main() {
    standstill::run(async || {
        println!("without a patch: {:?}", rate("EUR").await);

        let rate_mock = patch!(rate);
        rate_mock.when(eq("EUR")).after(1.secs()).returns(Ok(2.0));
        rate_mock.when(eq("XAU")).pending();

        println!("a rate that comes after a second: {}", balance_in(&Ledger, 100, "EUR").await);
        println!("a rate that never comes: {}", balance_in(&Ledger, 100, "XAU").await);
        println!("it took {:?} of virtual time; the calls were {:#?}", clock::elapsed(), rate_mock.calls());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[async_test]
    async fn without_a_patch_the_real_function_runs() {
        assert_eq!(rate("EUR").await.unwrap_err(), "the rate of EUR is far away");
    }

    #[async_test]
    async fn a_patched_rate_is_applied() {
        patch!(rate).when(eq("EUR")).returns(Ok(2.0));
        patch!(Ledger::balance).when(eq(7)).returns(21.0);

        let balance = balance_in(&Ledger, 7, "EUR").await;

        assert!((balance - 42.0).abs() < f64::EPSILON, "{balance}");
    }

    #[async_test]
    async fn a_rate_that_does_not_come_is_given_up_after_two_seconds() {
        let rate = patch!(rate);
        rate.pending();

        let balance = balance_in(&Ledger, 7, "EUR").await;

        assert!((balance - 7.0).abs() < f64::EPSILON, "{balance}");
        assert_elapsed!(2.secs());
        assert_eq!(rate.cancelled(), 1);
    }
}

//! Several calls at the same time with the semantics of asyncio's `gather`: results in argument order, the first error by
//! time while the others run on, every result with `.settled()`, and `gather!` for calls of different types.
//!
//! Run it by `cargo run --example gather`, and its tests by `cargo test --example gather`.

use std::time::Duration;

use standstill::task::gather;
use standstill::{clock, prelude::*};
use tokio::time::sleep;

/// A warehouse that counts its stock, which takes time.
#[derive(Clone, Copy)]
struct Warehouse {
    city: &'static str,
    counts_for: Duration,
    /// None if it burned down.
    stock: Option<u32>,
}

#[derive(Debug, PartialEq)]
struct BurnedDown(&'static str);

impl Warehouse {
    async fn count(self) -> Result<u32, BurnedDown> {
        sleep(self.counts_for).await;
        self.stock.ok_or(BurnedDown(self.city))
    }
}

const OSLO: Warehouse = Warehouse { city: "Oslo", counts_for: Duration::from_secs(3), stock: Some(30) };
const LIMA: Warehouse = Warehouse { city: "Lima", counts_for: Duration::from_secs(1), stock: Some(10) };
const KYIV: Warehouse = Warehouse { city: "Kyiv", counts_for: Duration::from_secs(2), stock: Some(20) };
const ROME: Warehouse = Warehouse { city: "Rome", counts_for: Duration::from_secs(2), stock: None };
const BONN: Warehouse = Warehouse { city: "Bonn", counts_for: Duration::from_secs(1), stock: None };

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

async fn count_aloud(warehouse: Warehouse) -> Result<u32, BurnedDown> {
    let stock = warehouse.count().await;
    match &stock {
        Ok(stock) => say!("{} has {stock}", warehouse.city),
        Err(_) => say!("{} burned down", warehouse.city),
    }
    stock
}

fn main() {
    println!("gather: they end as they may, the results are in argument order");
    standstill::run(async || {
        let stocks = gather([OSLO, LIMA, KYIV].map(count_aloud)).await;
        say!("=> {stocks:?}");
    });

    println!("\nthe first error by time is returned at once, and the others run on");
    standstill::run(async || {
        let stocks = gather([OSLO, ROME, BONN].map(count_aloud)).await;
        say!("=> {stocks:?}");
        sleep(10.secs()).await;
    });

    println!("\n.settled(): waits for all; an error is a value, as a panic would be");
    standstill::run(async || {
        let stocks = gather([OSLO, ROME, BONN].map(count_aloud)).settled().await;
        say!("=> {stocks:?}");
    });

    println!("\ngather!: different types, as a tuple");
    standstill::run(async || {
        let name = async {
            sleep(4.secs()).await;
            Ok("Ada")
        };
        let stock_and_name = gather!(count_aloud(OSLO), name).await;
        say!("=> {stock_and_name:?}");
    });
}

#[cfg(test)]
mod tests {
    use standstill::{probe::Meter, task::GatherError};

    use super::*;

    #[async_test]
    async fn results_come_in_argument_order() {
        let stocks = gather([OSLO, LIMA, KYIV].map(Warehouse::count)).await;

        assert_eq!(stocks, Ok(vec![30, 10, 20]));
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn the_first_error_by_time_is_returned_at_once_and_the_siblings_run_on() {
        let counted = Meter::new();
        let counts = [OSLO, ROME, BONN].map(|warehouse| {
            let counted = counted.clone();
            async move {
                let stock = warehouse.count().await;
                counted.tick();
                stock
            }
        });

        let error = gather(counts).await.unwrap_err();

        assert_eq!(error, GatherError::Failed(BurnedDown("Bonn")));
        assert_elapsed!(1.secs());
        sleep(1.hours()).await;
        assert_eq!(counted.instants(), [1.secs(), 2.secs(), 3.secs()]);
    }

    #[async_test]
    async fn settled_gives_every_result() {
        let stocks = gather([OSLO, ROME, BONN].map(Warehouse::count)).settled().await;

        let stocks: Vec<_> = stocks.into_iter().map(Result::unwrap).collect();
        assert_eq!(stocks, [Ok(30), Err(BurnedDown("Rome")), Err(BurnedDown("Bonn"))]);
        assert_elapsed!(3.secs());
    }

    #[async_test]
    async fn children_of_different_types_give_a_tuple() {
        let name = async { Ok("Ada") };

        assert_eq!(gather!(OSLO.count(), name).await, Ok((30, "Ada")));
        assert_elapsed!(3.secs());
    }
}

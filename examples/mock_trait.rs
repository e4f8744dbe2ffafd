//! A shop that holds one service by its type and one behind `Arc<dyn ..>`, tested with a mock of each trait: what it does in which
//! order, what it does when a service is slow or fails, and that it gives the goods back.
//!
//! Run it by `cargo run --example mock_trait`, and its tests by `cargo test --example mock_trait`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use standstill::{async_mock, clock, prelude::*};
use tokio::time::timeout;

/// How long a customer waits for an answer of the stock.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq)]
enum Error {
    SoldOut,
    Busy,
    NoMail(String),
}

/// The attribute makes `MockStock`. For what only tests need, write `#[cfg_attr(test, standstill::async_mock)]`.
#[async_mock]
trait Stock {
    /// Puts some aside, and gives the number of the reservation.
    async fn reserve(&self, item: &str, count: u32) -> Result<u64, Error>;

    async fn release(&self, reservation: u64);

    fn price_in_cents(&self, item: &str) -> u32;
}

/// A native `async fn` does not go behind a `dyn`; one of `async_trait` does, and its mock is told the same way.
#[async_mock]
#[async_trait]
trait Mailer: Send + Sync {
    async fn send(&self, to: &str, text: String) -> Result<(), String>;
}

struct Shop<S> {
    stock: S,
    mailer: Arc<dyn Mailer>,
}

impl<S: Stock> Shop<S> {
    /// Sells, which needs the goods and a letter that says so. Gives the price.
    async fn sell(&self, customer: &str, item: &str, count: u32) -> Result<u32, Error> {
        let reservation = timeout(PATIENCE, self.stock.reserve(item, count)).await.unwrap_or(Err(Error::Busy))?;
        let price = self.stock.price_in_cents(item) * count;
        let letter = format!("{count} {item} for {price} cents");
        if let Err(error) = self.mailer.send(customer, letter).await {
            self.stock.release(reservation).await;
            return Err(Error::NoMail(error));
        }
        Ok(price)
    }
}

fn main() {
    println!("A sale, one whose letter cannot be sent, and one too many");
    standstill::run(async || {
        let stock = MockStock::new();
        stock.reserve.sequence([Ok(1), Ok(2), Err(Error::SoldOut)]).after(500.millis());
        stock.release.always();
        stock.price_in_cents.returns(250);
        let mailer = MockMailer::new();
        mailer.send.after(1.secs()).sequence([Ok(()), Err("mailbox full".to_owned())]);
        let shop = Shop { stock: stock.clone(), mailer: Arc::new(mailer.clone()) };

        for customer in ["ada@example.org", "alan@example.org", "grace@example.org"] {
            let sale = shop.sell(customer, "pears", 4).await;
            println!("{:>7.3} s  {customer}: {sale:?}", clock::elapsed().as_secs_f64());
        }

        println!("{:#?}\n{:#?}\n{:#?}", stock.reserve.calls(), mailer.send.calls(), stock.release.calls());
    });

    println!("\nA stock that takes its time");
    standstill::run(async || {
        let stock = MockStock::new();
        stock.reserve.pending();
        let shop = Shop { stock: stock.clone(), mailer: Arc::new(MockMailer::new()) };

        let sale = shop.sell("ada@example.org", "pears", 4).await;

        println!("{:>7.3} s  {sale:?}", clock::elapsed().as_secs_f64());
        println!("{:#?}", stock.reserve.calls());
    });
}

#[cfg(test)]
mod tests {
    use standstill::mock::{Outcome, Sequence, always, eq};

    use super::*;

    /// A shop, and the mocks that it works with; a clone shares rules and calls.
    fn shop() -> (Shop<MockStock>, MockStock, MockMailer) {
        let (stock, mailer) = (MockStock::new(), MockMailer::new());
        let shop = Shop { stock: stock.clone(), mailer: Arc::new(mailer.clone()) };
        (shop, stock, mailer)
    }

    #[async_test]
    async fn a_sale_reserves_and_then_writes() {
        let (shop, stock, mailer) = shop();
        let order = Sequence::new();
        stock.reserve.when((eq("pears"), eq(4))).after(500.millis()).returns(Ok(1)).in_order(&order);
        stock.price_in_cents.when(eq("pears")).returns(250);
        mailer.send.when((eq("ada@example.org"), always())).after(1.secs()).returns(Ok(())).in_order(&order);

        assert_eq!(shop.sell("ada@example.org", "pears", 4).await, Ok(1_000));

        assert_elapsed!(1_500.millis());
        mailer.send.assert_called_once_with(("ada@example.org", "4 pears for 1000 cents"));
        stock.release.assert_never_called();
    }

    #[async_test]
    async fn what_cannot_be_confirmed_is_given_back() {
        let (shop, stock, mailer) = shop();
        let order = Sequence::new();
        stock.reserve.returns(Ok(7)).in_order(&order);
        mailer.send.fails("mailbox full".to_owned()).in_order(&order);
        stock.release.when(eq(7)).in_order(&order);
        stock.price_in_cents.returns(250);

        let sale = shop.sell("ada@example.org", "pears", 4).await;

        assert_eq!(sale, Err(Error::NoMail("mailbox full".to_owned())));
    }

    #[async_test]
    async fn what_is_sold_out_is_neither_priced_nor_confirmed() {
        let (shop, stock, mailer) = shop();
        stock.reserve.fails(Error::SoldOut);
        stock.price_in_cents.never();
        mailer.send.never();

        assert_eq!(shop.sell("ada@example.org", "pears", 4).await, Err(Error::SoldOut));
    }

    #[async_test]
    async fn a_slow_stock_is_left_at_two_seconds() {
        let (shop, stock, _) = shop();
        stock.reserve.pending();

        assert_eq!(shop.sell("ada@example.org", "pears", 4).await, Err(Error::Busy));

        let calls = stock.reserve.calls();
        assert_eq!(calls[0].args, ("pears", 4));
        assert_eq!((calls[0].outcome, calls[0].ended_at), (Outcome::Cancelled, Some(2.secs())));
    }

    #[async_test]
    async fn two_sales_wait_for_the_stock_at_the_same_time() {
        let (shop, stock, mailer) = shop();
        stock.reserve.returns(Ok(1)).after(1.secs());
        stock.price_in_cents.answers(|item| if item == "pears" { 250 } else { 100 });
        mailer.send.returns(Ok(()));

        let sales = tokio::join!(shop.sell("ada@example.org", "pears", 4), shop.sell("alan@example.org", "plums", 3));

        assert_eq!(sales, (Ok(1_000), Ok(300)));
        assert_eq!(stock.reserve.peak_in_flight(), 2);
        assert_elapsed!(1.secs());
    }
}

//! Nothing is left that could wake the test.

use standstill::{clock, prelude::*, task};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::inventory::Shelf;
use crate::orders::{Order, buy, serve};
use crate::payment::{Transfer, settle};

#[async_test]
async fn nobody_serves_the_order() {
    let (shop, _orders) = mpsc::channel(8);

    assert!(buy(&shop, "Dune").await.is_ok());
}

#[async_test]
async fn nobody_orders_and_nobody_closes() {
    let (_shop, mut orders) = mpsc::channel(8);

    serve(&mut orders, &Shelf::of("Dune", 1), &Notify::new()).await;
}

#[async_test]
async fn two_customers_wait_side_by_side() {
    let (shop, _orders) = mpsc::channel(8);

    let (first, second) = tokio::join!(buy(&shop, "Dune"), async {
        sleep(3.secs()).await;
        buy(&shop, "Emma").await
    });

    assert!(first.is_ok() && second.is_ok());
}

#[async_test]
async fn a_customer_joins_what_tokio_itself_gives() {
    let (_open, opened) = oneshot::channel::<()>();
    let closing = Notify::new();

    let (opened, ()) = tokio::join!(opened, closing.notified());

    opened.unwrap();
}

#[async_test]
async fn two_shelves_wait_for_each_other() {
    let (shop, cellar) = (Shelf::of("Dune", 3), Shelf::of("Emma", 5));

    tokio::join!(shop.carry("Dune", &cellar), cellar.carry("Emma", &shop));
}

#[async_test]
async fn the_shop_waits_for_an_order_that_is_never_made() {
    let (_shop, mut orders) = mpsc::channel(8);
    let closing = Notify::new();
    let (_open, opened) = oneshot::channel::<()>();
    task::spawn("shop", async move { serve(&mut orders, &Shelf::default(), &closing).await });
    for _ in 0..2 {
        let closing = Notify::new();
        tokio::spawn(async move { closing.notified().await });
    }
    sleep(250.millis()).await;

    opened.await.unwrap();
}

#[async_test]
async fn a_task_is_joined_that_never_ends() {
    let (shop, _orders) = mpsc::channel(8);
    let customer = tokio::spawn(async move { buy(&shop, "Dune").await });

    assert!(customer.await.unwrap().is_ok());
}

#[async_test]
async fn a_set_of_tasks_is_joined_that_never_end() {
    let (shop, _orders) = mpsc::channel(8);
    let mut customers = JoinSet::new();
    for title in ["Dune", "Emma"] {
        let shop = shop.clone();
        customers.spawn(async move { buy(&shop, title).await });
    }

    assert_eq!(customers.join_all().await.len(), 2);
}

#[async_test]
async fn a_named_task_is_joined_that_never_ends() {
    let (shop, _orders) = mpsc::channel(8);
    let customer = task::spawn("customer", async move { buy(&shop, "Dune").await });

    assert!(customer.await.unwrap().is_ok());
}

#[async_test]
async fn a_customer_of_several_is_never_served() {
    let (shop, mut orders) = mpsc::channel(8);
    task::background("shop", async move {
        let (shelf, closing) = (Shelf::of("Dune", 1), Notify::new());
        let _ = timeout(1.secs(), serve(&mut orders, &shelf, &closing)).await;
        std::future::pending::<()>().await;
        drop(orders);
    });
    let customers = [0, 2].map(|arrives| {
        let shop = shop.clone();
        async move {
            sleep(arrives.secs()).await;
            buy(&shop, "Dune").await
        }
    });

    task::gather(customers).await.unwrap();
}

#[async_test]
async fn the_clock_stays_frozen() {
    let _frozen = clock::freeze();

    sleep(1.secs()).await;
}

#[async_test]
async fn the_bank_never_rings() {
    settle(&Transfer::default()).await;
}

#[async_test]
async fn the_shop_panics_and_keeps_the_customer_waiting() {
    let (shop, mut orders) = mpsc::channel::<Order>(8);
    let (to_cellar, _cellar) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let order = orders.recv().await.unwrap();
        to_cellar.send(order.confirm).unwrap();
        Shelf::default().take(&order.title).await;
    });

    assert!(buy(&shop, "Dune").await.is_ok());
}

#[async_test]
async fn it_waits_for_nothing_at_all() {
    std::future::pending::<()>().await;
}

#[test]
fn a_body_without_the_attribute_waits_for_ever() {
    standstill::run(async || {
        let (shop, _orders) = mpsc::channel(8);
        assert!(buy(&shop, "Dune").await.is_ok());
    });
}

#[async_test]
#[should_panic(expected = "no copy")]
async fn the_panic_that_should_come_does_not() {
    let (shop, _orders) = mpsc::channel(8);

    assert!(buy(&shop, "Dune").await.is_ok());
}

//! An assertion about rates does not hold.

use standstill::prelude::*;
use standstill::probe::Meter;
use tokio::time::sleep;

/// Three orders at once, and two more after pauses.
async fn rush() -> Meter {
    let orders = Meter::new();
    for pause in [0, 0, 0, 250, 2_000] {
        sleep(pause.millis()).await;
        orders.tick();
    }
    orders
}

#[async_test]
async fn more_orders_in_a_second_than_may_be() {
    rush().await.assert_at_most(2, 1.secs());
}

#[async_test]
async fn orders_closer_than_may_be() {
    rush().await.assert_spacing(100.millis()..);
}

#[async_test]
async fn a_window_of_no_length() {
    rush().await.peak(0.secs());
}

#[async_test]
async fn a_tick_of_a_finished_list() {
    let orders: Meter = [1.secs(), 2.secs()].into_iter().collect();

    orders.tick();
}

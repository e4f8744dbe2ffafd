use standstill::{gather, task::gather};

struct Order;

async fn order() -> Order {
    Order
}

fn main() {
    standstill::run(async || {
        let _ = gather([order(), order()]).await;
    });
    standstill::run(async || {
        let _ = gather!(order(), async { 7 }).await;
    });
}

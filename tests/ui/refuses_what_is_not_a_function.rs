use standstill::async_test;

#[async_test]
struct Order;

fn main() {
    let _ = Order;
}

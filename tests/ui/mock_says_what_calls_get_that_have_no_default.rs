//! A nice mock gives defaults.

use standstill::mock::MockFn;

fn main() {
    let send: MockFn<fn(u64) -> Result<(), String>> = MockFn::new("send");
    send.nice();
}

//! A function pointer is the signature of a mock if its arguments are owned, can be cloned, shown and sent; else there is `mock_fn!`.

use standstill::mock::MockFn;

struct Secret;

struct Mocks {
    fetch: MockFn<fn(&str) -> u64>,
    open: MockFn<fn(u64, Secret) -> u64>,
}

fn main() {
    let fetch: MockFn<fn(&str) -> u64> = MockFn::new("fetch");
    fetch.returns(7);
}

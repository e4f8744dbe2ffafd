//! What is given again and again is cloned; for what cannot be, the errors say what else there is.

use standstill::mock::MockFn;

struct Connection;

fn values(mock: MockFn<fn(u64) -> Connection>) {
    mock.returns(Connection);
    mock.sequence([Connection]).then_repeat_last();
    let _gate = mock.gate();
}

fn errors(mock: MockFn<fn(u64) -> Result<u64, Connection>>) {
    mock.fails(Connection);
}

fn main() {}

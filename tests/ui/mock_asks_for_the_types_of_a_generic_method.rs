//! A generic method has several mocks, so it says which one is meant.

use standstill::mock::eq;

#[standstill::async_mock]
trait Users {
    async fn find<Q: Send + 'static>(&self, query: Q) -> u64;
}

#[standstill::async_mock]
trait Shelf<B> {
    fn sort<K: Ord + 'static>(&self, key: K);
}

fn main() {
    let (users, shelf) = (MockUsers::new(), MockShelf::<String>::new());
    users.find.when(eq(7)).returns(1);
    users.find.returns(1).times(2);
    assert_eq!(users.find.calls().len(), 1);
    shelf.sort.nice();
    shelf.sort.of::<u64>().nice();
}

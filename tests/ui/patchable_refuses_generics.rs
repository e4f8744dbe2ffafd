use standstill::patchable;

#[patchable]
async fn find<Q: Send>(_query: Q) {}

#[patchable]
fn sizes<const N: usize>(_sizes: [u8; N]) {}

struct Shelf<T>(T);

#[patchable]
impl<T> Shelf<T> {
    async fn get(&self) {}
}

struct Shop;

#[patchable]
impl Shop {
    async fn find<Q>(&self, _query: Q) {}
}

#[patchable]
async fn show(_what: impl ToString) {}

fn main() {}

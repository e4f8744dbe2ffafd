struct Shop;

impl Shop {
    #[standstill::patchable]
    async fn open(&self) {}
}

trait Door {
    #[standstill::patchable]
    fn close(&self) {}
}

fn main() {}

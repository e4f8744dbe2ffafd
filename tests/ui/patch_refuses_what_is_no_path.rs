use standstill::{patch, patchable};

#[patchable]
async fn fetch(_id: u64) {}

struct Client;

#[patchable]
impl Client {
    async fn get(&self) {}

    fn patched() {
        patch!(Self::get);
    }
}

fn main() {
    patch!();
    patch!(fetch(7));
    patch!(fetch::<u8>);
    patch!("fetch");
}

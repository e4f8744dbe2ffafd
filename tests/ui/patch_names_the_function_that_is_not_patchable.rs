use standstill::patch;

async fn fetch(_id: u64) {}

struct Client;

impl Client {
    async fn get(&self) {}
}

mod far {
    pub async fn away() {}
}

fn main() {
    patch!(fetch);
    patch!(Client::get);
    patch!(far::away);
}

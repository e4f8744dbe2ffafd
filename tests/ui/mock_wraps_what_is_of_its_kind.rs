use standstill::async_mock;
use standstill::mock::MockFn;

#[async_mock]
trait Users {
    async fn get(&self, id: u64) -> u64;
    fn count(&self, id: u64) -> u64;
}

async fn later(id: u64) -> u64 {
    id
}

fn at_once(id: u64) -> u64 {
    id
}

fn of_text(id: String) -> u64 {
    id.len() as u64
}

async fn stays_here(id: u64) -> u64 {
    let id = std::rc::Rc::new(id);
    std::future::ready(()).await;
    *id
}

fn main() {
    let users = MockUsers::new();
    users.get.wraps(at_once);
    users.get.wraps(stays_here);
    users.count.wraps(later);
    users.count.wraps(of_text);
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.wraps(at_once);
}

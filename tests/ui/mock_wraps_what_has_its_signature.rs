use standstill::async_mock;
use standstill::mock::MockFn;

#[async_mock]
trait Users {
    async fn get(&self, id: u64) -> u64;
}

async fn of_text(id: String) -> u64 {
    id.len() as u64
}

async fn gives_text(_id: u64) -> String {
    String::new()
}

async fn takes_two(left: u64, right: u64) -> u64 {
    left + right
}

fn main() {
    let users = MockUsers::new();
    users.get.wraps(of_text);
    users.get.wraps(gives_text);
    users.get.wraps(takes_two);
    let fetch: MockFn<fn(u64) -> u64> = MockFn::new("fetch");
    fetch.wraps(async |id: String| id.len() as u64);
}

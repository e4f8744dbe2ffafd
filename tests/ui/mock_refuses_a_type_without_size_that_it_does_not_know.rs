use standstill::async_mock;

#[repr(transparent)]
struct Name(str);

#[async_mock]
trait Users {
    fn get(&self, name: &Name) -> u64;
}

fn main() {
    let _ = |name: &Name| name.0.len();
}

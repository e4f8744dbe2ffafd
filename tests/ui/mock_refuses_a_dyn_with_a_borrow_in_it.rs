use standstill::{async_mock, patchable};

trait Visit<'a> {
    fn visit(&self) -> &'a str;
}

trait Stream {
    type Item;
}

#[async_mock]
trait Users {
    fn all(&self) -> std::pin::Pin<Box<dyn Stream<Item = &u64> + Send + '_>>;
    fn visit<'a>(&'a self) -> Option<&'a dyn Visit<'a>>;
    fn nested(&self) -> Box<dyn Iterator<Item = Box<dyn Iterator<Item = &u64> + '_>> + '_>;
}

#[patchable]
fn list<'a>(name: &'a str) -> Box<dyn Visit<'a> + 'a> {
    struct Of<'a>(&'a str);

    impl<'a> Visit<'a> for Of<'a> {
        fn visit(&self) -> &'a str {
            self.0
        }
    }
    Box::new(Of(name))
}

fn main() {
    list("x").visit();
}

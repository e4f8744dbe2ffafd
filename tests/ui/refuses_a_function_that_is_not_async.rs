use standstill::async_test;

#[async_test]
fn it_adds() {
    assert_eq!(1 + 1, 2);
}

fn main() {
    it_adds();
}

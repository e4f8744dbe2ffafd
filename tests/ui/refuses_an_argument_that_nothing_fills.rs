use standstill::async_test;

#[async_test]
async fn it_counts(number: u32, _name: &str) {
    assert_eq!(number, 1);
}

fn main() {
    drop(it_counts(1, "one"));
}

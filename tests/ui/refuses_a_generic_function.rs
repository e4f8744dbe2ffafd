use standstill::async_test;

#[async_test]
async fn it_is_small<'a, T: Default>() {
    drop(T::default());
}

#[async_test]
async fn it_has_a_size<const N: usize>() {
    assert_eq!([0; N].len(), N);
}

fn main() {
    drop((it_is_small::<u32>(), it_has_a_size::<3>()));
}

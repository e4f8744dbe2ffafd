//! Arguments are compared with a value for the one argument, or a tuple of several.

use standstill::mock_fn;

#[derive(Debug)]
struct Secret;

fn main() {
    let open = mock_fn!(async fn open(door: &str, secret: Secret) -> u64);
    open.assert_called_once_with(("front", Secret));
    open.assert_calls([("front", Secret)]);
    assert!(open.calls()[0].args == "front");
}

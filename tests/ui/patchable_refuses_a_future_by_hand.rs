use std::future::{Future, Ready, ready};
use std::pin::Pin;

use standstill::patchable;

#[patchable]
fn opaque() -> impl Future<Output = u8> {
    ready(1)
}

#[patchable]
fn boxed() -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(ready(1))
}

fn main() {
    let _: Ready<()> = ready(());
}

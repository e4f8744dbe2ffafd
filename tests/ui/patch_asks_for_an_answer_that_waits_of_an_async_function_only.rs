use standstill::{patch, patchable, prelude::*};

#[patchable]
fn now() -> u64 {
    0
}

fn main() {
    patch!(now).after(1.secs()).returns(7);
}

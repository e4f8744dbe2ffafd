#[standstill::patchable]
const fn size() -> usize {
    3
}

fn main() {}

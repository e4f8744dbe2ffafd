#[standstill::patchable]
async fn fill(into: &mut Vec<&str>) {
    into.clear();
}

fn main() {}

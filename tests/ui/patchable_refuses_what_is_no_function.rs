use standstill::patchable;

#[patchable]
struct Shop;

#[patchable]
trait Door {
    fn open(&self);
}

#[patchable]
unsafe extern "C" {
    fn open();
}

#[patchable]
impl dyn Door {
    fn close(&self) {}
}

fn main() {}

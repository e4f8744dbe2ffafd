//! There is one predicate for each argument, of the argument's type.

use standstill::mock::{MockFn, eq};

fn main() {
    let rename: MockFn<fn(u64, String) -> bool> = MockFn::new("rename");
    rename.when(eq(7));
    rename.when((eq(7), eq("Ada")));
}

use standstill::patchable;

#[patchable(nice)]
fn flag() {}

#[patchable(crate = "standstill")]
fn other() {}

#[patchable(standstill = 7)]
fn number() {}

#[patchable(standstill = "standstill", nice)]
fn two() {}

fn main() {}

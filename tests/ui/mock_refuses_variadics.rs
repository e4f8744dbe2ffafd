#[standstill::async_mock]
trait Printer {
    unsafe extern "C" fn print(&self, format: *const u8, _: ...) -> i32;
}

fn main() {}

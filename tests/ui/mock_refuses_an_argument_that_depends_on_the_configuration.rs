#[standstill::async_mock]
trait Printer {
    fn print(&self, text: &str, #[cfg(unix)] colour: u8);
}

fn main() {}

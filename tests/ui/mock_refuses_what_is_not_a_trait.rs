#[standstill::async_mock]
struct Users;

fn main() {}

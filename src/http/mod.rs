//! What an HTTP server of a test saw, in virtual time: when each request came and was answered, how many at once, and with what pauses.
//!
//! Needs the feature `http`, and [`os`](crate::os). The server need not know: [`watch`] takes a wiremock server, whose mocks stay as they are, and
//! [`watch_address`] any other server of the test.
//!
//! ```
//! use standstill::{http, prelude::*};
//! use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};
//!
//! # standstill::run(async || {
//! let server = MockServer::start().await;
//! let busy = ResponseTemplate::new(503).set_delay(3.secs());
//! Mock::given(any()).respond_with(busy).mount(&server).await;
//! let seen = http::watch(&server);
//!
//! let client = reqwest::Client::new();
//! for attempt in 0..3 {
//!     client.get(server.uri()).send().await.unwrap();
//!     tokio::time::sleep(100.millis() * 2_u32.pow(attempt)).await;
//! }
//!
//! assert_eq!(seen.pauses(), [100.millis(), 200.millis()]);
//! assert_eq!(seen.intervals(), [3_100.millis(), 3_200.millis()]);
//! assert_eq!(seen.peak_in_flight(), 1);
//! # });
//! ```
//!
//! A request begins with its first byte at the server, and ends with the first byte of the answer, or when the server lets the connection go
//! without one: at once if the client has hung up, and the server looks. That is what goes through a connection, so it is exact for HTTP/1, one request
//! after the other on each connection. Of HTTP/2, which has many on one, only the first is seen. An answer "100 Continue" counts as an end.
//!
//! A server that several tests share *at the same time* has one clock at a time: its thread goes over to the test that asks it, unless it still owes an
//! answer to its own. Until then the other test's clock stands, and what that one asked is not seen here.

mod seen;
mod watch;

pub use seen::{Outcome, Seen};
pub use watch::{Watch, watch, watch_address};

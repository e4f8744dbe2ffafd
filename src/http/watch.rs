use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wiremock::MockServer;

use super::seen::{Outcome, Seen, exchanges};
use crate::bubble::{self, Bubble, HttpDid, Log, lock};
use crate::os;

/// Notes what a wiremock server sees, from now on.
///
/// # Panics
///
/// Panics outside a bubble, or if sockets are not in virtual time there.
///
/// # Examples
///
/// ```
/// use standstill::{http, prelude::*};
/// use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};
///
/// standstill::run(async || {
///     let server = MockServer::start().await;
///     let slow = ResponseTemplate::new(200).set_delay(2.secs());
///     Mock::given(any()).respond_with(slow).mount(&server).await;
///     let seen = http::watch(&server);
///
///     reqwest::get(server.uri() + "/orders").await.unwrap();
///
///     let expected = "GET /orders: arrived at 0.000 s, answered 200 at 2.000 s";
///     assert_eq!(seen.requests()[0].to_string(), expected);
/// });
/// ```
#[must_use = "what was seen is asked of the handle"]
#[track_caller]
pub fn watch(server: &MockServer) -> Watch {
    watch_address(*server.address())
}

/// Notes what the server at an address of this machine sees, from now on, whatever it is made of.
///
/// # Panics
///
/// Panics outside a bubble, or if sockets are not in virtual time there.
///
/// # Examples
///
/// ```
/// use axum::{Router, routing::get};
/// use standstill::{http, prelude::*};
///
/// standstill::run(async || {
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
///     let address = listener.local_addr().unwrap();
///     let seen = http::watch_address(address);
///     tokio::spawn(async move {
///         let routes = Router::new().route("/", get(async || "hello"));
///         axum::serve(listener, routes).await.unwrap();
///     });
///
///     reqwest::get(format!("http://{address}/")).await.unwrap();
///
///     assert_eq!(seen.requests().len(), 1);
/// });
/// ```
#[must_use = "what was seen is asked of the handle"]
#[track_caller]
pub fn watch_address(address: SocketAddr) -> Watch {
    let bubble = bubble::expect_current("http::watch");
    match number(&bubble, address.port()) {
        Some(number) => {
            let log = bubble.shared_log();
            let first = Seen::all(&lock(&log), number).len();
            Watch { log, number, first }
        }
        None => panic!(
            "http::watch needs sockets in virtual time, but in this test they are not; of this process: {}",
            os::support()
        ),
    }
}

#[cfg(seam)]
fn number(bubble: &Bubble, port: u16) -> Option<u32> {
    match &bubble.clock {
        bubble::Clock::Virtual(clock) => clock.watch(port, bubble.shared_log()),
        _ => None,
    }
}

#[cfg(not(seam))]
fn number(_: &Bubble, _: u16) -> Option<u32> {
    None
}

/// What a server has seen since [`watch`]. Instants count from the start of the test, in virtual time.
#[derive(Clone)]
pub struct Watch {
    log: Arc<Mutex<Log>>,
    /// The server's number in the log.
    number: u32,
    /// How many requests it had seen before.
    first: usize,
}

impl Watch {
    /// Gives the requests, in the order in which they came.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{http, prelude::*, probe::Meter};
    /// use wiremock::MockServer;
    ///
    /// standstill::run(async || {
    ///     let server = MockServer::start().await;
    ///     let seen = http::watch(&server);
    ///
    ///     for _ in 0..4 {
    ///         reqwest::get(server.uri()).await.unwrap();
    ///         tokio::time::sleep(500.millis()).await;
    ///     }
    ///
    ///     let arrivals: Meter = seen.requests().iter().map(|seen| seen.arrived_at).collect();
    ///     arrivals.assert_at_most(2, 1.secs());
    /// });
    /// ```
    pub fn requests(&self) -> Vec<Seen> {
        Seen::all(&lock(&self.log), self.number).split_off(self.first)
    }

    /// Counts the requests that have no answer so far.
    pub fn in_flight(&self) -> usize {
        self.requests().iter().filter(|seen| seen.outcome == Outcome::InFlight).count()
    }

    /// Gives the most requests that were in flight at once.
    pub fn peak_in_flight(&self) -> usize {
        let (mut now, mut peak) = (0_usize, 0);
        let log = lock(&self.log);
        for (_, _, did) in exchanges(&log, self.number).filter(|(_, number, _)| *number >= self.first) {
            now = if matches!(did, HttpDid::Ask(_)) { now + 1 } else { now.saturating_sub(1) };
            peak = peak.max(now);
        }
        peak
    }

    /// Gives the pauses between the end of a request and the arrival of the next; zero where they overlap.
    ///
    /// # Examples
    ///
    /// ```
    /// use standstill::{http, prelude::*};
    /// use wiremock::MockServer;
    ///
    /// standstill::run(async || {
    ///     let server = MockServer::start().await;
    ///     let seen = http::watch(&server);
    ///
    ///     for pause in [100.millis(), 200.millis()] {
    ///         reqwest::get(server.uri()).await.unwrap();
    ///         tokio::time::sleep(pause).await;
    ///     }
    ///     reqwest::get(server.uri()).await.unwrap();
    ///
    ///     assert_eq!(seen.pauses(), [100.millis(), 200.millis()]);
    ///     assert_eq!(seen.peak_in_flight(), 1);
    /// });
    /// ```
    pub fn pauses(&self) -> Vec<Duration> {
        let ended_at = |seen: &Seen| seen.ended_at.unwrap_or(Duration::MAX);
        self.requests().windows(2).map(|pair| pair[1].arrived_at.saturating_sub(ended_at(&pair[0]))).collect()
    }

    /// Gives the time from the arrival of a request to that of the next.
    pub fn intervals(&self) -> Vec<Duration> {
        self.requests().windows(2).map(|pair| pair[1].arrived_at.saturating_sub(pair[0].arrived_at)).collect()
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.requests()).finish()
    }
}

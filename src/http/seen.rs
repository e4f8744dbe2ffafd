use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::bubble::{Event, HttpDid, Log, Seconds};

/// A request that a server saw.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method and the target: `GET /orders?page=2`. Cut after 200 letters.
    pub request: String,
    /// When its first byte came, from the start of the test.
    pub arrived_at: Duration,
    /// When the first byte of the answer went, or the connection was closed without one.
    pub ended_at: Option<Duration>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has no answer so far.
    InFlight,
    /// It was answered with this status; with none if the answer was not HTTP/1.
    Answered(Option<u16>),
    /// Its connection was closed before there was an answer.
    Cut,
}

/// What a server did, in order: `(instant, number of the request, what)`, the requests counted from zero.
pub(super) fn exchanges(log: &Log, of: u32) -> impl Iterator<Item = (Duration, usize, HttpDid)> {
    let (mut requests, mut open) = (0.., BTreeMap::new());
    let picked = log.pick(move |event| match event {
        Event::Http { server, connection, did } if *server == of => Some((*connection, did.clone())),
        _ => None,
    });
    picked.filter_map(move |(at, (connection, did))| {
        if matches!(did, HttpDid::Ask(_)) {
            open.insert(connection, requests.next()?);
            return Some((at, *open.get(&connection)?, did));
        }
        // What was asked before anybody watched is answered unseen.
        Some((at, open.remove(&connection)?, did))
    })
}

impl Seen {
    /// The requests to a server, in the order of their arrival.
    pub(super) fn all(log: &Log, server: u32) -> Vec<Self> {
        let mut all = Vec::<Self>::new();
        for (at, number, did) in exchanges(log, server) {
            let outcome = match did {
                HttpDid::Ask(request) => {
                    all.push(Self { request, arrived_at: at, ended_at: None, outcome: Outcome::InFlight });
                    continue;
                }
                HttpDid::Answer(status) => Outcome::Answered(status),
                HttpDid::Close => Outcome::Cut,
            };
            (all[number].ended_at, all[number].outcome) = (Some(at), outcome);
        }
        all
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: arrived at {}", self.request, Seconds(self.arrived_at))?;
        match self.outcome {
            Outcome::InFlight => return f.write_str(", in flight"),
            Outcome::Answered(Some(status)) => write!(f, ", answered {status}")?,
            Outcome::Answered(None) => f.write_str(", answered")?,
            Outcome::Cut => f.write_str(", closed without an answer")?,
        }
        self.ended_at.map_or(Ok(()), |at| write!(f, " at {}", Seconds(at)))
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

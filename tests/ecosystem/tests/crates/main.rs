//! Unmodified crates in virtual time, one module a crate.

#![cfg(unix)]

mod async_io;
mod axum;
mod blocking;
mod calendar;
mod crossbeam;
mod delay_queue;
#[expect(dead_code, reason = "what it tells beyond is for the cases beside it")]
#[path = "../../../blocking/found.rs"]
mod found;
mod governor;
mod hyper;
mod moka;
mod parking_lot;
mod postgres;
mod quiet;
mod r2d2;
mod rayon;
mod redis;
mod reqwest;
mod retries;
mod rustls;
mod servers;
mod servers_in_real_time;
mod sqlite;
mod std_net;
mod std_threads;
mod tokio_net;
mod tonic;
mod tower;
mod tungstenite;

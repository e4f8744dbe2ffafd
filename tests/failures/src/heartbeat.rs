//! Tells the monitoring that the shop is open.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::interval;

/// Counts a beat at once, and then one at each interval, for ever.
pub async fn beat(every: Duration, beats: watch::Sender<u64>) {
    let mut interval = interval(every);
    loop {
        interval.tick().await;
        beats.send_modify(|beats| *beats += 1);
    }
}

//! Two producers and three consumers at a bounded queue, ended by poison pills: who waits for whom, to the millisecond.
//!
//! Run it by `cargo run --example producer_consumer`, and its tests by `cargo test --example producer_consumer`.

use std::ops::RangeInclusive;
use std::time::Duration;

use futures::future::join_all;
use standstill::clock;
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;

/// A bounded queue that any number of tasks put into and take from.
struct Queue<T> {
    sender: mpsc::Sender<Item<T>>,
    /// tokio's channel has one receiver, so the consumers take turns.
    receiver: Mutex<mpsc::Receiver<Item<T>>>,
}

enum Item<T> {
    Job(T),
    /// Ends the one consumer that swallows it.
    PoisonPill,
}

impl<T> Queue<T> {
    fn bounded(capacity: usize) -> Self {
        let (sender, receiver) = mpsc::channel(capacity);
        Self { sender, receiver: Mutex::new(receiver) }
    }

    /// Waits while the queue is full.
    async fn put(&self, item: Item<T>) {
        // The receiver lives as long as the sender, so the channel is never closed.
        let _ = self.sender.send(item).await;
    }

    /// Waits while the queue is empty; `None` tells the consumer to end.
    async fn take(&self) -> Option<T> {
        match self.receiver.lock().await.recv().await {
            Some(Item::Job(job)) => Some(job),
            Some(Item::PoisonPill) | None => None,
        }
    }
}

async fn produce(queue: &Queue<u32>, jobs: RangeInclusive<u32>, pause: Duration, tell: impl Fn(&str)) {
    for job in jobs {
        queue.put(Item::Job(job)).await;
        tell(&format!("has put job {job}"));
        sleep(pause).await;
    }
}

async fn consume(queue: &Queue<u32>, effort: Duration, tell: impl Fn(&str)) {
    while let Some(job) = queue.take().await {
        tell(&format!("takes job {job}"));
        sleep(effort).await;
    }
    tell("ends");
}

/// A puts jobs 1 to 4, one every 200 ms; B comes 50 ms later and puts 11 to 14, one every 260 ms; a job takes a second.
async fn run_factory(tell: impl Fn(&str)) {
    let queue = Queue::bounded(2);
    let tell = |who| {
        let tell = &tell;
        move |what: &str| tell(&format!("{who} {what}"))
    };
    let produce_all = async {
        let second = async {
            sleep(Duration::from_millis(50)).await;
            produce(&queue, 11..=14, Duration::from_millis(260), tell("producer B")).await;
        };
        tokio::join!(produce(&queue, 1..=4, Duration::from_millis(200), tell("producer A")), second);
        for _ in 0..3 {
            queue.put(Item::PoisonPill).await;
        }
    };
    let consumers = ["consumer 1", "consumer 2", "consumer 3"];
    let consume_all = join_all(consumers.map(|who| consume(&queue, Duration::from_secs(1), tell(who))));
    tokio::join!(produce_all, consume_all);
}

fn main() {
    println!("Two producers, a queue of 2, three consumers: from 0.4 s on, the producers wait");
    standstill::run(async || {
        run_factory(|what| println!("{:>7.3} s  {what}", clock::elapsed().as_secs_f64())).await;
    });
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use standstill::prelude::*;

    use super::*;

    #[async_test]
    async fn everyone_waits_exactly_as_long_as_they_must() {
        let told = RefCell::new(Vec::new());

        run_factory(|what| told.borrow_mut().push(format!("{:>4} {what}", clock::elapsed().as_millis()))).await;

        let expected = [
            "   0 producer A has put job 1",
            "   0 consumer 1 takes job 1",
            "  50 producer B has put job 11",
            "  50 consumer 2 takes job 11",
            " 200 producer A has put job 2",
            " 200 consumer 3 takes job 2",
            " 310 producer B has put job 12",
            " 400 producer A has put job 3",
            "1000 consumer 1 takes job 12",
            "1000 producer B has put job 13",
            "1050 consumer 2 takes job 3",
            "1050 producer A has put job 4",
            "1200 consumer 3 takes job 13",
            "1260 producer B has put job 14",
            "2000 consumer 1 takes job 4",
            "2050 consumer 2 takes job 14",
            "2200 consumer 3 ends",
            "3000 consumer 1 ends",
            "3050 consumer 2 ends",
        ];
        assert_eq!(told.into_inner(), expected);
    }

    #[async_test]
    async fn a_pill_ends_one_consumer() {
        let queue = Queue::bounded(3);
        for item in [Item::Job(1), Item::PoisonPill, Item::Job(2)] {
            queue.put(item).await;
        }

        let taken = join_all([queue.take(), queue.take(), queue.take()]).await;

        assert_eq!(taken, [Some(1), None, Some(2)]);
    }
}

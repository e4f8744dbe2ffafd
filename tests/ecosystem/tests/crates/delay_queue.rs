//! tokio-util's `DelayQueue`.

use futures::StreamExt as _;
use standstill::prelude::*;
use tokio_util::time::DelayQueue;

#[async_test]
async fn what_is_queued_comes_at_its_time() {
    let mut queue = DelayQueue::new();
    queue.insert("newsletter", 7.days());
    let reminder = queue.insert("reminder", 1.hours());
    let offer = queue.insert("offer", 2.hours());
    queue.reset(&reminder, 3.hours());
    queue.remove(&offer);

    assert_eq!(queue.next().await.unwrap().into_inner(), "reminder");
    assert_elapsed!(3.hours());
    assert_eq!(queue.next().await.unwrap().into_inner(), "newsletter");
    assert_elapsed!(7.days());
    assert!(queue.next().await.is_none());
}

//! tokio-test beside mocks, gates and the clock.

use standstill::mock::{MockFn, Outcome};
use standstill::{clock, prelude::*};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::sleep;
use tokio_test::{assert_pending, assert_ready, assert_ready_eq, assert_ready_err, assert_ready_ok, io, task};

type Fetch = MockFn<fn(String) -> Result<String, String>>;

fn fetch() -> Fetch {
    MockFn::new("fetch")
}

/// Answers a line that names a thing with what is known of it.
async fn serve(stream: impl AsyncRead + AsyncWrite, fetch: &Fetch) -> std::io::Result<()> {
    let mut stream = Box::pin(BufReader::new(stream));
    let mut name = String::new();
    while stream.read_line(&mut name).await? > 0 {
        let answer = fetch.call(name.trim_end().to_owned()).await.unwrap_or_else(|error| format!("sorry: {error}"));
        stream.write_all(format!("{answer}\n").as_bytes()).await?;
        name.clear();
    }
    Ok(())
}

#[async_test]
async fn a_call_that_a_gate_holds_is_pending_and_is_woken_when_it_opens() {
    let fetch = fetch();
    let gate = fetch.gate();
    let mut call = task::spawn(fetch.call("tea".to_owned()));
    assert_eq!(gate.waiting(), 0);

    assert_pending!(call.poll());
    assert_eq!(gate.waiting(), 1);
    assert!(!call.is_woken());

    gate.open(Ok("hot".to_owned()));

    assert!(call.is_woken());
    assert_eq!(assert_ready_ok!(call.poll()), "hot");
    fetch.assert_all_completed();
}

#[async_test]
async fn a_call_is_on_record_before_its_first_poll() {
    let fetch = fetch();
    fetch.returns(Err("cold".to_owned()));
    let mut call = task::spawn(fetch.call("tea".to_owned()));
    assert_eq!((fetch.called(), fetch.polled()), (1, 0));

    assert_eq!(assert_ready_err!(call.poll()), "cold");

    assert_eq!((fetch.called(), fetch.polled()), (1, 1));
}

#[async_test]
async fn a_call_with_latency_is_pending_until_the_clock_is_moved() {
    let fetch = fetch();
    fetch.returns(Ok("hot".to_owned())).after(3.secs());
    let mut call = task::spawn(fetch.call("tea".to_owned()));
    assert_pending!(call.poll());

    clock::advance(2999.millis()).await;
    assert!(!call.is_woken());
    assert_pending!(call.poll());

    clock::advance(1.millis()).await;
    assert!(call.is_woken());
    assert_ready_eq!(call.poll(), Ok("hot".to_owned()));
    assert_elapsed!(3.secs());
}

#[async_test]
async fn a_call_that_is_dropped_is_cancelled_at_its_instant() {
    let fetch = fetch();
    fetch.pending();
    let mut call = task::spawn(fetch.call("tea".to_owned()));
    assert_pending!(call.poll());

    clock::advance(3.secs()).await;
    drop(call);

    let call = &fetch.calls()[0];
    assert_eq!((call.outcome, call.ended_at), (Outcome::Cancelled, Some(3.secs())));
}

#[async_test]
async fn a_sleep_under_frozen_time_is_moved_by_hand() {
    let time = clock::freeze();
    let mut nap = task::spawn(sleep(1.secs()));
    assert_pending!(nap.poll());

    clock::advance(1.secs()).await;

    assert_ready!(nap.poll());
    drop(time);
}

#[async_test]
async fn a_scripted_stream_and_a_scripted_mock_are_served_together() {
    let fetch = fetch();
    fetch.sequence([Ok("hot".to_owned()), Err("sold out".to_owned())]).after_each([2.secs(), 5.secs()]);
    let stream = io::Builder::new()
        .read(b"tea\n")
        .write(b"hot\n")
        .wait(10.secs())
        .read(b"cake\n")
        .write(b"sorry: sold out\n")
        .build();

    serve(stream, &fetch).await.unwrap();

    fetch.assert_calls(["tea", "cake"]);
    assert_elapsed!(17.secs());
    assert_eq!(fetch.pauses(), [10.secs()]);
}

#[tokio::test(start_paused = true)]
async fn pauses_are_on_tokio_s_clock_outside_a_bubble() {
    let fetch = fetch();
    fetch.returns(Ok("hot".to_owned())).after(2.secs());

    for _ in 0..3 {
        fetch.call("tea".to_owned()).await.unwrap();
        sleep(10.secs()).await;
    }

    assert_eq!(fetch.pauses(), [10.secs(), 10.secs()]);
    assert_eq!(fetch.intervals(), [12.secs(), 12.secs()]);
    assert_eq!(fetch.calls()[2].ended_at, Some(26.secs()));
}

#[async_test]
async fn a_stream_that_fails_leaves_the_mock_alone() {
    let fetch = fetch();
    let stream = io::Builder::new().read_error(std::io::ErrorKind::ConnectionReset.into()).build();

    let mut serving = task::spawn(serve(stream, &fetch));

    assert_eq!(assert_ready_err!(serving.poll()).kind(), std::io::ErrorKind::ConnectionReset);
    drop(serving);
    fetch.assert_never_called();
}

#[async_test]
async fn a_stream_is_written_by_hand_while_a_gate_holds_the_answer() {
    let fetch = fetch();
    let gate = fetch.gate();
    let (stream, mut peer) = io::Builder::new().build_with_handle();
    let mut serving = task::spawn(serve(stream, &fetch));
    assert_pending!(serving.poll());

    peer.read(b"tea\n");
    assert!(serving.is_woken());
    assert_pending!(serving.poll());
    assert_eq!(gate.waiting(), 1);

    peer.write(b"hot\n");
    gate.open(Ok("hot".to_owned()));
    assert_pending!(serving.poll());
    fetch.assert_all_completed();

    drop(peer);
    assert_ready_ok!(serving.poll());
}

#[async_test]
async fn a_second_runtime_is_refused() {
    let block_on = std::panic::catch_unwind(|| tokio_test::block_on(async { 7 }));

    assert!(block_on.is_err());
}

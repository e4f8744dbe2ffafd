//! A mock saw a call that it must not see, or did not see what it expected.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use standstill::mock::{MockFn, Sequence, always, eq, gt};
use standstill::{async_mock, mock_fn, prelude::*, task};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

/// The copies that the warehouse has of a title.
type Stock = MockFn<fn(String) -> u32>;

/// Mails a title's receipt to a customer.
type Mail = MockFn<fn(&'static str, u64) -> Result<(), String>>;

struct Envelope;

fn stock() -> Stock {
    MockFn::new("stock")
}

fn mail() -> Mail {
    MockFn::new("mail")
}

fn bell() -> MockFn<fn()> {
    MockFn::new("bell")
}

#[async_test]
async fn the_warehouse_is_asked_before_anybody_told_it_what_to_say() {
    stock().call("Dune".into()).await;
}

#[async_test]
async fn a_mail_goes_to_a_stranger() {
    let mail = mail();
    mail.when((eq("Anna"), eq(7))).returns(Ok(()));
    mail.when((eq("Ben"), gt(8))).times(1..=2).returns(Ok(()));
    mail.when((always(), eq(8))).returns_once(Ok(()));
    mail.when_fn("a name of one letter", |(to, _)| to.len() == 1).times(..).returns(Ok(()));
    mail.call(("Anna", 7)).await.unwrap();
    mail.call(("Emma", 8)).await.unwrap();
    mail.call(("Ben", 9)).await.unwrap();
    sleep(250.millis()).await;

    mail.call(("Zoe", 8)).await.unwrap();
}

#[async_test]
async fn a_title_is_asked_for_that_no_rule_knows() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).times(..).returns(3);

    stock.call("Emma".into()).await;
}

#[async_test]
async fn a_mail_whose_arguments_have_names_goes_to_a_stranger() {
    let mail = mock_fn!(async fn mail(to: &str, copies: u32));
    mail.when((eq("Anna"), gt(1))).times(..);

    mail.call(("Zoe", 2)).await;
}

#[async_test]
async fn an_envelope_is_sealed_that_cannot_be_shown() {
    let seal = mock_fn!(async fn seal(envelope: Envelope));
    seal.when_fn("a thick envelope", |_| false).times(..);

    seal.call(Envelope).await;
}

#[async_test]
async fn a_mock_that_keeps_no_arguments_refuses_a_call() {
    let stock = stock();
    stock.without_args();
    stock.when(eq("Dune".to_owned())).times(..).returns(3);

    stock.call("Emma".into()).await;
}

#[async_test]
async fn a_rule_for_two_calls_sees_a_third() {
    let stock = stock();
    stock.returns(3).times(2);

    for _ in 0..3 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn the_bell_rings_that_must_not() {
    let bell = bell();
    bell.never();
    sleep(3.secs()).await;

    bell.call(()).await;
}

#[async_test]
async fn a_customer_must_get_no_mail_and_gets_one() {
    let mail = mail();
    mail.when((eq("Ben"), always())).never();
    mail.returns(Ok(()));
    mail.call(("Anna", 7)).await.unwrap();

    mail.call(("Ben", 7)).await.unwrap();
}

#[async_test]
async fn the_warehouse_is_asked_once_more_than_its_script_knows() {
    let stock = stock();
    stock.sequence([3, 2]);

    for _ in 0..3 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn the_bell_rings_once_more_than_there_are_delays() {
    let bell = bell();
    bell.after_each([1.secs()]);

    bell.call(()).await;
    bell.call(()).await;
}

#[async_test]
async fn a_rule_was_not_told_what_to_answer() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).after(1.secs());

    stock.call("Dune".into()).await;
}

#[async_test]
async fn the_warehouse_is_asked_at_once_and_once_more_than_its_script_knows() {
    let stock = stock();
    stock.sequence([3]);
    sleep(3.secs()).await;
    stock.call_now("Dune".into());

    stock.call_now("Emma".into());
}

#[async_test]
async fn the_mail_goes_out_before_the_warehouse_was_asked() {
    let (stock, mail, order) = (stock(), mail(), Sequence::new());
    stock.returns(3).in_order(&order);
    mail.returns(Ok(())).in_order(&order);

    mail.call(("Anna", 7)).await.unwrap();
}

#[async_test]
async fn the_mail_goes_out_when_the_warehouse_was_asked_once_of_twice() {
    let (stock, mail, order) = (stock(), mail(), Sequence::new());
    stock.when(eq("Dune".to_owned())).returns(3).times(2).in_order(&order);
    mail.returns(Ok(())).in_order(&order);
    stock.call("Dune".into()).await;

    mail.call(("Anna", 7)).await.unwrap();
}

#[async_test]
async fn the_warehouse_is_asked_again_after_the_mail_went_out() {
    let (stock, mail, order) = (stock(), mail(), Sequence::new());
    stock.returns(3).times(1..).in_order(&order);
    mail.returns(Ok(())).in_order(&order);
    stock.call("Dune".into()).await;
    mail.call(("Anna", 7)).await.unwrap();

    stock.call("Dune".into()).await;
}

#[async_test]
async fn one_call_comes_where_two_are_expected() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).times(2).returns(3);

    stock.call("Dune".into()).await;
}

#[async_test]
async fn no_call_comes_where_one_is_expected() {
    bell().always().times(1);
}

#[async_test]
async fn one_call_comes_where_two_to_four_are_expected() {
    let mail = mail();
    mail.when((eq("Anna"), always())).times(2..=4).returns(Ok(()));

    mail.call(("Anna", 7)).await.unwrap();
}

#[async_test]
async fn no_call_comes_where_at_least_one_is_expected() {
    stock().returns(3).times(1..);
}

#[async_test]
async fn a_rule_is_hidden_by_the_one_before_it() {
    let stock = stock();
    stock.returns(3);
    stock.when(eq("Emma".to_owned())).returns(5);

    stock.call("Emma".into()).await;
}

#[async_test]
async fn two_steps_of_a_script_are_left() {
    let stock = stock();
    stock.sequence([3, 2, 1]);

    stock.call("Dune".into()).await;
}

#[async_test]
async fn one_step_of_a_script_is_left() {
    let stock = stock();
    stock.sequence([3, 2]);

    stock.call("Dune".into()).await;
}

#[async_test]
async fn several_mocks_miss_something() {
    let (stock, mail) = (stock(), mail());
    stock.when(eq("Dune".to_owned())).returns(3);
    stock.when(eq("Emma".to_owned())).times(2).returns(5);
    mail.returns(Ok(())).times(1);

    stock.call("Emma".into()).await;
}

#[async_test]
async fn the_mail_is_written_and_never_sent() {
    let mail = mail();

    drop(mail.call(("Anna", 7)));
}

#[async_test(never_polled = "allow")]
async fn the_mail_may_be_written_and_never_sent() {
    let mail = mail();

    drop(mail.call(("Anna", 7)));
}

#[async_test]
async fn the_mail_is_written_twice_and_never_sent_though_it_must_be() {
    let mail = mail();
    mail.must_be_polled();

    drop(mail.call(("Anna", 7)));
    sleep(1.secs()).await;
    drop(mail.call(("Ben", 8)));
}

#[async_test]
async fn a_mail_is_written_and_never_sent_where_it_was_expected() {
    let mail = mail();
    mail.returns(Ok(())).times(1);

    drop(mail.call(("Anna", 7)));
}

#[async_test]
async fn a_spawned_task_asks_what_nobody_expects() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).times(..).returns(3);
    tokio::spawn({
        let stock = stock.clone();
        async move { stock.call("Emma".into()).await }
    });

    sleep(1.secs()).await;
}

#[async_test]
async fn a_named_task_asks_what_nobody_expects() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).times(..).returns(3);
    task::spawn("customer", {
        let stock = stock.clone();
        async move { stock.call("Emma".into()).await }
    });

    sleep(1.secs()).await;
}

#[async_test]
async fn a_task_asks_what_nobody_expects_and_its_panic_is_caught_by_join() {
    let stock = stock();
    stock.never();

    let asked = tokio::spawn(stock.call("Emma".into())).await;

    assert!(asked.is_err());
}

#[async_test]
async fn a_task_asks_what_nobody_expects_and_its_join_is_unwrapped() {
    let stock = stock();
    stock.never();

    tokio::spawn(stock.call("Emma".into())).await.unwrap();
}

#[async_test]
async fn a_blocking_job_asks_what_nobody_expects() {
    let stock = stock();
    stock.never();

    let asked = spawn_blocking(move || stock.call_now("Emma".into())).await;

    assert!(asked.is_err());
}

#[async_test]
async fn the_body_asks_what_nobody_expects_and_catches_it() {
    let stock = stock();
    stock.never();

    let asked = catch_unwind(AssertUnwindSafe(|| stock.call_now("Emma".into())));

    assert!(asked.is_err());
}

#[async_test(unhandled_panic = "shutdown_runtime")]
async fn the_first_question_that_nobody_expects_closes_the_shop() {
    let stock = stock();
    stock.never();
    tokio::spawn(stock.call("Emma".into()));

    sleep(2.secs()).await;
}

#[async_test]
#[should_panic(expected = "must never come")]
async fn the_question_that_nobody_expects_should_come() {
    let stock = stock();
    stock.never();

    stock.call("Emma".into()).await;
}

#[async_test]
async fn the_shop_panics_before_it_sends_the_mail() {
    let mail = mail();
    mail.when((eq("Anna"), always())).returns(Ok(())).times(1);

    panic!("no copy of \"Dune\" is left");
}

#[async_test]
async fn a_task_that_never_ends_keeps_a_mock() {
    let mail = mail();
    mail.returns(Ok(())).times(1);

    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop(mail);
    });
}

#[async_test]
async fn other_titles_are_asked_for_than_asserted() {
    let stock = stock();
    stock.returns(3).after(1.secs());
    stock.call("Dune".into()).await;
    stock.call("Emma".into()).await;

    stock.assert_calls(["Dune", "Ulysses"]);
}

#[async_test]
async fn fewer_titles_are_asked_for_than_asserted() {
    let stock = stock();
    stock.returns(3);
    stock.call("Dune".into()).await;

    stock.assert_calls(["Dune", "Emma"]);
}

#[async_test]
async fn a_mail_goes_out_that_is_not_asserted() {
    let mail = mail();
    mail.returns(Ok(()));
    mail.call(("Anna", 7)).await.unwrap();

    mail.assert_calls::<(&str, u64)>([]);
}

#[async_test]
async fn the_one_mail_goes_to_another() {
    let mail = mail();
    mail.returns(Ok(()));
    mail.call(("Ben", 7)).await.unwrap();

    mail.assert_called_once_with(("Anna", 7));
}

#[async_test]
async fn the_one_mail_is_two() {
    let mail = mail();
    mail.returns(Ok(()));
    mail.call(("Anna", 7)).await.unwrap();
    mail.call(("Ben", 7)).await.unwrap();

    mail.assert_called_once_with(("Anna", 7));
}

#[async_test]
async fn the_one_question_is_never_asked() {
    stock().assert_called_once_with("Dune");
}

#[async_test]
async fn the_bell_rings_that_is_asserted_not_to() {
    let bell = bell();
    bell.nice();
    bell.call(()).await;

    bell.assert_never_called();
}

#[async_test]
async fn a_mail_is_given_up() {
    let mail = mail();
    mail.when((eq("Ben"), always())).pending();
    mail.returns(Ok(()));
    mail.call(("Anna", 7)).await.unwrap();
    assert!(timeout(3.secs(), mail.call(("Ben", 8))).await.is_err());
    task::background("postman", mail.call(("Ben", 9)));
    sleep(1.secs()).await;

    mail.assert_all_completed();
}

#[async_test]
async fn something_is_missing_at_a_checkpoint() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns(3);
    stock.when(eq("Emma".to_owned())).times(2).returns(5);
    stock.call("Emma".into()).await;

    stock.checkpoint();
}

#[async_test]
async fn fewer_calls_come_than_are_waited_for() {
    let stock = stock();
    stock.returns(3);
    tokio::spawn({
        let stock = stock.clone();
        async move { stock.call("Dune".into()).await }
    });

    stock.wait_until_called(2).within(5.secs()).await;
}

#[async_test]
async fn no_call_comes_that_is_waited_for() {
    bell().wait_until_called(1).await;
}

#[async_test]
async fn the_warehouse_never_answers() {
    let (stock, mail) = (stock(), mail());
    stock.pending();
    mail.returns(Ok(())).after(2.secs());
    mail.call(("Anna", 7)).await.unwrap();

    stock.call("Dune".into()).await;
}

#[async_test]
async fn the_test_never_answers_by_hand() {
    let stock = stock();
    stock.by_hand();

    stock.call("Dune".into()).await;
}

#[async_test]
async fn the_first_ring_of_a_day_is_not_waited_for() {
    let bell = bell();
    bell.must_be_polled().nice();

    drop(bell.call(()));
    for _ in 0..20 {
        bell.call(()).await;
    }
}

#[async_test]
async fn the_warehouse_is_asked_twice_what_nobody_expects() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns(3);
    for title in ["Emma", "Ulysses"] {
        assert!(tokio::spawn(stock.call(title.into())).await.is_err());
    }
}

#[test]
fn outside_a_bubble_something_is_missing() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns(3);
    stock.when(eq("Emma".to_owned())).returns_once(5);
    stock.nice();

    stock.call_now("Ulysses".into());
}

#[test]
fn outside_a_bubble_a_title_is_asked_for_that_no_rule_knows() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).times(..).returns(3);

    stock.call_now("Emma".into());
}

#[async_test]
async fn the_bell_rings_all_day() {
    let bell = bell();
    bell.after(1.hours()).times(25);

    for _ in 0..24 {
        bell.call(()).await;
    }
}

#[async_test]
async fn a_whole_chapter_is_asked_for() {
    let search: MockFn<fn(String) -> u32> = MockFn::new("search");
    search.when(eq("Dune".to_owned())).times(..).returns(1);

    search.call("A beginning is the time. ".repeat(10)).await;
}

#[async_test]
async fn a_task_s_call_is_cancelled_where_it_was_not_expected_to_be() {
    let mail = mail();
    mail.returns(Ok(())).after(Duration::from_mins(10)).times(2);
    task::spawn("postman", {
        let mail = mail.clone();
        async move { timeout(1.secs(), mail.call(("Anna", 7))).await.is_ok() }
    });

    sleep(2.secs()).await;
}

#[derive(Debug)]
#[expect(dead_code, reason = "it is only shown")]
struct Letter<'a> {
    to: &'a str,
    copies: u32,
}

#[async_test]
async fn the_one_letter_goes_to_another() {
    let post = mock_fn!(async fn post(letter: Letter<'_>, by: &[&str]));
    post.always();
    post.call((Letter { to: "Ben", copies: 1 }, &["train", "ship"])).await;

    post.assert_called_once_with((Letter { to: "Anna", copies: 1 }, ["train", "ship"]));
}

#[async_test]
async fn a_whole_chapter_is_expected() {
    stock().when(eq("A beginning is the time. ".repeat(10))).returns(1);
}

#[async_test]
async fn two_rules_miss_calls_that_the_first_one_took() {
    let mail = mail();
    mail.when((eq("Anna"), always())).returns(Ok(()));
    mail.when((eq("Anna"), eq(7))).times(2).returns(Ok(()));
    mail.when((eq("Ben"), always())).times(1).returns(Ok(()));
    mail.when((eq("Ben"), eq(8))).times(2..).returns(Ok(()));

    for to in ["Anna", "Anna", "Ben", "Ben"] {
        mail.call((to, if to == "Anna" { 7 } else { 8 })).await.unwrap();
    }
}

#[async_test]
async fn the_mails_of_a_day_are_expected_and_the_first_question_is_refused() {
    let (stock, mail, bell) = (stock(), mail(), bell());
    stock.when(eq("Dune".to_owned())).returns(3);
    mail.returns(Ok(())).times(2);
    bell.must_be_polled();
    drop(bell.call(()));

    stock.call("Emma".into()).await;
}

#[async_test]
async fn a_task_s_question_is_refused_and_another_mock_misses_a_call() {
    let (stock, mail) = (stock(), mail());
    stock.when(eq("Dune".to_owned())).returns(3);
    mail.returns(Ok(())).times(1);

    assert!(tokio::spawn(stock.call("Emma".into())).await.is_err());
}

#[async_test]
async fn a_question_is_refused_before_a_checkpoint() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns(3);
    assert!(tokio::spawn(stock.call("Emma".into())).await.is_err());

    stock.checkpoint();
}

#[async_test]
async fn a_question_that_nobody_expects_is_announced_as_a_panic() {
    let stock = stock();
    stock.never();
    task::expect_panics(1, "must never come");

    assert!(tokio::spawn(stock.call("Emma".into())).await.is_err());
}

#[async_test]
async fn titles_are_asserted_that_were_not_kept() {
    let stock = stock();
    stock.without_args().returns(3);
    stock.call("Dune".into()).await;

    stock.assert_calls(["Dune"]);
}

#[derive(Clone, Debug, PartialEq)]
struct Parcel {
    to: Address,
    titles: Vec<&'static str>,
    is_gift: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Address {
    name: &'static str,
    street: &'static str,
    city: &'static str,
}

fn parcel() -> Parcel {
    let to = Address { name: "Anna", street: "Harbour Street 7", city: "Hamburg" };
    Parcel { to, titles: vec!["Dune", "Emma", "Ulysses", "Middlemarch", "Walden"], is_gift: false }
}

/// Sends a parcel by a number of days.
fn send() -> MockFn<fn(Parcel, u32) -> bool> {
    MockFn::new("send")
}

#[async_test(never_polled = "allow")]
async fn the_second_parcel_goes_to_another_city() {
    let send = send();
    send.returns(true);
    send.call((parcel(), 1)).await;
    drop(send.call((parcel(), 9)));
    let mut other = parcel();
    other.to.city = "Bremen";
    send.call((other, 2)).await;

    send.assert_calls([(parcel(), 1), (parcel(), 3)]);
}

#[async_test]
async fn two_parcels_go_out_and_none_is_the_one_that_is_asserted() {
    let send = send();
    send.returns(true);
    let mut other = parcel();
    other.titles.remove(1);
    send.call((other.clone(), 1)).await;
    send.call((other, 2)).await;

    send.assert_called_once_with((parcel(), 2));
}

#[async_test]
async fn a_parcel_goes_out_that_is_almost_the_expected_one() {
    let send = send();
    send.when((eq(Parcel { is_gift: true, ..parcel() }), eq(9))).times(..).returns(true);
    send.when((eq(Parcel { is_gift: true, ..parcel() }), eq(1))).times(..).returns(true);
    send.when((always(), gt(7))).times(..).returns(true);

    send.call((parcel(), 1)).await;
}

#[async_test]
async fn a_chapter_is_searched_for_that_ends_like_another() {
    let search: MockFn<fn(String) -> u32> = MockFn::new("search");
    search.returns(1);
    search.call(format!("{}It was the worst.", "A beginning is the time. ".repeat(10))).await;

    search.assert_called_once_with("A beginning is the time. ".repeat(11));
}

#[async_test]
async fn a_task_asks_by_hand_what_the_test_does_not_answer() {
    let stock = stock();
    stock.by_hand();
    for title in ["Dune", "Emma"] {
        tokio::spawn(stock.call(title.to_owned()));
    }

    assert!(stock.next_call().await.respond(3));
    tokio::task::yield_now().await;
}

/// Calls a mock when it is dropped.
struct Closes<F: FnMut()>(F);

impl<F: FnMut()> Drop for Closes<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[async_test]
async fn the_shop_panics_and_its_door_rings_a_bell_that_must_not_ring() {
    let bell = bell();
    bell.never();
    let _door = Closes(|| bell.call_now(()));

    panic!("the shop is on fire");
}

#[test]
fn outside_a_bubble_the_shop_panics_and_its_door_rings_a_bell_that_must_not_ring() {
    let bell = bell();
    bell.never();
    let _door = Closes(|| bell.call_now(()));

    panic!("the shop is on fire");
}

#[async_test]
async fn the_shop_panics_and_its_door_asks_what_nobody_expects() {
    let stock = stock();
    let _door = Closes(|| _ = stock.call_now("Dune".into()));

    panic!("the shop is on fire");
}

#[tokio::test]
async fn outside_a_bubble_a_task_has_the_mock_when_the_runtime_drops_it() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns_once(3);
    tokio::spawn(async move {
        let _stock = stock;
        std::future::pending::<()>().await;
    });
    tokio::task::yield_now().await;
}

#[tokio::test]
async fn outside_a_bubble_a_task_has_the_mock_whose_call_is_refused() {
    let stock = stock();
    stock.when(eq("Dune".to_owned())).returns_once(3);
    tokio::spawn(async move { stock.call("Emma".into()).await });
    tokio::task::yield_now().await;
}

#[test]
fn outside_a_bubble_a_thread_has_the_mock_that_nobody_joins() {
    let (stock, (done, is_done)) = (stock(), std::sync::mpsc::channel::<()>());
    stock.when(eq("Dune".to_owned())).returns_once(3);
    std::thread::Builder::new()
        .name("porter".to_owned())
        .spawn(move || {
            let _done = done;
            drop(stock);
        })
        .unwrap();

    let _ = is_done.recv();
}

#[async_test]
async fn a_mail_is_missing_since_a_task_s_question_was_refused() {
    let (mail, stock) = (mail(), stock());
    mail.returns(Ok(())).times(1);
    stock.when(eq("Dune".to_owned())).returns(3);

    let _ = tokio::spawn(stock.call("Emma".into())).await;
}

#[async_test]
async fn a_title_is_not_asked_for_and_those_after_it_are() {
    let stock = stock();
    stock.returns(3);
    for title in ["Dune", "Ulysses", "Walden"] {
        stock.call(title.into()).await;
    }

    stock.assert_calls(["Dune", "Emma", "Ulysses", "Walden"]);
}

#[async_test]
async fn a_title_too_many_is_asked_for() {
    let stock = stock();
    stock.returns(3);
    for title in ["Dune", "Emma", "Ulysses", "Walden"] {
        stock.call(title.into()).await;
    }

    stock.assert_calls(["Dune", "Ulysses", "Walden"]);
}

#[async_test]
async fn the_bell_rings_once_less_than_there_are_delays() {
    let bell = bell();
    bell.after_each([1.secs(), 2.secs()]);

    bell.call(()).await;
}

#[async_test]
async fn questions_wait_for_answers_that_the_test_alone_can_give() {
    let (stock, asked) = (stock(), MockFn::<fn(&'static str) -> u32>::new("asked"));
    let _gate = stock.when(eq("Dune".to_owned())).gate();
    stock.when(eq("Emma".to_owned())).pending();
    stock.when(eq("Walden".to_owned())).after(1.secs()).returns(3);
    for title in ["Dune", "Emma", "Walden"] {
        tokio::spawn(stock.call(title.into()));
    }
    for title in ["Ulysses", "Ivanhoe"] {
        tokio::spawn(asked.by_hand().call(title));
        sleep(500.millis()).await;
    }
    let _taken = asked.next_call().await;
    drop(asked.next_call().await);

    stock.call("Dune".into()).await;
}

#[async_test]
async fn a_mail_is_awaited_by_hand_that_nobody_writes() {
    mail().next_call().await;
}

#[async_test]
async fn a_question_is_awaited_by_hand_that_a_rule_answers() {
    let stock = stock();
    stock.returns(3);
    let shop = tokio::spawn({
        let stock = stock.clone();
        async move { stock.call("Dune".into()).await }
    });

    stock.next_call().await.respond(4);

    shop.await.unwrap();
}

#[async_test]
async fn a_question_waits_at_a_gate_that_is_gone() {
    let stock = stock();
    drop(stock.gate());

    stock.call("Dune".into()).await;
}

/// There is but one of each.
#[derive(Debug, PartialEq)]
struct Stamp(u64);

#[async_test]
async fn a_stamp_is_asserted_of_which_there_is_no_copy() {
    let stick = mock_fn!(async fn stick(to: &str, stamp: Stamp));
    stick.nice();
    stick.call(("Anna", Stamp(7))).await;

    stick.assert_called_once_with(("Anna", Stamp(7)));
}

#[test]
fn outside_a_bubble_a_thread_without_a_name_has_the_mock_that_nobody_joins() {
    let (stock, (done, is_done)) = (stock(), std::sync::mpsc::channel::<()>());
    stock.when(eq("Dune".to_owned())).returns_once(3);
    std::thread::spawn(move || {
        let _done = done;
        drop(stock);
    });

    let _ = is_done.recv();
}

/// Knows nothing of what it keeps.
#[async_mock]
trait Drawer<K> {
    async fn open(&self, key: K) -> bool;
}

#[async_test]
async fn a_drawer_is_opened_by_a_key_of_which_only_the_type_is_known() {
    let drawer = MockDrawer::<u64>::new();
    drawer.open.when(eq(8)).returns(true);

    drawer.open(7).await;
}

#[async_test]
async fn a_rule_with_one_value_sees_a_second_call() {
    let stock = stock();
    stock.returns_once(3);

    for _ in 0..2 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn a_rule_with_one_value_is_to_take_two_calls() {
    let stock = stock();
    stock.returns_once(3).times(2);

    for _ in 0..2 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn a_rule_with_as_many_steps_as_calls_sees_one_more() {
    let stock = stock();
    stock.sequence([3, 2]).times(2);

    for _ in 0..3 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn a_rule_with_as_many_delays_as_calls_sees_one_more() {
    let stock = stock();
    stock.returns(3).after_each([1.secs()]).times(1);

    for _ in 0..2 {
        stock.call("Dune".into()).await;
    }
}

#[async_test]
async fn a_rule_that_repeats_its_last_step_is_used_up() {
    let stock = stock();
    stock.sequence([3]).then_repeat_last().times(1);

    for _ in 0..2 {
        stock.call("Dune".into()).await;
    }
}

#[async_mock]
trait Printer {
    fn print(&self, page: u64) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
}

#[async_test]
async fn a_page_goes_to_some_printer_and_is_not_waited_for() {
    let printer: Box<dyn Printer> = Box::new(MockPrinter::new());

    drop(printer.print(7));
}

#[async_test(never_polled = "deny")]
async fn pages_go_to_some_printer_and_are_not_waited_for() {
    let printer: Box<dyn Printer> = Box::new(MockPrinter::new());

    let pages = [printer.print(7), printer.print(8)];
    drop(pages);
}

#[derive(Clone)]
struct Orders(tokio::sync::mpsc::Sender<u64>);

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Tokio's shows addresses.
        f.write_str("Orders(Sender { .. })")
    }
}

#[async_test]
async fn a_mock_keeps_the_sender_of_the_orders_that_the_shop_reads_to_their_end() {
    let (sender, mut orders) = tokio::sync::mpsc::channel::<u64>(8);
    let subscribe = mock_fn!(async fn subscribe(shop: &str, to: Orders));
    subscribe.answers(|(_, to)| to.0.try_send(7).unwrap());
    subscribe.call(("Paris", Orders(sender))).await;

    while orders.recv().await.is_some() {}
}

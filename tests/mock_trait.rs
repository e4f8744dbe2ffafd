//! Mocks of traits, in all forms that a trait has.

#![allow(async_fn_in_trait)]

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Write};
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait as boxed;
use futures::future::{BoxFuture, LocalBoxFuture};
use futures::poll;
use standstill::mock::{MockFn, Outcome, always, eq};
use standstill::{Builder, async_mock, mock_fn, prelude::*};

#[derive(Clone, Debug, PartialEq)]
struct User(u64);

/// Neither `Clone` nor `Debug`.
struct Opaque(u64);

#[derive(Debug)]
#[expect(dead_code, reason = "it is only shown")]
struct Request<'a>(&'a str);

#[async_mock]
trait Users {
    async fn get(&self, id: u64) -> Result<User, io::Error>;
    async fn count(&self) -> usize;
    async fn put(&mut self, key: &str, bytes: &[u8], path: &Path, user: Option<&User>) -> bool;
    fn size(&self, id: u64) -> u64;
    async fn opaque(&self, opaque: Opaque, by: &Opaque) -> Opaque;
    async fn fill(&self, into: &mut String, _: u8);
    async fn send(&self, request: Request<'_>, list: Vec<&str>, object: &dyn Debug);
    fn check(&self, with: Box<dyn Fn(&str) -> bool>) -> bool;
    fn same(&self, other: &Self) -> bool;
    fn r#type(&self) -> u64;
}

fn users() -> MockUsers {
    MockUsers::new()
}

#[async_test]
async fn each_method_is_a_mock_of_its_own() {
    let mut users = users();
    users.get.when(eq(7)).after(2.secs()).returns_once(Ok(User(7)));
    users.count.returns(3);
    users.size.when(eq(1)).returns(10);
    users.put.returns(true);
    users.r#type.returns(5);

    assert_eq!(users.get(7).await.unwrap(), User(7));
    assert_eq!(users.count().await, 3);
    assert_eq!(users.size(1), 10);
    assert!(users.put("a", b"b", Path::new("c"), None).await);
    assert_eq!(users.r#type(), 5);

    assert_elapsed!(2.secs());
    assert_eq!(users.get.name(), "Users::get");
    assert_eq!(users.r#type.name(), "Users::type");
    users.get.assert_called_once_with(7);
}

#[async_test]
async fn borrowed_arguments_are_matched_and_kept_in_their_owned_form() {
    let mut users = users();
    users.put.when((eq("a"), eq(b"b".as_slice()), always(), eq(Some(User(1))))).returns(true);
    users.put.returns(false);

    assert!(users.put("a", b"b", Path::new("c"), Some(&User(1))).await);
    assert!(!users.put("a", b"b", Path::new("c"), None).await);

    let expected = |user| ("a".to_owned(), b"b".to_vec(), PathBuf::from("c"), user);
    users.put.assert_calls([expected(Some(User(1))), expected(None)]);
}

#[async_test]
async fn an_argument_that_borrows_inside_is_matched_by_its_text() {
    let users = users();
    users.send.when((eq("Request(\"x\")"), eq("[\"y\"]"), eq("7"))).returns(());

    users.send(Request("x"), vec!["y"], &7).await;

    assert_eq!(users.send.completed(), 1);
}

#[async_test]
async fn an_argument_that_borrows_inside_is_compared_by_its_text() {
    let users = users();
    users.send.returns(());
    let long = "x".repeat(1000);

    users.send(Request("x"), vec!["y"], &Some(7)).await;
    users.send(Request(&long), vec![], &"7").await;

    users.send.assert_calls([
        (Request("x"), ["y"].as_slice(), &Some(7) as &dyn Debug),
        (Request(&long), [].as_slice(), &"7" as &dyn Debug),
    ]);
    let calls = users.send.calls();
    assert!(calls[0].args == (Request("x"), ["y"], Some(7)));
    assert!(calls[0].args != (Request("x"), ["y"], 7));
    assert!(calls[1].args != (Request(&long[1..]), [""; 0], "7"));
}

#[async_test]
#[should_panic(expected = "borrows and is not `Debug`")]
async fn an_argument_that_borrows_inside_and_has_no_debug_cannot_be_compared() {
    struct Borrows<'a>(#[expect(dead_code, reason = "it only borrows")] &'a str);

    let open = mock_fn!(async fn open(door: Borrows<'_>));
    open.when_fn("any", |door| door.contains("Borrows")).returns(());
    open.call(Borrows("x")).await;

    open.assert_called_once_with("x");
}

#[async_test]
async fn an_argument_need_be_neither_clone_nor_debug() {
    let users = users();
    users.opaque.when_fn("the same", |(opaque, by)| opaque.0 == by.0).answers(|(opaque, _)| opaque);

    assert_eq!(users.opaque(Opaque(7), &Opaque(7)).await.0, 7);
}

#[async_test]
async fn an_answer_may_change_what_an_argument_borrows_mutably() {
    let users = users();
    users.fill.answers(|(into, count)| into.extend(std::iter::repeat_n('x', count.into())));
    let mut text = "a".to_owned();

    users.fill(&mut text, 3).await;

    assert_eq!(text, "axxx");
    users.fill.assert_called_once_with(("a".to_owned(), 3));
}

#[async_test]
async fn functions_and_the_mock_itself_can_be_arguments() {
    let users = users();
    users.check.answers(|with| with("x"));
    users.same.when(eq("MockUsers { .. }")).returns(true);

    assert!(users.check(Box::new(|text| text == "x")));
    assert!(users.same(&MockUsers::new()));
}

#[async_test]
async fn a_call_is_on_record_before_it_is_polled_whatever_it_borrows() {
    let mut users = users();
    users.put.returns(true);

    drop(users.count());
    drop(users.put("a", b"b", Path::new("c"), None));
    assert!(users.put("d", b"e", Path::new("f"), None).await);

    assert_eq!((users.count.called(), users.count.never_polled()), (1, 1));
    assert_eq!((users.put.called(), users.put.never_polled(), users.put.completed()), (2, 1, 1));
    let outcomes: Vec<_> = users.put.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::NeverPolled, Outcome::Completed]);
}

#[async_test]
async fn a_call_that_was_polled_and_dropped_is_cancelled() {
    let mut users = users();
    users.put.pending();
    users.count.pending();

    {
        let mut put = pin!(users.put("a", b"b", Path::new("c"), None));
        assert!(poll!(&mut put).is_pending());
    }
    {
        let mut count = pin!(users.count());
        assert!(poll!(&mut count).is_pending());
    }

    assert_eq!((users.put.cancelled(), users.count.cancelled()), (1, 1));
}

#[async_test]
async fn a_clone_shares_rules_and_calls() {
    let users = users();
    let clone = users.clone();
    users.count.returns(1);

    assert_eq!(clone.count().await, 1);

    assert_eq!(users.count.called(), 1);
    assert_eq!(format!("{users:?}"), "MockUsers { .. }");
    assert_eq!(MockUsers::default().count.called(), 0);
}

#[async_mock]
trait Shop {
    async fn name(&self, key: &str) -> &str;
    async fn user(&self) -> Option<&User>;
    async fn bytes(&self) -> Result<&[u8], io::Error>;
    async fn change(&mut self) -> &mut User;
    async fn object(&self) -> &dyn Display;
    async fn cow<'a>(&self, text: &'a str, other: &str) -> Cow<'a, str>;
    fn path(&self) -> &Path;
    fn users(&self) -> io::Result<Option<&[User]>>;
    fn fixed(&self) -> &'static str;
}

#[async_test]
async fn a_returned_reference_is_to_what_the_answer_gave() {
    let mut shop = MockShop::new();
    shop.name.returns("x".to_owned());
    shop.user.returns(Some(User(1)));
    shop.bytes.returns_once(Ok(vec![1, 2]));
    shop.change.returns(User(2));
    shop.object.always().local().returns_once(Box::new(7));
    shop.cow.returns(Cow::Borrowed("cow"));
    shop.path.returns(PathBuf::from("a/b"));
    shop.users.returns_once(Ok(Some(vec![User(3)])));
    shop.fixed.returns("fixed");

    assert_eq!(shop.name("key").await, "x");
    assert_eq!(shop.user().await, Some(&User(1)));
    assert_eq!(shop.bytes().await.unwrap(), [1, 2]);
    assert_eq!(shop.change().await, &mut User(2));
    assert_eq!(shop.object().await.to_string(), "7");
    assert_eq!(shop.cow("a", "b").await, "cow");
    assert_eq!(shop.path(), Path::new("a/b"));
    assert_eq!(shop.users().unwrap(), Some([User(3)].as_slice()));
    assert_eq!(shop.fixed(), "fixed");
}

#[async_mock]
trait Futures {
    fn opaque(&self, a: &str, b: &str) -> impl Future<Output = u64> + Send;
    fn pinned<'a>(&'a self, key: &'a str) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>>;
    fn boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, u64>;
    fn local(&self, key: Rc<u64>) -> LocalBoxFuture<'_, Rc<u64>>;
}

#[async_test]
async fn a_method_that_returns_a_future_is_async() {
    let futures = MockFutures::new();
    futures.opaque.after(1.secs()).returns(1);
    futures.pinned.after(1.secs()).returns("x".to_owned());
    futures.boxed.after(1.secs()).returns(2);
    futures.local.always().local().after(1.secs()).answers(|key| key);

    assert_eq!(futures.opaque("a", "b").await, 1);
    assert_eq!(futures.pinned("a").await, "x");
    assert_eq!(futures.boxed("a").await, 2);
    assert_eq!(futures.local(Rc::new(3)).await, Rc::new(3));

    assert_elapsed!(4.secs());
}

#[async_mock]
trait Captures<K: Clone + Debug + Send + Sync> {
    fn nothing(&self, key: &K, text: &str) -> impl Future<Output = usize> + Send + use<Self, K>;
    fn own<'a>(&'a self, key: &K) -> impl Future<Output = &'a str> + Send + use<'a, Self, K>;
    fn some<'a, 'b>(&self, left: &'a mut String, right: &'b str) -> impl Future<Output = ()> + use<'a, 'b, Self, K>;
}

#[async_test]
async fn a_future_may_say_what_it_captures() {
    let captures = MockCaptures::<u64>::new();
    captures.nothing.when((eq(7), always())).answers(|(_, text)| text.len());
    captures.own.answers(|key| format!("{key}"));
    captures.some.answers(|(left, right)| left.push_str(right));

    let nothing = tokio::spawn(captures.nothing(&7, &String::from("abc")));
    let own = captures.own(&String::from("8").parse().unwrap());
    let mut text = "a".to_owned();
    captures.some(&mut text, "b").await;

    assert_eq!((nothing.await.unwrap(), own.await, text.as_str()), (3, "8", "ab"));
}

#[async_mock]
trait Brief {
    fn boxed(&self, key: &str) -> BoxFuture<'_, u64>;
    fn pinned(&self, key: &str, bytes: &[u8]) -> Pin<Box<dyn Future<Output = u64> + Send>>;
    fn opaque(&self, key: &str) -> impl Future<Output = u64> + Send + '_;
    fn optional(&self, user: Option<&User>, call: u64, args: Opaque) -> BoxFuture<'_, &User>;
    fn some<'a>(&'a self, with: &'a mut String, by: &User) -> BoxFuture<'a, usize>;
    fn shared(self: Arc<Self>, path: &Path) -> BoxFuture<'static, bool>;
    fn only(self: Arc<Self>, request: Request<'_>) -> BoxFuture<'_, u64>;
    fn find<Q: Clone + Display + Send + Sync + 'static>(&self, query: &Q) -> BoxFuture<'_, Q>;
}

#[async_test]
async fn a_future_that_may_not_borrow_an_argument_has_a_copy_of_it() {
    let brief = Arc::new(MockBrief::new());
    brief.boxed.when(eq("a")).after(1.secs()).answers(|key| key.len() as u64);
    brief.pinned.when((eq("b"), eq(b"b".as_slice()))).returns(2);
    brief.opaque.answers(|key| key.len() as u64);
    brief.optional.answers(|(user, call, Opaque(more))| User(user.unwrap().0 + call + more));
    brief.some.answers(|(with, by)| {
        *with += &by.0.to_string();
        with.len()
    });
    brief.shared.when(eq(Path::new("c"))).returns(true);
    brief.only.returns(4);
    brief.find.of::<String>().answers(|query| format!("{query}!"));

    let [boxed, late] = ["a", "late"].map(|key| brief.boxed(&String::from(key)));
    let pinned = brief.pinned(&String::from("b"), Vec::from([b'b']).as_slice());
    let opaque = brief.opaque(&String::from("four"));
    let optional = brief.optional(Some(&User(1)), 2, Opaque(3));
    let mut text = "a".to_owned();
    let some = brief.some(&mut text, &User(7));
    let shared = Arc::clone(&brief).shared(&PathBuf::from("c"));
    assert_eq!((brief.boxed.called(), brief.boxed.polled(), brief.pinned.called()), (2, 0, 1));
    drop(late);

    assert_eq!((boxed.await, pinned.await, opaque.await, optional.await), (1, 2, 4, &User(6)));
    assert_eq!((some.await, text.as_str(), shared.await), (2, "a7", true));
    assert_eq!((brief.clone().only(Request("x")).await, brief.find(&"x".to_owned()).await), (4, "x!".to_owned()));

    assert_elapsed!(1.secs());
    assert_eq!(brief.boxed.never_polled(), 1);
    brief.pinned.assert_called_once_with(("b".to_owned(), b"b".to_vec()));
}

#[async_mock]
trait Receivers {
    async fn value(self, id: u64) -> u64
    where
        Self: Sized;
    async fn boxed(self: Box<Self>) -> u64;
    async fn arc(self: Arc<Self>) -> u64;
    async fn rc(self: Rc<Self>) -> u64;
    async fn pin(self: Pin<&mut Self>) -> u64;
    fn sync(self: Arc<Self>) -> u64;
}

#[async_test]
async fn every_receiver_answers() {
    let mut mock = MockReceivers::new();
    mock.value.returns(1);
    mock.boxed.returns(2);
    mock.arc.returns(3);
    mock.rc.returns(4);
    mock.pin.returns(5);
    mock.sync.returns(6);

    assert_eq!(mock.clone().value(0).await, 1);
    assert_eq!(Box::new(mock.clone()).boxed().await, 2);
    assert_eq!(Arc::new(mock.clone()).arc().await, 3);
    assert_eq!(Rc::new(mock.clone()).rc().await, 4);
    assert_eq!(Pin::new(&mut mock).pin().await, 5);
    assert_eq!(Arc::new(mock.clone()).sync(), 6);
}

#[async_test]
async fn a_call_keeps_the_receiver_that_it_took() {
    let mock = Arc::new(MockReceivers::new());
    mock.arc.returns(3);

    let call = Arc::clone(&mock).arc();
    assert_eq!(Arc::strong_count(&mock), 2);

    assert_eq!(call.await, 3);
    assert_eq!(Arc::strong_count(&mock), 1);
}

#[async_mock]
trait Defaults {
    async fn base(&self) -> u64;
    async fn twice(&self) -> u64 {
        self.base().await * 2
    }
    fn make() -> u64
    where
        Self: Sized,
    {
        8
    }
}

#[async_mock(mock_defaults(greet))]
trait Some {
    fn greet(&self, (first, _): (&'static str, u8)) -> String {
        first.to_owned()
    }
    fn farewell(&self) -> String {
        "bye".to_owned()
    }
}

#[async_mock(mock_defaults)]
trait All {
    fn greet(&self) -> u8 {
        1
    }
    fn make() -> u8
    where
        Self: Sized,
    {
        8
    }
}

#[async_test]
async fn a_default_body_is_kept_unless_the_attribute_mocks_it() {
    let (defaults, some, all) = (MockDefaults::new(), MockSome::new(), MockAll::new());
    defaults.base.returns(4);
    some.greet.when(eq(("Ann", 1))).returns("hello".to_owned());
    all.greet.returns(2);

    assert_eq!(defaults.twice().await, 8);
    assert_eq!(MockDefaults::make(), 8);
    assert_eq!(some.greet(("Ann", 1)), "hello");
    assert_eq!(some.farewell(), "bye");
    assert_eq!(all.greet(), 2);
    assert_eq!(MockAll::make(), 8);
}

#[async_mock(type Error = io::Error, type Item = Vec<T>, const SIZE: usize = 3)]
trait Repo<T: Clone, U: ?Sized + Debug = str>: Send + Sync
where
    T: Into<String>,
{
    type Error: Debug;
    type Item;
    const SIZE: usize;
    const MORE: usize = 4;
    async fn find(&self, by: &U, t: T) -> Result<Self::Item, Self::Error>;
    async fn errors(&self, error: <Self as Repo<T, U>>::Error) -> usize;
}

#[async_test]
async fn a_generic_trait_has_a_generic_mock() {
    let repo: MockRepo<String> = MockRepo::new();
    repo.find.when((eq("\"key\""), eq("t".to_owned()))).answers(|(_, t)| Ok(vec![t]));
    repo.errors.returns(1);

    assert_eq!(repo.find("key", "t".to_owned()).await.unwrap(), ["t"]);
    assert_eq!(repo.errors(io::Error::other("x")).await, 1);
    assert_eq!((MockRepo::<String>::SIZE, MockRepo::<String>::MORE), (3, 4));
}

#[async_mock]
trait Queries {
    async fn find<Q: Display + Clone + 'static>(&self, query: Q, key: &str) -> Option<Q>;
    fn sizes<const N: usize>(&self, sizes: [u8; N]) -> usize;
    fn count<'a, F>(&self, with: F, text: &'a str) -> usize
    where
        F: Fn(&'a str) -> usize + 'static;
}

#[async_test]
async fn a_generic_method_has_a_mock_for_each_type() {
    let queries = MockQueries::new();
    queries.find.of::<u64>().when((eq(7), eq("a"))).returns(Some(8));
    queries.find.of::<String>().returns(None);
    queries.sizes.of::<2>().returns(2);

    assert_eq!(queries.find(7_u64, "a").await, Some(8));
    assert_eq!(queries.clone().find("x".to_owned(), "a").await, None);
    assert_eq!(queries.sizes([0; 2]), 2);

    queries.find.of::<u64>().assert_called_once_with((7, "a".to_owned()));
    assert_eq!(queries.find.of::<String>().called(), 1);
    assert_eq!(queries.find.of::<u8>().called(), 0);
    assert_eq!(queries.find.of::<String>().name(), "Queries::find::<String>");
    assert_eq!(queries.sizes.of::<2>().name(), "Queries::sizes::<2>");
}

#[test]
fn a_call_with_other_types_than_the_rules_names_both() {
    let failure = Builder::new()
        .try_run(async || {
            let queries = MockQueries::new();
            queries.find.of::<u64>().returns(None);
            assert_eq!(queries.find.of::<u8>().called(), 0);
            queries.find("x".to_owned(), "a").await;
        })
        .unwrap_err();

    let call = r#"(query: <alloc::string::String>, key: "a") is unexpected: this mock has no rules"#;
    assert!(failure.to_string().contains(&format!("the call Queries::find::<String>{call}\n")), "{failure}");
    assert!(failure.to_string().contains("\n  Queries::find::<u64> has rules\n"), "{failure}");
}

#[async_test]
async fn a_bound_may_speak_of_the_method_s_own_lifetime() {
    let queries = MockQueries::new();
    let with: fn(&str) -> usize = str::len;
    queries.count.of::<fn(&str) -> usize>().returns(4);

    assert_eq!(queries.count(with, "text"), 4);
}

#[async_mock]
#[async_trait::async_trait]
trait Below {
    async fn get(&self, id: u64, name: &str, _: u8) -> Result<User, String>;
    async fn lend(&self, key: &str) -> &str;
    async fn find<Q: Clone + Send + 'static>(&self, key: &str, query: Q) -> Q
    where
        Self: Sized;
    fn sync(&self) -> u64;
    async fn twice(&self) -> u64 {
        self.sync() * 2
    }
}

#[async_trait::async_trait]
#[async_mock]
trait Above: Send + Sync {
    async fn get(&self, id: u64, name: &str, _: u8) -> Result<User, String>;
}

#[async_mock]
#[async_trait::async_trait(?Send)]
trait Unsent {
    async fn get(&self, key: Rc<u64>) -> Rc<u64>;
}

#[async_mock]
#[must_use]
#[boxed]
trait Renamed {
    async fn get(&self, id: u64, name: &str) -> u64;
}

#[async_test]
async fn async_trait_may_have_another_name() {
    let renamed = MockRenamed::new();
    renamed.get.when((eq(7), eq("x"))).returns(1);
    let renamed: Arc<dyn Renamed> = Arc::new(renamed);

    assert_eq!(renamed.get(7, "x").await, 1);
}

#[async_test]
async fn async_trait_may_stand_above_or_below() {
    let (below, above) = (MockBelow::new(), MockAbove::new());
    below.get.when((eq(7), eq("x"), always())).after(1.secs()).returns(Ok(User(7)));
    above.get.when((eq(7), eq("x"), always())).after(1.secs()).returns(Ok(User(7)));
    below.lend.returns("lent".to_owned());
    below.find.of::<u64>().returns(8);
    below.sync.returns(4);

    assert_eq!(below.get(7, "x", 0).await, Ok(User(7)));
    assert_eq!(above.get(7, "x", 0).await, Ok(User(7)));
    assert_eq!(below.lend("key").await, "lent");
    assert_eq!(below.find("key", 7_u64).await, 8);
    assert_eq!(below.twice().await, 8);

    below.get.assert_called_once_with((7, "x".to_owned(), 0));
    assert_elapsed!(2.secs());
}

#[async_test]
async fn async_trait_without_send_takes_what_stays_on_its_thread() {
    let unsent = MockUnsent::new();
    unsent.get.always().local().answers(|key| key);

    assert_eq!(unsent.get(Rc::new(7)).await, Rc::new(7));
}

#[async_test]
async fn a_mock_is_an_object_of_its_trait() {
    let mock = MockAbove::new();
    mock.get.returns(Ok(User(1)));
    let object: Arc<dyn Above> = Arc::new(mock.clone());

    let user = tokio::spawn(async move { object.get(1, "x", 0).await }).await.unwrap();

    assert_eq!((user, mock.get.called()), (Ok(User(1)), 1));
}

#[async_mock]
trait Named: Display + Send {
    fn name(&self) -> String;
}

impl Display for MockNamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("named")
    }
}

#[async_test]
async fn a_supertrait_is_implemented_by_hand() {
    let mock = MockNamed::new();
    mock.name.returns("name".to_owned());
    let named: Box<dyn Named> = Box::new(mock);

    assert_eq!((named.to_string(), named.name()), ("named".to_owned(), "name".to_owned()));
}

#[async_mock]
trait Configured {
    #[cfg(test)]
    fn there(&self) -> u64;
    #[cfg(not(test))]
    fn not_there(&self, what: Missing) -> Missing;
}

#[async_test]
async fn a_method_that_is_configured_away_has_no_field() {
    let mock = MockConfigured::new();
    mock.there.returns(1);

    assert_eq!(mock.there(), 1);
}

#[async_test]
async fn the_future_is_send_if_the_arguments_are() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let mut users = users();
    users.get.returns_once(Ok(User(1)));
    users.put.returns(true);

    is_send(users.get(1)).await.unwrap();
    is_send(users.put("a", b"b", Path::new("c"), None)).await;
}

#[async_test]
async fn a_function_may_borrow_its_arguments() {
    let fetch = mock_fn!(async fn fetch(text: &str, count: u64) -> Option<u64>);
    let size = mock_fn!(fn size(bytes: &[u8]) -> usize);
    fetch.when((eq("x"), eq(7))).after(1.secs()).returns(Some(8));
    size.returns(2);

    assert_eq!(fetch.call(("x", 7)).await, Some(8));
    assert_eq!(size.call_now(b"ab"), 2);

    assert_elapsed!(1.secs());
    assert_eq!((fetch.name(), size.name()), ("fetch", "size"));
    fetch.assert_called_once_with(("x".to_owned(), 7));
}

#[async_test]
async fn the_path_of_the_crate_can_be_told() {
    mod elsewhere {
        pub(super) use standstill as of_another_name;
    }

    #[async_mock(standstill = "elsewhere::of_another_name")]
    trait Told {
        fn told(&self) -> u64;
    }
    let told = MockTold::new();
    told.told.returns(1);
    let _: &MockFn<_> = &told.told;

    assert_eq!(told.told(), 1);
}

#[async_mock]
#[expect(unsafe_code, reason = "it only has the signatures")]
trait Raw {
    unsafe fn read(&self, from: *const u8) -> u8;
    async unsafe fn later(&self, from: usize) -> u8;
    extern "C" fn of_c(&self, number: u8) -> u8;
    unsafe extern "C" fn of_raw_c(&self) -> u8;
}

#[async_test]
#[expect(unsafe_code, reason = "it calls them")]
async fn methods_may_be_unsafe_and_of_another_calling_convention() {
    let raw = MockRaw::new();
    let byte = (&raw const raw).cast::<u8>();
    raw.read.when_fn("not null", |from| !from.is_null()).returns(1);
    raw.later.when(eq(7)).after(1.secs()).returns(2);
    raw.of_c.returns(3);
    raw.of_raw_c.returns(4);

    // SAFETY: a mock reads nothing.
    let answers = unsafe { [raw.read(byte), raw.later(7).await, raw.of_raw_c()] };

    assert_eq!((answers, raw.of_c(1)), ([1, 2, 4], 3));
    raw.read.assert_called_once_with(byte);
}

#[async_mock]
#[expect(clippy::needless_arbitrary_self_type, reason = "this is what it shows")]
trait Selves {
    async fn reference(self: &Self) -> u64;
    async fn mutable(self: &mut Self) -> u64;
    async fn shared(self: &Arc<Self>, key: &str) -> u64;
    async fn pinned_box(self: Pin<Box<Self>>) -> u64;
    async fn pinned_arc(self: Pin<Arc<Self>>) -> u64;
    fn boxed(self: Box<Self>) -> u64;
    fn pinned(self: Pin<&mut Self>) -> u64;
    async fn bounded<'a>(&'a self, key: &'a str) -> &'a str
    where
        Self: 'a;
}

#[async_test]
async fn a_receiver_may_be_written_with_its_type() {
    let mut mock = MockSelves::new();
    mock.reference.returns(1);
    mock.mutable.returns(2);
    mock.shared.when(eq("key")).returns(3);
    mock.pinned_box.returns(4);
    mock.pinned_arc.returns(5);
    mock.boxed.returns(6);
    mock.pinned.returns(7);
    mock.bounded.returns("8".to_owned());

    assert_eq!((mock.reference().await, mock.mutable().await), (1, 2));
    assert_eq!(Arc::new(mock.clone()).shared("key").await, 3);
    assert_eq!(Box::pin(mock.clone()).pinned_box().await, 4);
    assert_eq!(Arc::pin(mock.clone()).pinned_arc().await, 5);
    assert_eq!(Box::new(mock.clone()).boxed(), 6);
    assert_eq!(Pin::new(&mut mock).pinned(), 7);
    assert_eq!(mock.bounded("key").await, "8");
}

#[async_mock(type Item = u8, type Absent = Missing, const SIZE = 3, const ABSENT = Missing)]
#[cfg(test)]
trait Conditional {
    #[cfg(test)]
    type Item;
    #[cfg(not(test))]
    type Absent;
    #[cfg(test)]
    const SIZE: usize;
    #[cfg(not(test))]
    const ABSENT: Missing;
    #[cfg(test)]
    async fn either(&self) -> Self::Item;
    #[cfg(not(test))]
    async fn either(&self, absent: Self::Absent) -> Missing;
    #[cfg(not(test))]
    fn generic<T: Missing + 'static>(&self, t: T);
}

#[async_mock]
#[cfg(not(test))]
trait Away {
    async fn absent(&self, absent: Missing) -> Missing;
    fn generic<T: Missing + 'static>(&self, t: T);
}

#[async_test]
async fn what_is_configured_away_has_no_mock() {
    let mock = MockConditional::new();
    mock.either.returns(1);

    assert_eq!((mock.either().await, MockConditional::SIZE), (1, 3));
}

#[async_mock]
#[cfg_attr(test, async_trait::async_trait)]
trait SometimesBelow {
    async fn get(&self, key: &str) -> u64;
}

#[cfg_attr(test, async_trait::async_trait)]
#[async_mock]
trait SometimesAbove {
    async fn get(&self, key: &str) -> u64;
}

#[async_mock]
#[cfg_attr(not(test), async_trait::async_trait)]
trait Seldom {
    async fn get(&self, key: &str) -> u64;
}

#[async_test]
async fn async_trait_may_depend_on_the_configuration() {
    let (below, above, seldom) = (MockSometimesBelow::new(), MockSometimesAbove::new(), MockSeldom::new());
    below.get.returns(1);
    above.get.returns(2);
    seldom.get.returns(3);
    let objects: (Box<dyn SometimesBelow>, Box<dyn SometimesAbove>) = (Box::new(below), Box::new(above));

    assert_eq!((objects.0.get("x").await, objects.1.get("x").await, seldom.get("x").await), (1, 2, 3));
}

mod attributes {
    #![deny(warnings)]

    use standstill::async_mock;

    #[async_mock]
    #[deprecated = "use another"]
    pub(crate) trait Old {
        /// Has docs.
        #[doc(hidden)]
        fn documented(&self) -> u64;
        #[deprecated]
        async fn older(&self) -> u64;
        #[must_use]
        async fn used(&self) -> u64;
        #[must_use = "or else"]
        #[track_caller]
        fn used_at_once(&self) -> u64;
        #[allow(unused_variables)]
        #[deprecated]
        fn defaulted(&self, #[allow(unused)] id: u64) -> u64 {
            7
        }
    }
}

#[async_test]
#[expect(deprecated, reason = "it shows that the mock itself does not warn")]
async fn attributes_of_the_trait_and_its_methods_do_not_bother_the_mock() {
    use attributes::Old;

    let old = attributes::MockOld::new();
    old.documented.returns(1);
    old.older.returns(2);
    old.used.returns(3);
    old.used_at_once.returns(4);

    assert_eq!([old.documented(), old.older().await, old.used().await, old.used_at_once()], [1, 2, 3, 4]);
    assert_eq!(old.defaulted(0), 7);
}

#[async_mock]
trait Ring<const N: usize, T: Clone + Debug + PartialEq = u8> {
    async fn push(&self, values: [T; N]) -> Option<[T; N]>;
    fn split<const M: usize>(&self, at: [u8; M]) -> ([T; N], [u8; M]);
}

#[async_test]
async fn a_trait_may_have_a_constant_for_a_parameter() {
    let ring: MockRing<2> = MockRing::new();
    ring.push.when(eq([1, 2])).returns(Some([3, 4]));
    ring.split.of::<3>().returns(([1, 2], [0; 3]));

    assert_eq!(ring.push([1, 2]).await, Some([3, 4]));
    assert_eq!(ring.split([9; 3]), ([1, 2], [0; 3]));
    ring.push.assert_called_once_with([1, 2]);
}

#[async_mock]
trait Shelf {
    fn find(&self, title: &str, copies: &mut u64) -> Option<u64>;
    fn name(&self) -> &str;
    async fn order(&self, title: &str) -> u64;
}

#[async_test]
async fn a_method_wraps_a_function_of_its_kind() {
    fn find(title: &str, copies: &mut u64) -> Option<u64> {
        *copies += 1;
        (title == "Dune").then_some(7)
    }
    async fn order(title: &str) -> u64 {
        tokio::time::sleep(2.secs()).await;
        title.len() as u64
    }
    let shelf = MockShelf::new();
    shelf.find.when((eq("Emma"), always())).returns(None);
    shelf.find.wraps(find);
    shelf.name.wraps(|| "shelf".to_owned());
    shelf.order.wraps(order);
    let mut copies = 0;

    assert_eq!((shelf.find("Dune", &mut copies), shelf.find("Emma", &mut copies)), (Some(7), None));
    assert_eq!((copies, shelf.name(), shelf.order("Dune").await), (1, "shelf", 4));

    shelf.find.assert_calls([("Dune", 0), ("Emma", 1)]);
    assert_elapsed!(2.secs());
}

#[async_mock]
trait Clash {
    fn find<Q: Clone + 'static>(&self, query: Q) -> u64;
    fn find_family(&self) -> u64;
    fn add(&self, argument_2: u64, _: u64, args: u64, call: u64) -> u64;
}

#[async_test]
async fn names_of_the_trait_do_not_meet_those_of_the_mock() {
    let clash = MockClash::new();
    clash.find.of::<u8>().returns(1);
    clash.find_family.returns(2);
    clash.add.when((eq(1), eq(2), eq(3), eq(4))).returns(3);

    assert_eq!((clash.find(0_u8), clash.find_family(), clash.add(1, 2, 3, 4)), (1, 2, 3));
}

#[async_mock]
#[async_trait::async_trait]
trait RawNames {
    async fn r#move(&self, r#type: &str, r#match: u64) -> u64;
}

#[async_test]
async fn an_argument_of_a_boxed_future_may_have_a_raw_name() {
    let raw = MockRawNames::new();
    raw.r#move.when((eq("a"), eq(1))).returns(2);

    assert_eq!(raw.r#move("a", 1).await, 2);
    let call = raw.r#move.calls()[0].to_string();
    assert!(call.starts_with("1. RawNames::move(type: \"a\", match: 1)"), "{call}");
}

/// A transaction, such as sqlx's: the one who calls still has to commit it.
#[derive(Debug)]
struct Transaction<'c>(&'c mut Vec<u64>);

trait Executor: Send {
    fn execute(&mut self) -> u64;
}

impl Executor for u64 {
    fn execute(&mut self) -> u64 {
        *self += 1;
        *self
    }
}

#[async_mock]
trait Ledger {
    async fn book(&self, id: u64, within: &mut Transaction<'_>) -> bool;
    async fn note(&self, within: &mut Transaction<'_>, text: &str) -> String;
    fn read(&self, within: &mut Transaction<'_>) -> &str;
    fn later(&self, within: &mut Transaction<'_>, text: &str) -> BoxFuture<'_, usize>;
    async fn execute(&self, text: &str, by: &mut (dyn Executor + '_));
    fn execute_now(&self, text: &str, by: &mut (dyn Executor + '_)) -> u64;
    fn drain(&self, words: &mut dyn Iterator<Item = &str>);
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<u64>;
}

#[async_mock]
#[async_trait::async_trait]
trait SharedLedger: Send + Sync {
    async fn book(&self, id: u64, within: &mut Transaction<'_>) -> bool;
    async fn execute(&self, text: &str, by: &mut (dyn Executor + '_));
}

#[async_test]
async fn a_mutable_borrow_of_what_borrows_is_told_of_by_its_text() {
    let (mut ledger, shared) = (MockLedger::new(), MockSharedLedger::new());
    ledger.book.when((eq(7), eq("Transaction([1])"))).returns(true);
    ledger.note.answers(|(within, text)| format!("{text} within {within:?}"));
    ledger.read.returns("read".to_owned());
    ledger.later.answers(|(_, text)| text.len());
    ledger.execute.returns(());
    ledger.execute_now.answers(|(_, by)| by.execute());
    ledger.drain.returns(());
    ledger.poll.returns(Poll::Ready(3));
    shared.book.returns(true);
    shared.execute.returns(());
    let mut rows = vec![1];
    let mut within = Transaction(&mut rows);

    assert!(ledger.book(7, &mut within).await);
    assert_eq!(ledger.note(&mut within, "a").await, "a within Transaction([1])");
    assert_eq!(ledger.read(&mut within), "read");
    let later = ledger.later(&mut within, "abc");
    within.0.push(2);
    assert_eq!(later.await, 3);
    ledger.execute("a", &mut 1).await;
    assert_eq!(ledger.execute_now("a", &mut 1), 2);
    ledger.drain(&mut ["a"].into_iter());
    assert_eq!(std::future::poll_fn(|cx| ledger.poll(cx)).await, 3);
    let object: Arc<dyn SharedLedger> = Arc::new(shared.clone());
    assert!(object.book(7, &mut within).await);
    object.execute("a", &mut 1).await;

    shared.book.assert_called_once_with((7, Transaction(&mut vec![1, 2])));
    assert!(shared.execute.calls()[0].to_string().contains("::Executor>"));
}

#[async_mock]
trait Exporter {
    async fn export(&self, name: &str, to: &mut dyn Write, by: &mut (dyn Executor + '_)) -> u64;
    fn opaque(&self, to: &mut (dyn Write + Send), name: &str) -> impl Future<Output = usize> + Send;
    fn boxed<'a>(&'a self, to: &'a mut (dyn Write + Send), name: &str) -> BoxFuture<'a, usize>;
    async fn all(&self, args: &mut dyn Iterator<Item = u64>, within: &mut Transaction<'_>, call: &mut u64) -> u64;
}

#[async_test]
async fn an_answer_has_the_object_behind_a_mut_whatever_else_is_borrowed() {
    let exporter = MockExporter::new();
    exporter.export.when((eq("a"), always(), always())).answers(|(name, to, by)| {
        to.write_str(name).unwrap();
        by.execute()
    });
    exporter.opaque.answers(|(to, name)| to.write_str(name).map(|()| name.len()).unwrap());
    exporter.boxed.answers(|(to, name)| to.write_str(name).map(|()| name.len()).unwrap());
    exporter.all.after(1.secs()).answers(|(args, _, call)| {
        *call += args.sum::<u64>();
        *call
    });
    let (mut to, mut rows, mut sum) = (String::new(), Vec::new(), 1);

    assert_eq!(exporter.export("a", &mut to, &mut 1).await, 2);
    assert_eq!(exporter.opaque(&mut to, &String::from("bc")).await, 2);
    assert_eq!(exporter.boxed(&mut to, "d").await, 1);
    assert_eq!(exporter.all(&mut [1, 2].into_iter(), &mut Transaction(&mut rows), &mut sum).await, 4);

    assert_eq!((to.as_str(), sum), ("abcd", 4));
}

#[async_mock]
trait Teller {
    async fn tell(&self, text: &str, to: Option<&mut dyn Write>, by: &mut dyn Executor) -> u64;
    async fn two(&self, one: Option<&mut dyn Write>, other: Option<&mut dyn Write>);
    fn opaque(&self, text: &str, to: Option<&mut (dyn Write + Send + '_)>) -> impl Future<Output = usize> + Send;
    fn boxed<'a>(&'a self, text: &'a str, to: Option<&'a mut (dyn Write + Send)>) -> BoxFuture<'a, usize>;
    fn now(&self, text: &str, to: Option<&mut dyn Write>) -> usize;
    async fn book(&self, text: &str, within: Option<&mut Transaction<'_>>);
    fn book_now(&self, text: &str, within: Vec<&mut Transaction<'_>>);
}

#[async_mock]
#[async_trait::async_trait]
trait SharedTeller: Send + Sync {
    async fn tell(&self, text: &str, to: Option<&mut (dyn Write + Send)>) -> usize;
    async fn book(&self, text: &str, within: Option<&mut Transaction<'_>>);
}

fn tell(text: &str, to: Option<&mut (impl Write + ?Sized)>) -> usize {
    to.map_or(0, |to| to.write_str(text).map(|()| text.len()).unwrap())
}

#[async_test]
async fn an_answer_has_the_object_that_may_be_behind_a_mut() {
    let (teller, shared) = (MockTeller::new(), MockSharedTeller::new());
    teller.tell.answers(|(text, to, by)| tell(text, to) as u64 + by.execute());
    teller.two.answers(|(one, other)| {
        tell("b", one);
        tell("c", other);
    });
    teller.opaque.answers(|(text, to)| tell(text, to));
    teller.boxed.answers(|(text, to)| tell(text, to));
    teller.now.answers(|(text, to)| tell(text, to));
    shared.tell.answers(|(text, to)| tell(text, to));
    let (mut one, mut other) = (String::new(), String::new());

    assert_eq!(teller.tell("a", Some(&mut one), &mut 1).await, 3);
    assert_eq!(teller.tell("a", None, &mut 1).await, 2);
    teller.two(Some(&mut one), Some(&mut other)).await;
    assert_eq!(teller.opaque(&String::from("d"), Some(&mut one)).await, 1);
    assert_eq!(teller.boxed("e", Some(&mut one)).await, 1);
    assert_eq!(teller.now("f", Some(&mut one)), 1);
    assert_eq!(shared.tell(&String::from("g"), Some(&mut one)).await, 1);

    assert_eq!((one.as_str(), other.as_str()), ("abdefg", "c"));
}

#[async_test]
async fn a_mutable_borrow_of_what_borrows_is_told_of_wherever_it_is() {
    let (teller, shared) = (MockTeller::new(), MockSharedTeller::new());
    teller.book.when((always(), eq("Some(Transaction([1]))")));
    let seen = MockFn::<fn(String)>::new("seen");
    teller.book_now.answers({
        let seen = seen.clone();
        move |(_, within)| seen.call_now(format!("{within:?}"))
    });
    seen.nice();
    shared.book.nice();
    let (mut one, mut other) = (vec![1], vec![2]);
    let (mut one, mut other) = (Transaction(&mut one), Transaction(&mut other));

    teller.book(&String::from("a"), Some(&mut one)).await;
    shared.book(&String::from("a"), Some(&mut one)).await;
    teller.book_now("b", vec![&mut one, &mut other]);

    shared.book.assert_called_once_with(("a", Some(Transaction(&mut vec![1]))));
    seen.assert_called_once_with("[Transaction([1]), Transaction([2])]");
}

mod own {
    /// Of the same name as std's.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Path(pub(crate) u64);

    /// Not even `Clone`.
    pub(crate) struct OsStr(pub(crate) u64);

    pub(crate) type Str = str;
}

#[async_mock]
trait Ways {
    async fn size(&self, path: &own::Path, other: &own::OsStr, text: &own::Str, some: Option<&own::Path>) -> u64;
    fn first(&self) -> &own::Path;
    fn last(&mut self) -> &mut own::OsStr;
    fn name(&self) -> Option<&own::Str>;
    fn mutable(&mut self) -> &mut std::ffi::CStr;
}

#[async_test]
async fn what_a_reference_points_to_is_found_by_its_type_and_not_by_its_name() {
    use own::{OsStr, Path};

    let mut ways = MockWays::new();
    ways.size
        .when_fn("all", |(path, other, text, some)| path.0 + other.0 == 3 && text == "x" && *some == Some(Path(3)))
        .returns(1);
    ways.first.returns(Path(1));
    ways.last.answers(|()| OsStr(2));
    ways.name.returns(Some("name".to_owned()));
    ways.mutable.returns(c"raw".to_owned());

    assert_eq!(ways.size(&Path(1), &OsStr(2), "x", Some(&Path(3))).await, 1);
    assert_eq!((ways.first(), ways.name()), (&Path(1), Some("name")));
    assert_eq!(ways.last().0, 2);
    assert_eq!(ways.mutable(), c"raw");
    assert_eq!(ways.size.calls()[0].to_string().split_once(", other").unwrap().0, "1. Ways::size(path: Path(1)");
}

#[async_mock]
trait Endless {
    fn run(&self) -> !;
    async fn serve(&self, port: u16) -> !;
}

#[async_test]
async fn a_method_may_never_return() {
    let endless = MockEndless::new();
    endless.run.answers(|()| panic!("it ran"));
    endless.serve.when(eq(80)).pending();

    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| endless.run()));
    assert_eq!(*ran.unwrap_err().downcast::<&str>().unwrap(), "it ran");
    let served = tokio::time::timeout(5.secs(), async { endless.serve(80).await }).await;

    assert!(served.is_err());
    assert_eq!(endless.serve.cancelled(), 1);
}

#[async_mock]
trait Listing {
    fn all(&self) -> Box<dyn Iterator<Item = &u64> + '_>;
    fn named<'a>(&'a self, of: &str) -> Option<Box<dyn DoubleEndedIterator<Item = (&'a str, &'a User)> + Send + 'a>>;
    async fn later(&self) -> Box<dyn Iterator<Item = &u64> + '_>;
    fn owned(&self) -> Box<dyn Iterator<Item = u64> + '_>;
}

#[async_test]
async fn a_method_may_give_an_iterator_over_what_it_borrows() {
    let listing = MockListing::new();
    listing.all.always().local().answers(|()| Box::new([1, 2].iter()));
    listing.named.answers(|_| Some(Box::new([("a", &User(1))].into_iter())));
    listing.later.always().local().answers(|()| Box::new([3].iter()));
    listing.owned.always().local().answers(|()| Box::new([4].into_iter()));

    assert_eq!(listing.all().sum::<u64>(), 3);
    assert_eq!(listing.named("x").unwrap().next_back(), Some(("a", &User(1))));
    assert_eq!((listing.later().await.count(), listing.owned().next()), (1, Some(4)));
}

/// A trait that says that what implements it borrows nothing.
trait Entity: Clone + PartialEq + std::fmt::Debug + Send + 'static {}

impl Entity for u64 {}

#[async_mock]
trait Archive {
    async fn load<E: Entity>(&self, id: u64) -> Option<E>;
    async fn store<E>(&self, entity: E)
    where
        E: Entity;
}

#[async_test]
async fn a_type_parameter_that_borrows_nothing_by_a_supertrait_needs_no_bound() {
    let archive = MockArchive::new();
    archive.load.of::<u64>().when(eq(1)).returns(Some(7));
    archive.store.of::<u64>().when(eq(8));

    assert_eq!(archive.load::<u64>(1).await, Some(7));
    archive.store(8_u64).await;
    archive.store.of::<u64>().assert_called_once_with(8);
}

/// A `pub trait` that speaks of a type which is not.
mod less_visible {
    #![allow(private_interfaces, unreachable_pub, reason = "that is what it is about")]

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Row(pub(crate) u64);

    #[standstill::async_mock(pub(crate))]
    #[async_trait::async_trait]
    pub trait Rows {
        async fn get(&self, id: u64) -> Row;
        async fn find<Q: Send + 'static>(&self, query: Q) -> Row;
    }
}

#[async_test]
async fn a_mock_may_be_less_visible_than_its_trait() {
    use less_visible::{MockRows, Row, Rows};
    let rows = MockRows::new();
    rows.get.returns(Row(7));
    rows.find.of::<u64>().returns(Row(8));

    assert_eq!((rows.get(1).await, rows.find(1_u64).await), (Row(7), Row(8)));
}

#[async_mock]
#[async_trait::async_trait]
trait Dynamic: Send + Sync {
    async fn get(&self, id: u64) -> u64;
    fn now(&self) -> u64;
}

/// The report of a test that fails.
fn report(body: impl AsyncFnOnce()) -> String {
    Builder::new().never_polled(standstill::Level::Deny).try_run(body).unwrap_err().to_string()
}

#[test]
fn a_call_through_a_dyn_that_is_refused_names_the_line_that_awaits_it() {
    let dynamic: fn() -> Arc<dyn Dynamic> = || Arc::new(MockDynamic::new());
    let line = line!() + 2;
    let awaited = report(async || {
        dynamic().get(7).await;
    });
    let called = report(async || {
        dynamic().now();
    });
    let alone = report(async || {
        tokio::spawn({
            let dynamic: &dyn Dynamic = Box::leak(Box::new(MockDynamic::new()));
            dynamic.get(7)
        });
        tokio::task::yield_now().await;
    });

    let from = |line: u32| format!("/mock_trait.rs:{line}:");
    assert!(awaited.contains("\n  at 0.000 s, called from ") && awaited.contains(&from(line)), "{awaited}");
    assert!(called.contains("\n  at 0.000 s, called from ") && called.contains(&from(line + 3)), "{called}");
    assert!(alone.contains("\n  at 0.000 s, called through a `dyn`\n"), "{alone}");
}

#[test]
fn a_call_through_a_dyn_that_was_never_polled_names_the_line_that_dropped_it() {
    let mut lines = [0; 3];
    let one = report(async || {
        let dynamic: Arc<dyn Dynamic> = Arc::new(MockDynamic::new());
        lines[0] = line!() + 1;
        drop(dynamic.get(7));
    });
    let several = report(async || {
        let mock = MockDynamic::new();
        let dynamic: &dyn Dynamic = &mock;
        let first = dynamic.get(7);
        lines[1] = line!() + 1;
        drop(dynamic.get(8));
        lines[2] = line!() + 1;
        drop(first);
    });
    let held = report(async || {
        let dynamic: &dyn Dynamic = Box::leak(Box::new(MockDynamic::new()));
        Box::leak(Box::new(dynamic.get(7)));
        drop(dynamic.get(8));
    });
    let aborted = report(async || {
        let dynamic: &dyn Dynamic = Box::leak(Box::new(MockDynamic::new()));
        tokio::spawn(dynamic.get(7)).abort();
        tokio::task::yield_now().await;
    });

    let at = |line: u32| format!("/mock_trait.rs:{line}:");
    assert!(one.contains("a call of Dynamic::get, made through a `dyn`, was dropped at "), "{one}");
    assert!(one.contains(&at(lines[0])), "{one}");
    assert!(
        several.contains("2 calls of Dynamic::get, the first made through a `dyn`, were dropped (the first at "),
        "{several}"
    );
    assert!(several.contains(&at(lines[2])) && !several.contains(&at(lines[1])), "{several}");
    assert!(
        held.contains(
            "2 calls of Dynamic::get, the first made through a `dyn`, were dropped or still held at the end and"
        ),
        "{held}"
    );
    assert!(
        aborted.contains("a call of Dynamic::get, made through a `dyn`, was dropped and had never been polled"),
        "{aborted}"
    );
}

//! What a function may look like that tests put mocks in place of; without a mock it stays as it was.

use std::error::Error;
use std::fmt::{self, Display, Write};
use std::future::Future;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use futures::poll;
use standstill::mock::{Outcome, always, eq};
use standstill::{Builder, Level, clock, patch, patchable, prelude::*};
use tokio::task::yield_now;

type Seen = Arc<Mutex<Vec<&'static str>>>;

/// Tells when it is dropped.
struct Dropped(&'static str, Seen);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

macro_rules! shop {
    ($name:ident $(, $patchable:meta)?) => {
        mod $name {
            use super::*;

            struct Shelf {
                titles: u64,
                _own: Dropped,
            }

            $(#[$patchable])?
            async fn free(_: Dropped, mut first: Dropped, (_left, right): (Dropped, Dropped), _unused: Dropped) {
                first.0 = "first, changed";
                let _local = Dropped("local", Arc::clone(&right.1));
                yield_now().await;
            }

            $(#[$patchable])?
            impl Shelf {
                async fn count(self, _argument: Dropped) -> u64 {
                    let count = self.titles;
                    yield_now().await;
                    count
                }

                async fn nothing(mut self: Box<Self>, _argument: Dropped) {
                    self.titles += 1;
                    yield_now().await;
                }

                async fn unused(self, _argument: Dropped) {
                    yield_now().await;
                }
            }

            /// What is dropped, in this order, when each future is polled so often and dropped.
            pub(crate) async fn drops(polls: usize) -> Vec<&'static str> {
                let seen = Seen::default();
                let dropped = |name| Dropped(name, Arc::clone(&seen));
                let shelf = || Shelf { titles: 7, _own: dropped("shelf") };
                let note = |what| seen.lock().unwrap().push(what);
                let free = free(dropped("_"), dropped("first"), (dropped("left"), dropped("right")), dropped("unused"));
                poll_and_drop(free, polls).await;
                note("- count");
                poll_and_drop(shelf().count(dropped("argument")), polls).await;
                note("- nothing");
                poll_and_drop(Box::new(shelf()).nothing(dropped("argument")), polls).await;
                note("- unused");
                poll_and_drop(shelf().unused(dropped("argument")), polls).await;
                let seen = std::mem::take(&mut *seen.lock().unwrap());
                seen
            }
        }
    };
}

shop!(plain);
shop!(patched, standstill::patchable);

async fn poll_and_drop<T>(future: impl Future<Output = T>, polls: usize) {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        drop(poll!(&mut future));
    }
}

#[async_test]
async fn arguments_are_dropped_in_the_order_of_an_async_fn() {
    for polls in 0..3 {
        assert_eq!(patched::drops(polls).await, plain::drops(polls).await, "after {polls} polls");
    }

    let unpolled = patched::drops(0).await;
    assert_eq!(unpolled[..7], ["_", "first", "left", "right", "unused", "- count", "shelf"]);
}

#[derive(Debug, PartialEq)]
struct Price(u64);

#[patchable]
async fn quote(title: &str, by: &Price) -> Price {
    Price(title.len() as u64 + by.0)
}

#[patchable]
async fn ring() {}

#[test]
fn a_call_is_on_record_when_it_is_made_and_has_effects_when_it_is_polled() {
    Builder::new().never_polled(Level::Allow).run(async || {
        let quote_mock = patch!(quote);
        quote_mock.returns_once(Price(1)).after(2.secs());
        let ring_mock = patch!(ring);
        ring_mock.nice();
        let now = Price(1);

        let (never, later) = (quote("Dune", &now), quote("Emma", &now));
        assert_eq!((quote_mock.called(), quote_mock.polled()), (2, 0));
        clock::advance(1.secs()).await;
        drop(never);
        assert_eq!(later.await, Price(1));
        assert!(poll!(pin!(ring())).is_ready());

        let outcomes: Vec<_> = quote_mock.calls().iter().map(|call| call.outcome).collect();
        assert_eq!(outcomes, [Outcome::NeverPolled, Outcome::Completed]);
        let calls = quote_mock.calls();
        assert_eq!(
            (calls[1].called_at, calls[1].polled_at, calls[1].ended_at),
            (0.secs(), Some(1.secs()), Some(3.secs()))
        );
        assert_eq!(ring_mock.completed(), 1);
    });
}

#[async_test]
async fn a_call_meets_the_patch_that_is_there_when_it_is_made() {
    let now = Price(1);
    let before = quote("Dune", &now);
    patch!(quote).returns_once(Price(9));
    let after = quote("Dune", &now);

    assert_eq!((before.await, after.await), (Price(5), Price(9)));
}

#[test]
fn a_call_that_is_refused_names_the_line_of_the_call() {
    let here = Location::caller().line();
    let failure = Builder::new().try_run(async || {
        patch!(ring).never();
        ring().await;
    });

    let report = failure.unwrap_err().to_string();
    assert!(report.contains(&format!("at 0.000 s, called at {}:{}:9", file!(), here + 3)), "{report}");
}

struct Client {
    base: String,
}

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[patchable]
impl Client {
    async fn by_value(mut self) -> String {
        self.base.push('!');
        self.base
    }

    async fn by_box(self: Box<Self>) -> String {
        self.base
    }

    async fn by_arc(self: Arc<Self>, other: &str) -> String {
        format!("{}{other}", self.base)
    }

    async fn by_pin(self: Pin<&mut Self>) -> usize {
        self.base.len()
    }

    async fn by_mut(&mut self, more: &str) -> &mut String {
        self.base += more;
        &mut self.base
    }

    async fn lends<'a>(&self, text: &'a str) -> &'a str {
        if self.base.is_empty() {
            return "nothing";
        }
        text
    }

    async fn fallible(&self, number: &str) -> Fallible<u8> {
        let number: u8 = number.parse()?;
        if number == 0 {
            return Err("zero".into());
        }
        Ok(number)
    }

    async fn boxed(&self, early: bool) -> Box<dyn Display> {
        if early {
            return Box::new(7);
        }
        Box::new("later")
    }

    async fn twin(&self) -> Option<Self> {
        Some(Self { base: self.base.clone() })
    }

    #[cfg(not(test))]
    async fn absent(&self, missing: Missing) {}
}

#[cfg(not(test))]
#[patchable]
impl Missing {}

#[patchable]
#[cfg(not(test))]
impl Missing {
    async fn absent() {}
}

fn client() -> Client {
    Client { base: "x".to_owned() }
}

#[async_test]
async fn without_a_patch_a_method_does_what_it_did() {
    let mut x = client();

    assert_eq!(client().by_value().await, "x!");
    assert_eq!(Box::new(client()).by_box().await, "x");
    assert_eq!(Arc::new(client()).by_arc("y").await, "xy");
    assert_eq!(Pin::new(&mut x).by_pin().await, 1);
    x.by_mut("y").await.push('z');
    assert_eq!(x.base, "xyz");
    assert_eq!(x.lends("text").await, "text");
    assert_eq!(x.fallible("7").await.unwrap(), 7);
    assert_eq!(x.fallible("0").await.unwrap_err().to_string(), "zero");
    assert!(x.fallible("x").await.is_err());
    assert_eq!(x.boxed(true).await.to_string() + &x.boxed(false).await.to_string(), "7later");
    assert_eq!(x.twin().await.unwrap().base, "xyz");
}

#[async_test]
async fn a_patch_stands_in_for_a_method_with_any_receiver() {
    patch!(Client::by_value).returns("value".to_owned());
    patch!(Client::by_box).returns("box".to_owned());
    patch!(Client::by_arc).when(eq("y")).returns("arc".to_owned());
    patch!(Client::by_pin).returns(9);
    patch!(Client::by_mut).returns("mut".to_owned());
    patch!(Client::lends).returns("lent".to_owned());
    patch!(Client::fallible).answers(|_| Err("busy".into()));
    patch!(Client::boxed).always().local().answers(|_| Box::new("patched"));
    patch!(Client::twin).returns_once(None);
    let mut x = client();

    assert_eq!(client().by_value().await, "value");
    assert_eq!(Box::new(client()).by_box().await, "box");
    assert_eq!(Arc::new(client()).by_arc("y").await, "arc");
    assert_eq!(Pin::new(&mut x).by_pin().await, 9);
    assert_eq!(x.by_mut("y").await, "mut");
    assert_eq!(x.lends("text").await, "lent");
    assert_eq!(x.fallible("7").await.unwrap_err().to_string(), "busy");
    assert_eq!(x.boxed(true).await.to_string(), "patched");
    assert!(x.twin().await.is_none());
}

#[patchable]
async fn names(mut mock: u64, call: u64, args: u64, output: &mut u64) -> u64 {
    mock += 1;
    *output += mock;
    mock + call + args
}

#[patchable]
fn patterns((left, _): (u64, u64), Price(price): Price, mut mock: u64) -> u64 {
    mock += left;
    mock + price
}

#[patchable]
unsafe fn raw(number: u64) -> u64 {
    number
}

#[patchable]
async unsafe fn raw_later(number: u64) -> u64 {
    number
}

#[patchable]
extern "C" fn of_c(number: u64) -> u64 {
    number
}

#[patchable]
fn r#type(r#fn: u64) -> u64 {
    r#fn
}

#[async_test]
#[expect(unsafe_code, reason = "it calls them")]
async fn names_patterns_and_qualifiers_are_kept() {
    let mut sum = 0;
    assert_eq!(names(1, 2, 3, &mut sum).await, 7);
    assert_eq!((patterns((1, 2), Price(3), 4), sum), (8, 2));
    // SAFETY: they do nothing.
    assert_eq!(unsafe { (raw(1), raw_later(2).await) }, (1, 2));
    assert_eq!((of_c(1), r#type(1)), (1, 1));

    patch!(names).when((eq(1), eq(2), eq(3), always())).returns(0);
    patch!(patterns).returns(0);
    patch!(raw).returns(0);
    patch!(raw_later).returns(0);
    patch!(of_c).returns(0);
    patch!(r#type).returns(0);
    assert_eq!(names(1, 2, 3, &mut sum).await, 0);
    assert_eq!(patterns((1, 2), Price(3), 4), 0);
    // SAFETY: they do nothing.
    assert_eq!(unsafe { (raw(1), raw_later(2).await) }, (0, 0));
    assert_eq!((of_c(1), r#type(1)), (0, 0));
    assert_eq!(patch!(r#type).name(), "type");
}

#[patchable]
async fn local(number: Rc<u64>) -> Rc<u64> {
    yield_now().await;
    number
}

#[async_test]
async fn the_future_is_send_if_the_arguments_are() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    patch!(local).always().local().answers(|number| number);

    assert_eq!(is_send(quote("Dune", &Price(1))).await, Price(5));
    assert_eq!(local(Rc::new(1)).await, Rc::new(1));
}

#[patchable]
async fn locked(number: Mutex<u64>, _by: &str) -> u64 {
    *number.lock().unwrap()
}

#[patchable]
async fn inferred(path: &str) -> Result<(), std::io::Error> {
    let _ = std::fs::read(path)?;
    Ok(())
}

#[patchable]
#[must_use]
async fn sum(numbers: &[u64]) -> u64 {
    match numbers {
        [] => 0,
        [first, rest @ ..] => first + Box::pin(sum(rest)).await,
    }
}

#[async_test]
async fn what_a_body_leaves_to_the_compiler_is_found_out_as_before() {
    assert_eq!(sum(&[1, 2, 3]).await, 6);
    assert_eq!(locked(Mutex::new(7), "x").await, 7);
    assert!(inferred("/not/there").await.is_err());
}

#[async_test]
async fn the_path_of_the_crate_can_be_told() {
    mod elsewhere {
        pub(super) use standstill as of_another_name;
    }

    #[patchable(standstill = "elsewhere::of_another_name")]
    async fn told() -> u64 {
        1
    }
    assert_eq!(told().await, 1);
    patch!(told).returns(2);

    assert_eq!(told().await, 2);
}

/// Has functions that are more visible than the types of their arguments.
mod shelf {
    #![deny(warnings, impl_trait_redundant_captures)]

    use standstill::patchable;

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Title(pub(crate) &'static str);

    #[derive(Debug)]
    struct Place(u64);

    pub(crate) struct Shelf;

    #[patchable]
    pub async fn find(title: &Title) -> Option<Title> {
        Some(title.clone())
    }

    #[patchable]
    #[allow(private_interfaces)]
    impl Shelf {
        pub async fn put(&self, place: &Place) -> u64 {
            place.0
        }

        pub fn first(&self) -> Place {
            Place(1)
        }
    }

    pub(crate) async fn put(place: u64) -> u64 {
        Shelf.put(&Place(place)).await + Shelf.first().0
    }

    pub(crate) mod tests {
        pub(crate) fn patched() {
            use standstill::patch;

            patch!(super::Shelf::put).when_fn("the third", |place| place.0 == 3).returns(7);
            patch!(super::Shelf::first).answers(|()| super::Place(4));
        }
    }
}

#[async_test]
async fn a_function_may_be_more_visible_than_its_types() {
    use shelf::Title;

    assert_eq!((shelf::find(&Title("Dune")).await, shelf::put(3).await), (Some(Title("Dune")), 4));
    patch!(shelf::find).when(eq(Title("Emma"))).returns(None);
    shelf::tests::patched();

    assert_eq!((shelf::find(&Title("Emma")).await, shelf::put(3).await), (None, 11));
}

/// Borrows what it asks.
struct Reader<'a> {
    text: &'a str,
}

#[patchable]
impl<'a> Reader<'a> {
    async fn first(&self, other: &'a str) -> &'a str {
        if self.text.is_empty() { other } else { self.text }
    }

    fn twin(&self) -> Self {
        Reader { text: self.text }
    }
}

#[patchable]
impl Reader<'_> {
    async fn size(&self) -> usize {
        self.text.len()
    }
}

#[async_test]
async fn the_type_of_a_method_may_borrow() {
    let reader = Reader { text: "" };
    assert_eq!((reader.first("other").await, reader.twin().size().await), ("other", 0));

    patch!(Reader::first).returns("first".to_owned());
    patch!(Reader::size).returns(7);
    patch!(Reader::twin).answers(|()| Reader { text: "twin" });

    assert_eq!((reader.first("other").await, reader.twin().text, reader.size().await), ("first", "twin", 7));
}

mod library {
    pub(crate) mod deep {
        pub(crate) struct Author;

        #[standstill::patchable]
        impl Author {
            pub(crate) async fn name(&self) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
                Ok("Jane".to_owned())
            }
        }
    }

    pub(crate) use deep::Author as Writer;
}

#[async_test]
async fn a_method_is_found_by_any_name_of_its_type() {
    use library::Writer;
    type Poet = Writer;

    patch!(Writer::name).returns_once(Ok("Emily".to_owned())).times(1);
    let by_hand = tokio::spawn(async move {
        let call = patch!(Poet::name).next_call().await;
        tokio::task::yield_now().await;
        call.respond(Err("busy".into()))
    });

    assert_eq!(Writer.name().await.unwrap(), "Emily");
    patch!(library::Writer::name).by_hand();
    assert!(Writer.name().await.is_err());
    assert!(by_hand.await.unwrap());
}

#[patchable]
async fn untaken((argument_2, _): (u64, u64), (left, _): (u64, u64), argument_2_: u64) -> u64 {
    argument_2 + left + argument_2_
}

#[async_test]
async fn an_argument_without_a_name_gets_one_that_is_not_taken() {
    assert_eq!(untaken((1, 0), (2, 0), 4).await, 7);

    patch!(untaken).when((eq((1, 0)), eq((2, 0)), eq(4))).returns(8);

    assert_eq!(untaken((1, 0), (2, 0), 4).await, 8);
}

#[patchable]
fn run() -> ! {
    panic!("the real one")
}

#[patchable]
async fn serve(port: u16) -> ! {
    loop {
        tokio::time::sleep(u64::from(port).secs()).await;
    }
}

#[patchable]
fn list(numbers: &[u64]) -> Box<dyn Iterator<Item = &u64> + '_> {
    Box::new(numbers.iter())
}

#[async_test]
async fn a_function_may_never_return_or_give_an_iterator() {
    let run_once = || *std::panic::catch_unwind(|| run()).unwrap_err().downcast::<&str>().unwrap();
    assert_eq!((run_once(), list(&[1, 2]).count()), ("the real one", 2));
    assert!(tokio::time::timeout(5.secs(), async { serve(1).await }).await.is_err());

    patch!(run).answers(|()| panic!("the patch"));
    patch!(list).always().local().answers(|_| Box::new([1].iter()));
    patch!(serve).pending();

    assert_eq!((run_once(), list(&[1, 2]).count()), ("the patch", 1));
    assert!(tokio::time::timeout(5.secs(), async { serve(1).await }).await.is_err());
}

#[patchable]
async fn export(name: &str, to: &mut dyn Write, mut count: u64) -> fmt::Result {
    yield_now().await;
    count += 1;
    write!(to, "{name}{count}")
}

#[async_test]
async fn an_object_behind_a_mut_goes_to_the_function_and_to_the_answer_of_its_patch() {
    let mut to = String::new();
    export("a", &mut to, 1).await.unwrap();

    patch!(export).answers(|(name, to, _)| to.write_str(name));
    export("b", &mut to, 1).await.unwrap();

    assert_eq!(to, "a2b");
}

#[derive(Debug)]
struct Transaction<'c>(&'c mut Vec<u64>);

#[patchable]
async fn book(id: u64, within: &mut Transaction<'_>) -> usize {
    yield_now().await;
    within.0.push(id);
    within.0.len()
}

#[patchable]
fn book_now(within: &mut Transaction<'_>) -> usize {
    within.0.len()
}

/// A sum that must not be shown.
struct Quiet<'c>(&'c mut u64);

impl std::fmt::Debug for Quiet<'_> {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no call of a mock needs this text")
    }
}

#[patchable]
async fn add(to: &mut Quiet<'_>) {
    yield_now().await;
    *to.0 += 1;
}

#[async_test]
async fn a_patch_is_told_of_a_mutable_borrow_of_what_borrows_by_its_text() {
    let mut rows = vec![1];
    let mut within = Transaction(&mut rows);
    let mut sum = 1;
    add(&mut Quiet(&mut sum)).await;
    assert_eq!((book(7, &mut within).await, book_now(&mut within), sum), (2, 2, 2));

    let booked = patch!(book);
    booked.when((eq(8), eq("Transaction([1, 7])"))).returns(0);
    patch!(book_now).when(eq("Transaction([1, 7])")).answers(|within| format!("{within:?}").len());

    assert_eq!((book(8, &mut within).await, book_now(&mut within)), (0, "Transaction([1, 7])".len()));
    booked.assert_called_once_with((8, Transaction(&mut vec![1, 7])));
    assert_eq!(rows, [1, 7]);
}

#[patchable]
async fn tell(text: &str, to: Option<&mut dyn std::fmt::Write>) -> usize {
    to.map_or(0, |to| to.write_str(text).map(|()| text.len()).unwrap())
}

#[patchable]
fn tell_now(text: &str, to: Option<&mut dyn std::fmt::Write>) -> usize {
    to.map_or(0, |to| to.write_str(text).map(|()| text.len()).unwrap())
}

#[async_test]
async fn an_object_that_may_be_behind_a_mut_goes_to_the_answer() {
    let mut told = String::new();
    assert_eq!((tell("a", Some(&mut told)).await, tell_now("b", Some(&mut told))), (1, 1));

    patch!(tell).answers(|(_, to)| to.map_or(0, |to| to.write_str("c").map(|()| 2).unwrap()));
    patch!(tell_now).answers(|(_, to)| to.map_or(0, |to| to.write_str("d").map(|()| 3).unwrap()));

    assert_eq!((tell("a", Some(&mut told)).await, tell_now("b", Some(&mut told))), (2, 3));
    assert_eq!(told, "abcd");
}

/// The name of a type and the name of its method, put together, give `A_b_c` each time.
#[expect(non_camel_case_types, reason = "two names that meet")]
mod names_that_meet {
    use standstill::{async_mock, patchable};

    pub(crate) struct A;
    pub(crate) struct A_b;

    #[patchable]
    impl A {
        pub(crate) fn b_c() -> u64 {
            1
        }
    }

    #[patchable]
    impl A_b {
        pub(crate) fn c() -> u64 {
            1
        }
    }

    #[patchable]
    #[expect(non_snake_case, reason = "a third")]
    pub(crate) fn A_b_c() -> u64 {
        1
    }

    #[async_mock]
    pub(crate) trait B {
        fn b_c(&self) -> u64;
    }

    #[async_mock]
    pub(crate) trait B_b {
        fn c(&self) -> u64;
    }
}

#[async_test]
async fn types_and_methods_whose_names_meet_have_patches_of_their_own() {
    use names_that_meet::{A, A_b};
    patch!(A::b_c).returns(2);
    patch!(A_b::c).returns(3);
    patch!(names_that_meet::A_b_c).returns(4);

    assert_eq!([A::b_c(), A_b::c(), names_that_meet::A_b_c()], [2, 3, 4]);
}

struct Key<T>(T);

mod keys {
    pub(crate) struct Key<const LENGTH: usize>;
}

#[patchable]
impl Key<u8> {
    fn name(&self) -> String {
        self.0.to_string()
    }
}

#[patchable]
impl Key<String> {
    async fn name(&self) -> String {
        self.0.clone()
    }
}

#[patchable]
impl Key<Option<&'static str>> {
    fn name(&self) -> String {
        format!("{:?}", self.0)
    }
}

#[patchable]
impl Key<&u16> {
    fn name(&self) -> String {
        self.0.to_string()
    }
}

#[patchable]
impl keys::Key<4> {
    fn name(&self) -> String {
        "4".to_owned()
    }
}

macro_rules! key {
    ($type:ty) => {
        #[patchable]
        impl $type {
            fn name(&self) -> String {
                "a macro's".to_owned()
            }
        }
    };
}

key!(Key<bool>);
key!(keys::Key<5>);

#[async_test]
async fn each_choice_of_a_type_s_parameters_has_patches_of_its_own() {
    assert_eq!(patch!(Key<u8>::name).name(), "Key<u8>::name");
    patch!(Key<u8>::name).returns("1".to_owned());
    patch!(Key::<String>::name).returns("2".to_owned());
    patch!(Key<Option<&'static str>>::name).returns("3".to_owned());
    patch!(Key<&u16>::name).returns("4".to_owned());
    patch!(keys::Key<4>::name).returns("5".to_owned());
    patch!(Key<bool>::name).returns("6".to_owned());
    assert_eq!(keys::Key::<5>.name(), "a macro's");
    patch!(keys::Key::<5>::name).returns("7".to_owned());

    assert_eq!(
        (Key(0_u8).name(), Key(String::new()).name().await, Key(Some("")).name()),
        ("1".into(), "2".into(), "3".into())
    );
    assert_eq!(
        [Key(&0_u16).name(), keys::Key::<4>.name(), Key(true).name(), keys::Key::<5>.name()],
        ["4", "5", "6", "7"]
    );
}

#[async_test]
async fn traits_and_methods_whose_names_meet_have_mocks_of_their_own() {
    use names_that_meet::{B, B_b, MockB, MockB_b};
    let (one, other) = (MockB::new(), MockB_b::new());
    one.b_c.returns(2);
    other.c.returns(3);

    assert_eq!((one.b_c(), other.c()), (2, 3));
}

/// Counts how often it is shown.
struct Counted<'a>(&'a std::cell::Cell<usize>);

impl std::fmt::Debug for Counted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.set(self.0.get() + 1);
        f.write_str("counted")
    }
}

#[patchable]
async fn count(_within: &mut Counted<'_>) {}

#[async_test]
async fn what_is_told_of_by_its_text_is_shown_once() {
    let shown = std::cell::Cell::new(0);
    let counting = patch!(count);
    counting.when(eq("counted"));

    count(&mut Counted(&shown)).await;

    assert_eq!(shown.get(), 1);
}

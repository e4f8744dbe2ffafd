//! A search box that shows what was typed last, whichever answer comes last: the test holds each call in its hand, and answers in the
//! order that it wants to see.
//!
//! Run it by `cargo run --example mock_handle`, and its tests by `cargo test --example mock_handle`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use standstill::clock;
use standstill::mock::MockFn;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(5);

/// Searches on each change of its text, and shows one line.
struct SearchBox {
    search: MockFn<fn(String) -> String>,
    /// How many searches have begun.
    begun: Cell<u32>,
    shown: RefCell<String>,
}

impl SearchBox {
    fn new(search: &MockFn<fn(String) -> String>) -> Rc<Self> {
        Rc::new(Self { search: search.clone(), begun: Cell::new(0), shown: RefCell::default() })
    }

    /// Changes the text, and shows what is found for it, unless the text has changed again by then.
    fn enter(self: &Rc<Self>, text: &str) -> JoinHandle<()> {
        let this = Rc::clone(self);
        let text = text.to_owned();
        spawn_local(async move {
            let number = this.begun.get() + 1;
            this.begun.set(number);
            this.show("searching");
            let found = timeout(PATIENCE, this.search.call(text)).await;
            if this.begun.get() == number {
                this.show(found.as_deref().unwrap_or("no answer"));
            }
        })
    }

    fn show(&self, line: &str) {
        line.clone_into(&mut self.shown.borrow_mut());
    }

    fn shown(&self) -> String {
        self.shown.borrow().clone()
    }
}

macro_rules! say {
    ($($what:tt)*) => { println!("{:>7.3} s  {}", clock::elapsed().as_secs_f64(), format_args!($($what)*)) };
}

fn main() {
    println!("Two searches, answered in reverse order");
    standstill::run(async || {
        let search = MockFn::new("search");
        let search_box = SearchBox::new(&search);

        search_box.enter("ru");
        let early = search.next_call().await;
        say!("a call comes in: {early:?}");
        search_box.enter("rust");
        let late = search.next_call().await;
        say!("a call comes in: {late:?}");

        late.respond("a language".to_owned());
        clock::settle().await;
        say!("the late one is answered; the box shows {:?}", search_box.shown());
        early.respond("the end of `guru`".to_owned());
        clock::settle().await;
        say!("the early one is answered; the box shows {:?}", search_box.shown());
    });

    println!("\nAn answer that comes after the caller has left");
    standstill::run(async || {
        let search = MockFn::new("search");
        let search_box = SearchBox::new(&search);

        search_box.enter("rust");
        let call = search.next_call().await;
        say!("a call comes in: {call:?}");
        clock::advance(PATIENCE).await;
        say!("the caller has left: {}; the box shows {:?}", call.is_cancelled(), search_box.shown());
        say!("the answer arrives: {}", call.respond("a language".to_owned()));
        println!("{:#?}", search.calls());
    });
}

#[cfg(test)]
mod tests {
    use standstill::{mock::eq, prelude::*};

    use super::*;

    fn search() -> MockFn<fn(String) -> String> {
        MockFn::new("search")
    }

    #[async_test]
    async fn the_answer_to_the_last_text_stays_though_an_older_one_comes_later() {
        let search = search();
        let search_box = SearchBox::new(&search);
        let tasks = [search_box.enter("ru"), search_box.enter("rust")];
        let early = search.next_call().await;
        let late = search.next_call().await;
        assert_eq!(early.args(), "ru");
        assert_eq!(late.args(), "rust");

        assert!(late.respond("a language".to_owned()));
        clock::settle().await;
        assert_eq!(search_box.shown(), "a language");
        assert!(early.respond("the end of `guru`".to_owned()));

        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(search_box.shown(), "a language");
        assert_eq!((search.peak_in_flight(), search.completed()), (2, 2));
    }

    #[async_test]
    async fn the_answer_to_an_older_text_is_not_shown_while_the_last_one_is_searched() {
        let search = search();
        let search_box = SearchBox::new(&search);
        search_box.enter("ru");
        let early = search.next_call().await;
        search_box.enter("rust");
        let late = search.next_call().await;

        assert!(early.respond("the end of `guru`".to_owned()));
        clock::settle().await;
        assert_eq!(search_box.shown(), "searching");

        assert!(late.respond("a language".to_owned()));
        clock::settle().await;
        assert_eq!(search_box.shown(), "a language");
    }

    #[async_test]
    async fn who_waits_too_long_leaves_and_the_answer_finds_nobody() {
        let search = search();
        let search_box = SearchBox::new(&search);
        let task = search_box.enter("rust");
        let call = search.next_call().await;
        assert!(!call.is_cancelled());

        task.await.unwrap();

        assert_elapsed!(5.secs());
        assert_eq!(search_box.shown(), "no answer");
        assert!(call.is_cancelled());
        assert!(!call.respond("a language".to_owned()));
        assert_eq!(search.calls()[0].ended_at, Some(5.secs()));
    }

    #[async_test]
    async fn who_is_aborted_leaves_at_once_and_the_next_call_is_another_one_s() {
        let search = search();
        search.by_hand();
        let search_box = SearchBox::new(&search);
        let task = search_box.enter("ru");
        clock::settle().await;
        task.abort();
        search_box.enter("rust");
        clock::settle().await;

        let call = search.next_call().await;

        assert_eq!(call.args(), "rust");
        assert!(call.respond("a language".to_owned()));
        clock::settle().await;
        assert_eq!((search.cancelled(), search.completed()), (1, 1));
        assert_eq!(search_box.shown(), "a language");
    }

    #[async_test]
    async fn a_gate_holds_one_text_back_while_the_others_are_answered() {
        let search = search();
        let gate = search.when(eq("ru".to_owned())).gate();
        search.always().returns("a language".to_owned());
        let search_box = SearchBox::new(&search);

        search_box.enter("ru");
        clock::settle().await;
        assert_eq!((gate.waiting(), search_box.shown()), (1, "searching".to_owned()));
        search_box.enter("rust").await.unwrap();
        gate.open("the end of `guru`".to_owned());
        clock::settle().await;

        assert_eq!((gate.waiting(), search_box.shown()), (0, "a language".to_owned()));
        search.assert_all_completed();
    }
}

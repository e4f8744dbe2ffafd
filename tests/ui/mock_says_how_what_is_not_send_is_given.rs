//! A mock can be called from any thread; what cannot go there is given by `.local()`, which the errors say.

use std::cell::Cell;
use std::rc::Rc;

use standstill::mock::{MockFn, eq};

fn values(mock: MockFn<fn(u64) -> Rc<u8>>) {
    mock.returns(Rc::new(7));
    mock.when(eq(7)).sequence([Rc::new(7)]);
    let _gate = mock.gate();
}

fn functions(mock: MockFn<fn(u64) -> u8>, seen: Rc<Cell<u64>>) {
    mock.when_fn("a small one", {
        let seen = Rc::clone(&seen);
        move |id| seen.get() < *id
    })
    .answers({
        let seen = Rc::clone(&seen);
        move |id| {
            seen.set(id);
            7
        }
    });
    mock.answers_async(|_| async {
        let here = Rc::new(7);
        std::future::ready(()).await;
        *here
    });
}

async fn by_hand(mock: MockFn<fn(u64) -> Rc<u8>>) {
    mock.next_call().await.respond(Rc::new(7));
}

fn main() {}

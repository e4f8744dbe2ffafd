use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Waker;

use tokio::task::Id;

use super::{Chain, lock};

/// The tasks of `task::spawn` that are alive, in the order in which they were spawned.
#[derive(Default)]
pub(crate) struct Tasks {
    alive: Mutex<BTreeMap<u64, Arc<Card>>>,
    spawned: AtomicU64,
    ended: AtomicU64,
}

/// What the bubble knows of one of them.
pub(crate) struct Card {
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) place: &'static Location<'static>,
    pub(crate) is_background: bool,
    pub(crate) id: OnceLock<Id>,
    pub(crate) polls: AtomicU64,
    pub(crate) is_polling: AtomicBool,
    /// How often the clock had jumped since the body's last poll when this task was last polled.
    pub(crate) polled_at_jump: AtomicU64,
    end: Mutex<End>,
    pub(crate) waker: Mutex<Option<Waker>>,
    /// Set to have the next poll record where the task waits.
    pub(crate) trace_asked: AtomicBool,
    pub(crate) trace: Mutex<Vec<Chain>>,
}

enum End {
    /// Who is to be told.
    Awaited(Vec<Box<dyn FnOnce() + Send>>),
    /// `order` is the order among the ends of all tasks.
    Reached { order: u64 },
}

impl Card {
    #[cfg(seam)]
    pub(crate) fn in_words(&self) -> String {
        format!("task {:?}", self.name)
    }

    /// Has `tell` called when the task ends; if it has, gives the order of its end instead.
    pub(crate) fn at_end(&self, tell: impl FnOnce() + Send + 'static) -> Option<u64> {
        match &mut *lock(&self.end) {
            End::Awaited(listeners) => {
                listeners.push(Box::new(tell));
                None
            }
            End::Reached { order } => Some(*order),
        }
    }
}

impl Tasks {
    pub(crate) fn open(&self, name: String, place: &'static Location<'static>, is_background: bool) -> Arc<Card> {
        let number = self.spawned.fetch_add(1, Ordering::Relaxed);
        let card = Arc::new(Card {
            number,
            name,
            place,
            is_background,
            id: OnceLock::new(),
            polls: AtomicU64::new(0),
            is_polling: AtomicBool::new(false),
            polled_at_jump: AtomicU64::new(0),
            end: Mutex::new(End::Awaited(Vec::new())),
            waker: Mutex::default(),
            trace_asked: AtomicBool::new(false),
            trace: Mutex::default(),
        });
        lock(&self.alive).insert(number, Arc::clone(&card));
        card
    }

    pub(crate) fn close(&self, card: &Card) {
        lock(&self.alive).remove(&card.number);
        let order = self.ended.fetch_add(1, Ordering::Relaxed);
        let end = std::mem::replace(&mut *lock(&card.end), End::Reached { order });
        if let End::Awaited(listeners) = end {
            for tell in listeners {
                tell();
            }
        }
    }

    pub(crate) fn alive(&self) -> Vec<Arc<Card>> {
        lock(&self.alive).values().cloned().collect()
    }

    pub(crate) fn find(&self, id: Id) -> Option<Arc<Card>> {
        lock(&self.alive).values().find(|card| card.id.get() == Some(&id)).cloned()
    }

    /// Has each task note, at a poll of its own, where it waits.
    pub(crate) fn ask_for_traces(&self) {
        for card in self.alive() {
            card.trace_asked.store(true, Ordering::Release);
            if let Some(waker) = &*lock(&card.waker) {
                waker.wake_by_ref();
            }
        }
    }
}

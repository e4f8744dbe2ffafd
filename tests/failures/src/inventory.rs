//! What stands on the shelves.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::sleep;

/// A shelf, with the number of copies of each title.
#[derive(Debug, Default)]
pub struct Shelf {
    copies: Mutex<BTreeMap<String, u32>>,
}

impl Shelf {
    /// Makes a shelf with so many copies of one title.
    pub fn of(title: &str, count: u32) -> Self {
        Self { copies: Mutex::new(BTreeMap::from([(title.to_owned(), count)])) }
    }

    /// Takes one copy.
    ///
    /// # Panics
    ///
    /// Panics if there is none.
    pub async fn take(&self, title: &str) {
        let mut copies = self.copies.lock().await;
        let left = copies.entry(title.to_owned()).or_default();
        assert!(*left > 0, "no copy of {title:?} is left");
        *left -= 1;
    }

    /// Carries all copies of a title to another shelf, which takes a second.
    pub async fn carry(&self, title: &str, to: &Self) {
        let mut from = self.copies.lock().await;
        sleep(Duration::from_secs(1)).await;
        let mut to = to.copies.lock().await;
        let count = from.remove(title).unwrap_or_default();
        *to.entry(title.to_owned()).or_default() += count;
    }
}

use std::panic::Location;
use std::sync::Arc;

use super::{Bubble, Event, lock};

/// Holds a bubble's clock for somebody outside, until dropped.
pub(crate) struct Hold {
    bubble: Arc<Bubble>,
    number: u64,
    why: String,
    _engine: Box<dyn Send + Sync>,
}

impl Hold {
    pub(crate) fn new(bubble: Arc<Bubble>, why: String, place: &'static Location<'static>) -> Self {
        let engine = bubble.clock.hold();
        let number = {
            let mut holds = lock(&bubble.holds);
            let number = holds.last_key_value().map_or(0, |(last, _)| last + 1);
            holds.insert(number, (why.clone(), place));
            number
        };
        bubble.note(Event::Held { why: why.clone(), place });
        Self { bubble, number, why, _engine: engine }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        lock(&self.bubble.holds).remove(&self.number);
        self.bubble.note(Event::Released { why: std::mem::take(&mut self.why) });
    }
}

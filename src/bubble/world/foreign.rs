use std::collections::BTreeMap;

/// Addresses on which a thread of another bubble, or of none, has woken a member: each with the youngest bubble that there was then.
///
/// A lock for all of a process may be at one, and so may, once it is freed, what a later bubble has for itself.
#[derive(Default)]
pub(super) struct Foreign(BTreeMap<usize, u32>);

impl Foreign {
    pub(super) fn note(&mut self, address: usize, youngest: u32) {
        self.0.insert(address, youngest);
    }

    pub(super) fn contains(&self, address: usize) -> bool {
        self.0.contains_key(&address)
    }

    /// Forgets those at which nobody has met since the oldest bubble that there is now began.
    pub(super) fn forget_before(&mut self, oldest: Option<u32>) {
        self.0.retain(|_, youngest| oldest.is_some_and(|oldest| oldest <= *youngest));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::super::state::world;
    use super::*;
    use crate::clock;

    #[test]
    fn where_bubbles_met_is_known_for_as_long_as_one_of_those_lives_that_there_were_then() {
        let mut foreign = Foreign::default();
        foreign.note(1000, 2);
        foreign.note(2000, 3);

        foreign.forget_before(Some(2));
        assert!(foreign.contains(1000) && foreign.contains(2000));
        foreign.note(1000, 4);
        foreign.forget_before(Some(4));
        assert!(foreign.contains(1000) && !foreign.contains(2000));
        foreign.forget_before(None);
        assert!(!foreign.contains(1000));
    }

    #[test]
    fn where_a_stranger_woke_a_thread_is_forgotten_with_the_bubbles_that_there_were_then() {
        let (told, tell) = channel::<thread::Thread>();
        let stranger = thread::spawn(move || tell.recv().unwrap().unpark());

        crate::run(async || {
            let before = world(|world| world.foreign.0.clone());
            let parked = thread::spawn(thread::park);
            clock::settle().await;
            told.send(parked.thread().clone()).unwrap();
            parked.join().unwrap();
            assert_ne!(world(|world| world.foreign.0.clone()), before);
        });
        stranger.join().unwrap();

        world(|world| {
            let oldest = world.rooms.keys().next();
            assert!(world.foreign.0.values().all(|youngest| oldest.is_some_and(|oldest| oldest <= youngest)));
        });
    }
}

use std::collections::BTreeSet;

use crate::os;

/// Addresses at which a bubble and a thread of another, or of none, have met: one has woken the other there.
///
/// A lock for all of a process may be at one, and so may, once it is freed, what a later bubble has for itself.
#[derive(Default)]
pub(super) struct Foreign(BTreeSet<(u32, usize)>);

impl Foreign {
    /// `bubble` is 0 for a thread of none.
    pub(super) fn note(&mut self, bubble: u32, address: usize) {
        if bubble != 0 {
            self.0.insert((bubble, address));
        }
    }

    /// Whether others than a bubble's threads may come to an address.
    pub(super) fn is_one(&self, bubble: u32, address: usize) -> bool {
        os::is_static(address) || self.0.contains(&(bubble, address))
    }

    /// Forgets where a bubble met others, which is over.
    pub(super) fn forget(&mut self, bubble: u32) {
        self.0.retain(|(other, _)| *other != bubble);
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
    fn where_a_stranger_woke_a_thread_is_known_for_as_long_as_its_bubble_lives() {
        let (told, tell) = channel::<thread::Thread>();
        let stranger = thread::spawn(move || tell.recv().unwrap().unpark());

        let bubble = crate::run(async || {
            let bubble = os::bubble().unwrap();
            let is_any_known = || world(|world| world.foreign.0.iter().any(|(of, _)| *of == bubble));
            assert!(!is_any_known());
            let parked = thread::spawn(thread::park);
            clock::settle().await;
            told.send(parked.thread().clone()).unwrap();
            parked.join().unwrap();
            assert!(is_any_known());
            bubble
        });
        stranger.join().unwrap();

        assert!(world(|world| world.foreign.0.iter().all(|(of, _)| *of != bubble)));
    }
}

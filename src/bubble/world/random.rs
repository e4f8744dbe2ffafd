use std::cell::Cell;

/// A thread's random numbers, which come from its bubble's seed.
pub(super) struct Random {
    own: Cell<u64>,
    /// Apart, for the threads that it starts: how many those are may be chance, which must not change its own numbers.
    births: Cell<u64>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let own = Cell::new(seed);
        let births = Cell::new(next(&own));
        Self { own, births }
    }

    /// The numbers of a thread that is about to start.
    pub(super) fn birth(&self) -> Self {
        Self::new(next(&self.births))
    }

    pub(super) fn fill(&self, buffer: &mut [u8]) {
        for part in buffer.chunks_mut(8) {
            part.copy_from_slice(&next(&self.own).to_le_bytes()[..part.len()]);
        }
    }
}

/// The generator `SplitMix64`.
fn next(state: &Cell<u64>) -> u64 {
    state.set(state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
    let mut mixed = state.get();
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(random: &Random) -> [u8; N] {
        let mut bytes = [0; N];
        random.fill(&mut bytes);
        bytes
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        assert_eq!(bytes::<20>(&Random::new(7)), bytes::<20>(&Random::new(7)));
        assert_ne!(bytes::<20>(&Random::new(7)), bytes::<20>(&Random::new(8)));
    }

    #[test]
    fn a_thread_that_starts_others_keeps_its_own_numbers() {
        let (alone, parent) = (Random::new(7), Random::new(7));
        let (one, two) = (parent.birth(), parent.birth());

        assert_ne!(bytes::<20>(&one), bytes::<20>(&two));
        assert_eq!(bytes::<20>(&parent), bytes::<20>(&alone));
    }
}

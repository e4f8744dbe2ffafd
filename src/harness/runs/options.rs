use crate::harness::seed::Seed;

/// How often a test is to run, as the attribute's options say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Runs {
    pub(super) seeds: Option<u64>,
    pub(super) is_checked: bool,
}

impl Runs {
    /// Once, in this process.
    pub fn once() -> Self {
        Self::default()
    }

    /// Once for each of so many seeds.
    #[must_use]
    pub fn seeds(mut self, count: u64) -> Self {
        self.seeds = Some(count);
        self
    }

    /// Twice for a seed, if the two are to be compared.
    #[must_use]
    pub fn check_determinism(mut self, is_checked: bool) -> Self {
        self.is_checked = is_checked;
        self
    }

    /// Whether the runs are in processes of their own. Who names a seed wants that one, and sees it best in this process.
    pub(in crate::harness) fn are_elsewhere(self, seed: Seed) -> bool {
        self.is_checked || (self.seeds.is_some() && !seed.is_told)
    }

    /// The option that asks for more than one run.
    pub(in crate::harness) fn option(self) -> Option<&'static str> {
        let check = self.is_checked.then_some("check_determinism");
        self.seeds.map(|_| "seeds").or(check)
    }
}

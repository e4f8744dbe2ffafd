//! Where a test's random bytes come from.

use super::Random;
use super::settings::set;

/// Overrides the seed of every test.
pub(super) const VARIABLE: &str = "STANDSTILL_SEED";

/// What a test's random bytes follow from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seed {
    pub(super) value: u64,
    /// Whether the environment has set it: then it must be set again to run the test again.
    pub(super) is_told: bool,
}

impl Seed {
    /// The seed to use; `origin`, which names the test, gives one where nobody else does.
    #[track_caller]
    pub(super) fn new(own: Option<u64>, random: Random, origin: &str) -> Option<Self> {
        if random == Random::Real {
            return None;
        }
        let told = set(None, VARIABLE, parse);
        let value = told.or(own).unwrap_or_else(|| hash(origin));
        Some(Self { value, is_told: told.is_some() })
    }

    /// The seed, if it must be set again to run the test again.
    pub(super) fn told(self) -> Option<u64> {
        self.is_told.then_some(self.value)
    }
}

/// FNV-1a: the same in every process, unlike std's.
fn hash(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
}

fn parse(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    let number = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    number.map_err(|error| format!("expected a number such as 42 or 0x2a: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_seed_is_decimal_or_hexadecimal() {
        assert_eq!(parse("42"), Ok(42));
        assert_eq!(parse("0x2a"), Ok(42));
        assert_eq!(parse("18_446_744_073_709_551_615"), Ok(u64::MAX));
        assert_eq!(
            parse("many"),
            Err("expected a number such as 42 or 0x2a: invalid digit found in string".to_owned())
        );
    }
}

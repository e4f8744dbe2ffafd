/// Where two logs part.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::harness) struct Difference {
    /// How many events are the same in both before it.
    pub(in crate::harness) same: usize,
    /// The last of those.
    pub(in crate::harness) before: Vec<String>,
    /// The first event that differs, in each; `None` where there is no more.
    pub(in crate::harness) events: [Option<String>; 2],
}

/// How many events before the difference are shown.
const SHOWN: usize = 10;

impl Difference {
    pub(super) fn between(one: &str, other: &str) -> Option<Self> {
        let same = one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count();
        let events = [one, other].map(|log| log.lines().nth(same).map(str::to_owned));
        if events == [None, None] {
            return None;
        }
        let before = one.lines().take(same).skip(same.saturating_sub(SHOWN)).map(str::to_owned).collect();
        Some(Self { same, before, events })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logs_do_not_differ() {
        assert_eq!(Difference::between("a\nb\n", "a\nb\n"), None);
        assert_eq!(Difference::between("", ""), None);
    }

    #[test]
    fn the_first_event_that_differs_is_found_and_the_last_ten_before_it() {
        let same = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

        let difference = Difference::between(&format!("{same}x\n"), &format!("{same}y\nz\n")).unwrap();

        let before = (1..=10).map(|number| number.to_string()).collect();
        let events = [Some("x".to_owned()), Some("y".to_owned())];
        assert_eq!(difference, Difference { same: 11, before, events });
    }

    #[test]
    fn a_log_that_goes_on_differs_from_one_that_does_not() {
        let difference = Difference::between("a\n", "a\nb\n").unwrap();

        assert_eq!(
            difference,
            Difference { same: 1, before: vec!["a".to_owned()], events: [None, Some("b".to_owned())] }
        );
    }
}

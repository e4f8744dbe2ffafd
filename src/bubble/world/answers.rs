use std::time::Duration;

use super::LONGEST_ANSWER;

/// What a bubble is owed from outside, and how long the clock waits for it.
#[derive(Default)]
pub(super) struct Answers {
    /// How many sockets and pipes are owed one.
    owed: usize,
    /// Until when, in real time, the clock waits.
    until: u64,
    /// How often in a row it has waited in vain.
    in_vain: u32,
}

impl Answers {
    /// Awaits one more, from this real time on.
    pub(super) fn ask(&mut self, now: u64) {
        self.owed += 1;
        self.until = now + LONGEST_ANSWER;
    }

    /// Awaits one from whoever owes one already: what was sent before may have no answer, as notifications and heartbeats have none.
    /// Of those the clock waits for the second as for the first, and for each further one half as long, so that they do not stop a test.
    pub(super) fn ask_again(&mut self, now: u64) {
        if self.owed > 0 && self.until <= now {
            self.in_vain += 1;
        }
        let halved = LONGEST_ANSWER.checked_shr(self.in_vain.saturating_sub(1)).unwrap_or(0);
        self.until = self.until.max(now + halved);
    }

    /// Takes one that has come.
    pub(super) fn take(&mut self) {
        self.forgive();
        self.in_vain = 0;
    }

    /// Awaits one less. Inside a hook nothing may panic, whatever becomes of the books.
    pub(super) fn forgive(&mut self) {
        self.owed = self.owed.saturating_sub(1);
    }

    pub(super) fn are_any_owed(&self) -> bool {
        self.owed > 0
    }

    /// How long the clock waits yet.
    pub(super) fn left(&self, now: u64) -> Option<Duration> {
        let left = self.until.checked_sub(now).filter(|_| self.are_any_owed())?;
        Some(Duration::from_nanos(left.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long each of so many messages without an answer is waited for, each of which is sent when the one before was.
    fn waits(answers: &mut Answers, now: &mut u64, count: usize) -> Vec<u64> {
        let mut wait = || {
            answers.ask_again(*now);
            let wait = answers.left(*now).map_or(0, |left| u64::try_from(left.as_nanos()).unwrap());
            *now += wait + 1;
            wait
        };
        (0..count).map(|_| wait()).collect()
    }

    #[test]
    fn messages_without_an_answer_are_waited_for_shorter_and_shorter_until_one_has_come() {
        let (mut answers, mut now) = (Answers::default(), 1);
        answers.ask(now);
        assert_eq!(waits(&mut answers, &mut now, 4), [1, 1, 2, 4].map(|part| LONGEST_ANSWER / part));
        assert!(waits(&mut answers, &mut now, 1_000).into_iter().sum::<u64>() < LONGEST_ANSWER / 2);

        answers.take();
        answers.ask(now);
        assert_eq!(waits(&mut answers, &mut now, 2), [LONGEST_ANSWER; 2]);
    }

    #[test]
    fn a_message_in_parts_is_waited_for_from_the_last_of_them() {
        let mut answers = Answers::default();
        answers.ask(0);
        answers.ask_again(LONGEST_ANSWER / 2);
        answers.ask_again(LONGEST_ANSWER);

        assert_eq!(answers.left(LONGEST_ANSWER), Some(Duration::from_nanos(LONGEST_ANSWER)));
        assert_eq!(answers.left(2 * LONGEST_ANSWER + 1), None);
    }
}

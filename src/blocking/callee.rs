use super::line::Line;
use super::names::{is_std, spoken};
use crate::bubble::of_socket;
use crate::os::{Clock, What};

/// What the user's code called, among what came of it, the innermost first: of what is around a future or a stream, that which was in it.
pub(super) fn called(callees: &[Line<'_>], own: Option<&str>) -> Option<usize> {
    if let Some(given) = given(callees) {
        return Some(given);
    }
    let line = |callee: &usize| callees[*callee];
    let mut others =
        (0..callees.len()).rev().filter(|callee| Some(line(callee).owner()) != own && !line(callee).is_plumbing());
    let outermost = others.next()?;
    let inner = others.find(|callee| !line(callee).is_around() && !line(callee).is_languages());
    let is_future = line(&outermost).is_around() && line(&outermost).function.contains("Future>::poll");
    inner.filter(|_| is_future).or(Some(outermost))
}

/// The function of the language's own that was given by name to what is around: `stream.map(fs::read_to_string)`.
pub(super) fn given(callees: &[Line<'_>]) -> Option<usize> {
    let how = callees.iter().rev().take_while(|line| line.is_around() || line.is_plumbing()).count();
    let given = (callees.len() - how).checked_sub(1)?;
    let how = &callees[given + 1..];
    let is_given = is_std(callees[given].owner())
        && how.first().is_some_and(|line| line.function.contains("core::ops::function::Fn"))
        && how.iter().any(Line::is_around);
    is_given.then_some(given)
}

/// The language's own function that a library called to wait, or libc's.
pub(super) fn waits(lines: &[Line<'_>], libc: Option<&str>, what: What, is_parking_lot: bool) -> String {
    let languages = lines.iter().take_while(|line| line.is_languages());
    match languages.filter(|line| !line.is_plumbing()).last() {
        Some(line) => of(spoken(line.function, is_parking_lot), what),
        None => libc.unwrap_or("a function of libc").to_owned(),
    }
}

/// Types of std share code where they do the same, and it bears the name of one of them: what it was done to says which it was.
pub(super) fn of(call: String, what: What) -> String {
    match what {
        What::Socket(socket) => of_socket(call, socket),
        What::Spin(Clock::System) => call.replace("std::time::Instant::now", "std::time::SystemTime::now"),
        What::File => match call.split_once("Stream::") {
            Some((of, method))
                if of.starts_with("std::") && (method.starts_with("read") || method.starts_with("write")) =>
            {
                format!("std::fs::File::{method}")
            }
            _ => call,
        },
        _ => call,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_read_over_and_over_is_told_from_the_other() {
        let read = |clock| of(spoken("<std::sys::pal::unix::time::Timespec>::now", false), What::Spin(clock));

        assert_eq!(read(Clock::Monotonic), "std::time::Instant::now");
        assert_eq!(read(Clock::System), "std::time::SystemTime::now");
    }
}

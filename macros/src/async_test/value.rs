//! Reads the value of one option; an error says what was expected.

use std::time::{Duration, SystemTime};

use syn::{Error, Expr, ExprLit, Lit, Path, Result};

pub(super) fn string(value: &Expr) -> Result<String> {
    match literal(value) {
        Some(Lit::Str(text)) => Ok(text.value()),
        _ => Err(Error::new_spanned(value, "expected a string")),
    }
}

pub(super) fn boolean(value: &Expr) -> Result<bool> {
    match literal(value) {
        Some(Lit::Bool(flag)) => Ok(flag.value),
        _ => Err(Error::new_spanned(value, "expected true or false")),
    }
}

pub(super) fn number(value: &Expr) -> Result<u64> {
    match literal(value) {
        Some(Lit::Int(number)) => match number.base10_parse() {
            Ok(0) | Err(_) => Err(Error::new_spanned(value, "expected a whole number of at least 1")),
            Ok(number) => Ok(number),
        },
        _ => Err(Error::new_spanned(value, "expected a whole number of at least 1")),
    }
}

pub(super) fn seed(value: &Expr) -> Result<u64> {
    let expected = || Error::new_spanned(value, "expected a whole number, such as 42 or 0x2a");
    match literal(value) {
        Some(Lit::Int(number)) => number.base10_parse().map_err(|_| expected()),
        _ => Err(expected()),
    }
}

pub(super) fn duration(value: &Expr) -> Result<Duration> {
    const EXPECTED: &str = "expected a duration such as \"250ms\", \"5s\", \"2m\" or \"1h 30m\"";

    let Some(Lit::Str(text)) = literal(value) else {
        return Err(Error::new_spanned(value, EXPECTED));
    };
    humantime::parse_duration(&text.value()).map_err(|error| Error::new_spanned(value, format!("{EXPECTED}: {error}")))
}

/// A time in UTC, as what has passed since 1970.
pub(super) fn instant(value: &Expr) -> Result<Duration> {
    const EXPECTED: &str = "expected a time in UTC from 1970 to 2499, such as \"2026-02-28T23:59:58Z\"";
    /// That of 2500: what counts nanoseconds comes to its end in 2554.
    const TOO_LATE: Duration = Duration::from_hours(4_645_896);

    let Some(Lit::Str(text)) = literal(value) else {
        return Err(Error::new_spanned(value, EXPECTED));
    };
    let time = humantime::parse_rfc3339_weak(&text.value())
        .map_err(|error| Error::new_spanned(value, format!("{EXPECTED}: {error}")))?;
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).ok().filter(|time| *time < TOO_LATE);
    since_1970.ok_or_else(|| Error::new_spanned(value, EXPECTED))
}

pub(crate) fn path(value: &Expr) -> Result<Path> {
    match literal(value) {
        Some(Lit::Str(text)) => {
            text.parse().map_err(|_| Error::new_spanned(value, "expected a path in quotes, such as \"my_crate::path\""))
        }
        _ => Err(Error::new_spanned(value, "expected a path in quotes, such as \"my_crate::path\"")),
    }
}

/// One of a few words.
pub(super) fn word<'a>(value: &Expr, words: &[&'a str]) -> Result<&'a str> {
    let expected = || {
        let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
        Error::new_spanned(value, format!("expected one of {}", words.join(", ")))
    };
    let text = string(value).map_err(|_| expected())?;
    words.iter().copied().find(|word| *word == text).ok_or_else(expected)
}

fn literal(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

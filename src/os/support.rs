use std::fmt;

/// Says what of the seam with the operating system is there, on this platform and in this process.
///
/// # Examples
///
/// ```
/// let support = standstill::os::support();
///
/// println!("{support}");
/// assert!(support.is_active() || support.to_string().starts_with("only tokio::time is virtual"));
/// ```
pub fn support() -> Support {
    Support { missing: missing() }
}

/// What the seam gives. See [`support`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    missing: Option<String>,
}

impl Support {
    /// Whether all of a test is in virtual time: std's clocks, threads and sockets too.
    pub fn is_active(&self) -> bool {
        self.missing.is_none()
    }
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.missing {
            None => f.write_str("std's clocks, threads and sockets are in virtual time"),
            Some(why) => write!(f, "only tokio::time is virtual: {why}"),
        }
    }
}

#[cfg(seam)]
fn missing() -> Option<String> {
    super::probe::missing()
}

#[cfg(not(seam))]
#[expect(clippy::unnecessary_wraps, reason = "where there is a seam, nothing may be missing")]
fn missing() -> Option<String> {
    let why = if cfg!(not(feature = "os")) {
        "the feature \"os\" is off"
    } else if cfg!(miri) {
        "Miri has no libc whose calls could be seen"
    } else if cfg!(sanitized) {
        "a sanitizer has hooks of its own in libc's calls"
    } else if cfg!(target_feature = "crt-static") {
        "this program is linked statically, so that libc's calls cannot be seen"
    } else {
        "libc's calls can be seen only on Linux with glibc, on x86_64 and aarch64"
    };
    Some(why.to_owned())
}

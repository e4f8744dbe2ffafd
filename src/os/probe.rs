use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Instant, SystemTime};

use super::hooks::symbols;
use super::{Exchange, Member, Timer, Traffic, Wait, Woken, allocator, seat};

/// Says, once a process, what keeps this crate from seeing libc's calls.
pub(super) fn missing() -> Option<String> {
    static MISSING: OnceLock<Option<String>> = OnceLock::new();

    MISSING.get_or_init(|| seat::inside(|| hidden_calls().or_else(foreign_symbol))).clone()
}

/// std's own calls must come to the hooks.
fn hidden_calls() -> Option<String> {
    static SEEN: AtomicUsize = AtomicUsize::new(0);

    let probe = std::thread::spawn(|| {
        allocator::try_out();
        let before = seat::sit(Box::new(Probe(&SEEN)));
        let _ = (Instant::now(), SystemTime::now());
        seat::leave(&before);
    });
    let failed = probe.join().is_err();
    (failed || SEEN.load(Ordering::Relaxed) != 2).then(|| {
        "std's calls do not come to this crate's hooks, as they would in a program linked dynamically to glibc"
            .to_owned()
    })
}

/// Shared libraries must find this crate's symbols first.
fn foreign_symbol() -> Option<String> {
    let foreign = symbols().into_iter().find(|(name, address)| {
        let Ok(name) = std::ffi::CString::new(*name) else { return false };
        // SAFETY: The name is valid.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
        // An old libc may not have it, and then no library looks for it.
        !found.is_null() && found as usize != *address
    });
    foreign.map(|(name, _)| format!("another library defines libc's {name} too, and hides this crate's"))
}

/// Counts the questions after the time.
struct Probe(&'static AtomicUsize);

impl Member for Probe {
    fn monotonic(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) as u64
    }

    fn system(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) as u64
    }

    fn park(&self, _: &Wait<'_>) -> Woken {
        Woken::Changed
    }

    fn come_over(&self) {}

    fn set_timer(&self, _: i32, _: Option<Timer>) {}

    fn timer(&self, _: i32) -> Option<Timer> {
        None
    }

    fn missed(&self, _: i32) -> u64 {
        0
    }

    fn stir(&self) {}

    fn turn(&self) {}

    fn birth(&self, _: usize) -> Box<dyn Member> {
        Box::new(Self(self.0))
    }

    fn traffic(&self, _: Traffic) {}

    fn exchange(&self, _: u16, _: i32, _: Exchange<'_>) {}

    fn bubble(&self) -> u32 {
        0
    }

    fn does_body_go_on(&self) -> bool {
        true
    }

    fn follow(&self, _: u32) -> bool {
        false
    }

    fn random(&self, _: &mut [u8]) -> bool {
        false
    }

    fn has_child(&self, _: i32) {}

    fn children(&self) -> Vec<i32> {
        Vec::new()
    }

    fn signalled(&self) {}

    fn begin(&self) {}

    fn end(&self) {}
}

//! Calls that cannot be told not to wait.

use std::collections::BTreeSet;
use std::ffi::{c_int, c_short};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{aside, seat, set_errno, stat};
use crate::os::{Fd, is_ready};

/// The files with which a member has its turn.
static TAKEN: Mutex<BTreeSet<File>> = Mutex::new(BTreeSet::new());
static LET_GO: Condvar = Condvar::new();

/// A file by its device and its inode, whichever descriptors it has.
type File = (libc::dev_t, libc::ino_t);

fn taken() -> MutexGuard<'static, BTreeSet<File>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One member's turn with a file. Another process may take what made the file ready, and then the call waits with it: only for members
/// that would use the same file.
struct Turn(Option<File>);

impl Turn {
    fn with(fd: c_int) -> Self {
        let file = stat(fd).map(|stat| (stat.st_dev, stat.st_ino));
        if let Some(file) = file {
            let is_taken = |taken: &mut BTreeSet<File>| !taken.insert(file);
            drop(LET_GO.wait_while(taken(), is_taken));
        }
        Self(file)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(file) = self.0 {
            aside(|| {
                taken().remove(&file);
                LET_GO.notify_all();
            });
        }
    }
}

/// Makes a call only if it will not wait. Of several members that would take or give the same, one has its turn at a time.
pub(super) fn if_ready<T: From<i8>>(fd: c_int, events: c_short, call: impl Fn() -> T) -> T {
    seat::inside(|| {
        let _turn = Turn::with(fd);
        if is_ready(Fd { number: fd, events }) {
            return call();
        }
        set_errno(libc::EAGAIN);
        T::from(-1)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _, pipe};
    use std::os::fd::AsRawFd as _;
    use std::thread;

    use super::*;

    #[test]
    fn a_call_that_waits_for_what_another_process_took_keeps_nobody_from_another_file() {
        let [(one, mut to_one), (other, mut to_other)] = [pipe().unwrap(), pipe().unwrap()];
        let read = |reader: &std::io::PipeReader| i32::try_from((&*reader).read(&mut [0]).unwrap()).unwrap();
        to_one.write_all(b"taken").unwrap();
        to_other.write_all(b"here").unwrap();

        let read_both = if_ready(one.as_raw_fd(), libc::POLLIN, || {
            let reading = || if_ready(other.as_raw_fd(), libc::POLLIN, || read(&other));
            thread::scope(|scope| scope.spawn(reading).join().unwrap()) + read(&one)
        });

        assert_eq!(read_both, 2);
    }
}

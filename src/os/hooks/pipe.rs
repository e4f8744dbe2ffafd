//! Pipes by which a child process is asked, as a language server is.

use std::ffi::c_int;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::link::{End, Kind, Link};
use super::{child, original, stat};
use crate::os::Member;

/// An end of a pipe, in whatever process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PipeEnd {
    device: u64,
    inode: u64,
    /// `O_RDONLY` or `O_WRONLY`.
    mode: c_int,
}

impl PipeEnd {
    /// What a descriptor of this process stands for, if it is one.
    fn of(fd: c_int) -> Option<Self> {
        let stat = stat(fd).filter(|stat| stat.st_mode & libc::S_IFMT == libc::S_IFIFO)?;
        // SAFETY: The call takes no pointers.
        let flags = unsafe { original::fcntl(fd, libc::F_GETFL, 0) };
        Some(Self { device: stat.st_dev, inode: stat.st_ino, mode: flags & libc::O_ACCMODE })
    }

    fn other(self) -> Self {
        let mode = if self.mode == libc::O_RDONLY { libc::O_WRONLY } else { libc::O_RDONLY };
        Self { mode, ..self }
    }

    /// Whether a process has it, by its place in `/proc`.
    fn is_of(self, process: &Path) -> bool {
        let fds = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
        let is_same = |fd: &fs::DirEntry| {
            fs::metadata(fd.path()).is_ok_and(|file| (file.dev(), file.ino()) == (self.device, self.inode))
        };
        let mut same = fds.filter(is_same);
        same.any(|fd| {
            let about = fs::read_to_string(process.join("fdinfo").join(fd.file_name())).unwrap_or_default();
            flags(&about).is_some_and(|flags| flags & libc::O_ACCMODE == self.mode)
        })
    }
}

/// The flags of a descriptor, in octal, of which `/proc` has a line such as `flags:  0100001`.
fn flags(about: &str) -> Option<c_int> {
    let flags = about.lines().find_map(|line| line.strip_prefix("flags:"))?;
    c_int::from_str_radix(flags.trim(), 8).ok()
}

/// Finds out where a descriptor leads, if it is a pipe's and there are children, and says whether it did.
pub(super) fn learn(member: &dyn Member, fd: c_int) -> bool {
    if !child::are_any() {
        return false;
    }
    let Some(own) = PipeEnd::of(fd) else { return false };
    let (kind, end) = match child_at(member, own.other()) {
        Some(process) => (Kind::Outside, End::Child { process, asker: member.bubble() }),
        None => (Kind::Inside, End::default()),
    };
    Link::change(fd, |link| Some(Link { kind, end, ..link }));
    true
}

/// The child that has an end of a pipe, unless this process has it too.
fn child_at(member: &dyn Member, end: PipeEnd) -> Option<u32> {
    let children = member.children();
    if children.is_empty() || end.is_of(Path::new("/proc/self")) {
        return None;
    }
    let child = children.into_iter().find(|child| end.is_of(Path::new(&format!("/proc/{child}"))))?;
    u32::try_from(child).ok()
}

/// This process' ends of pipes of a child.
pub(super) fn all_of(child: u32) -> impl Iterator<Item = c_int> {
    let is_its = move |link: Link| matches!(link.end, End::Child { process, .. } if process == child);
    Link::all().filter(move |(_, link)| is_its(*link)).map(|(fd, _)| fd)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _, pipe};
    use std::os::fd::AsRawFd;
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn cat() -> Child {
        let mut cat = Command::new("cat");
        cat.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
    }

    fn link(end: &impl AsRawFd) -> Link {
        Link::of(end.as_raw_fd())
    }

    #[test]
    fn an_answer_is_owed_by_the_child_that_was_asked_until_it_answers() {
        crate::run(async || {
            let (mut asked, mut other) = (cat(), cat());
            let (mut input, mut output) = (asked.stdin.take().unwrap(), asked.stdout.take().unwrap());
            input.write_all(b"one").unwrap();
            other.stdin.as_mut().unwrap().write_all(b"two").unwrap();
            assert!(link(&input).is_owed);
            assert!(matches!(link(&input).end, End::Child { process, .. } if process == asked.id()));

            output.read_exact(&mut [0; 3]).unwrap();
            assert!(!link(&input).is_owed);
            assert!(link(other.stdin.as_ref().unwrap()).is_owed);

            drop(input);
            assert!(asked.wait().unwrap().success());
            assert!(other.wait_with_output().unwrap().status.success());
        });
    }

    #[test]
    fn nobody_is_asked_through_a_pipe_of_the_own_process_or_one_that_a_child_writes_to_as_well() {
        crate::run(async || {
            let mut child = cat();
            let (mut reader, mut writer) = pipe().unwrap();
            writer.write_all(b"one").unwrap();
            reader.read_exact(&mut [0; 3]).unwrap();
            assert_eq!((link(&writer).kind, link(&reader).kind), (Kind::Inside, Kind::Inside));

            let (reader, mut writer) = pipe().unwrap();
            let clone = writer.try_clone().unwrap();
            let mut echo = Command::new("echo").stdin(Stdio::piped()).stdout(clone).spawn().unwrap();
            writer.write_all(b"two").unwrap();
            assert_eq!(link(&writer).kind, Kind::Inside);

            drop(reader);
            drop(child.stdin.take());
            assert!(child.wait().unwrap().success());
            echo.wait().unwrap();
        });
    }

    #[test]
    fn flags_are_in_octal() {
        assert_eq!(flags("pos:\t0\nflags:\t0100001\nmnt_id:\t15\n"), Some(0o10_0001));
        assert_eq!(flags("pos:\t0\n"), None);
    }
}

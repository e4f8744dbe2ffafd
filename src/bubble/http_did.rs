use std::fmt;

/// What a server did with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(seam), expect(dead_code, reason = "only the seam sees servers"))]
pub(crate) enum HttpDid {
    /// It got the first bytes: those hold the method and the target.
    Ask(String),
    /// It sent the first bytes of an answer, with this status.
    Answer(Option<u16>),
    /// It closed the connection without an answer.
    Close,
}

impl fmt::Display for HttpDid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ask(request) => write!(f, "is asked: {request}"),
            Self::Answer(Some(status)) => write!(f, "answers: {status}"),
            Self::Answer(None) => f.write_str("answers"),
            Self::Close => f.write_str("closes without an answer"),
        }
    }
}

#[cfg(seam)]
impl From<crate::os::Exchange<'_>> for HttpDid {
    fn from(exchange: crate::os::Exchange<'_>) -> Self {
        match exchange {
            crate::os::Exchange::Asked(bytes) => {
                let line = first_line(bytes);
                Self::Ask(line.rsplit_once(" HTTP/").map_or(&*line, |(request, _)| request).to_owned())
            }
            crate::os::Exchange::Answered(bytes) => {
                Self::Answer(first_line(bytes).split(' ').nth(1).and_then(|status| status.parse().ok()))
            }
            crate::os::Exchange::Gone => Self::Close,
        }
    }
}

/// The first line of a message, or as much of it as fits a report.
#[cfg(seam)]
fn first_line(bytes: &[u8]) -> String {
    const MOST: usize = 200;

    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    String::from_utf8_lossy(&line[..line.len().min(MOST)]).into_owned()
}

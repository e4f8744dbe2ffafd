//! Mails receipts.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use tokio::time::sleep;

/// A mail that was not sent.
#[derive(Debug)]
pub struct MailError {
    to: String,
    source: io::Error,
}

/// Mails a receipt. The provider is down for now.
///
/// # Errors
///
/// Gives the provider's answer.
pub async fn send(to: &str) -> Result<(), MailError> {
    sleep(Duration::from_millis(250)).await;
    let source = io::Error::new(io::ErrorKind::ConnectionRefused, "the provider refused the connection");
    Err(MailError { to: to.to_owned(), source })
}

/// Mails a receipt, and tries again for as long as the provider is down, each time after twice as long.
pub async fn send_at_last(to: &str) {
    let mut pause = Duration::from_secs(1);
    while send(to).await.is_err() {
        sleep(pause).await;
        pause *= 2;
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no mail could be sent to {}", self.to)
    }
}

impl Error for MailError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

//! Takes orders and confirms them.

use std::error::Error;
use std::fmt;

use tokio::select;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::inventory::Shelf;
use crate::mailer::MailError;

/// An order on its way to the shop.
#[derive(Debug)]
pub struct Order {
    /// What is ordered.
    pub title: String,
    /// Where the confirmation goes.
    pub confirm: oneshot::Sender<()>,
}

/// Why an order came to nothing.
#[derive(Debug)]
pub enum OrderError {
    /// The shop takes no orders any more.
    Closed,
    /// The receipt could not be mailed.
    Receipt(MailError),
}

/// Orders a book and waits until the shop has confirmed it.
///
/// # Errors
///
/// Gives [`OrderError::Closed`] if the shop closes before that.
pub async fn buy(shop: &mpsc::Sender<Order>, title: &str) -> Result<(), OrderError> {
    let (confirm, confirmed) = oneshot::channel();
    let order = Order { title: title.to_owned(), confirm };
    shop.send(order).await.map_err(|_| OrderError::Closed)?;
    confirmation(confirmed).await
}

async fn confirmation(confirmed: oneshot::Receiver<()>) -> Result<(), OrderError> {
    confirmed.await.map_err(|_| OrderError::Closed)
}

/// Serves orders from a shelf until the shop closes.
pub async fn serve(orders: &mut mpsc::Receiver<Order>, shelf: &Shelf, closing: &Notify) {
    loop {
        select! {
            biased;
            () = closing.notified() => break,
            order = next(orders) => {
                shelf.take(&order.title).await;
                // A customer who has left needs no confirmation.
                let _ = order.confirm.send(());
            }
        }
    }
}

async fn next(orders: &mut mpsc::Receiver<Order>) -> Order {
    match orders.recv().await {
        Some(order) => order,
        None => std::future::pending().await,
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the shop is closed",
            Self::Receipt(_) => "the order stands, but without a receipt",
        })
    }
}

impl Error for OrderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Closed => None,
            Self::Receipt(error) => Some(error),
        }
    }
}

impl From<MailError> for OrderError {
    fn from(error: MailError) -> Self {
        Self::Receipt(error)
    }
}

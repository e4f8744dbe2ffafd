//! Waits for the money.

use std::future::Future;

use tokio::sync::Notify;

/// A way to pay.
pub trait Payment {
    /// Resolves when the money has come.
    fn received(&self) -> impl Future<Output = ()> + Send;
}

/// Pays by bank transfer.
#[derive(Debug, Default)]
pub struct Transfer {
    /// To be notified by the bank.
    pub arrived: Notify,
}

impl Payment for Transfer {
    async fn received(&self) {
        self.arrived.notified().await;
    }
}

/// Settles a bill.
pub async fn settle(payment: &impl Payment) {
    payment.received().await;
}

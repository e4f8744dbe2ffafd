//! A small service: a bookshop that takes orders, keeps an inventory and mails receipts.

#[allow(
    clippy::unused_async,
    reason = "async functions that block their thread instead of awaiting: that is what is shown"
)]
pub mod backroom;
pub mod courier;
pub mod heartbeat;
pub mod inventory;
pub mod mailer;
pub mod orders;
pub mod payment;

#[cfg(test)]
mod tests;

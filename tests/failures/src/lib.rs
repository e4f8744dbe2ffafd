//! A small service: a bookshop that takes orders, keeps an inventory and mails receipts.

pub mod courier;
pub mod heartbeat;
pub mod inventory;
pub mod mailer;
pub mod orders;
pub mod payment;

#[cfg(test)]
mod tests;

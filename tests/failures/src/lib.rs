//! A small service.

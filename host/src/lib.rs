//! The carrier.

pub mod connectors;
pub mod pages;

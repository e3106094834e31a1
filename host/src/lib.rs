//! The carrier.

pub mod connectors;

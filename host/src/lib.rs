//! The carrier.

pub mod connectors;
pub mod pages;
pub mod postgres;

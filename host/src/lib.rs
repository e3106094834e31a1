//! The carrier.

pub mod postgres;

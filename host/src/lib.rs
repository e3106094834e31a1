//! The carrier.

pub mod pages;

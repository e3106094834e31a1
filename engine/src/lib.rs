//! The judge of Anti Social Engine.
#![forbid(unsafe_code)]

pub mod event;
pub mod problem;

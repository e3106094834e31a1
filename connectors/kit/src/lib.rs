//! What connectors share: the interface's types, lenient reading of JSON and forms, and the small kinds of text.
//!
//! Knows no platform. A connector built on it stays pure: nothing here reads a clock, keeps a secret or imports
//! anything. What cannot be read as promised is absent; it is never an error and never a default.

pub mod bindings;
pub mod event;
pub mod form;
pub mod known;
pub mod money;
mod node;
pub mod refusal;
pub mod request;
pub mod signature;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod v0_2;

pub use bindings::exports::ase::connector::normalizer as wit;
pub use node::Node;

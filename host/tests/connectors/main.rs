//! Connectors against real guests, most of them ill-behaved: each misdeed ends as its own error, and the next
//! good call still succeeds.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod answers;
mod bundled;
mod frozen;
mod guests;
mod kit;
mod load;
mod misdeeds;
mod quarantine;
mod reload;
mod versions;
mod walls;
mod wasi;

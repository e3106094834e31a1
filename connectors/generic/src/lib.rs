//! The connector for any sender: the settings of a source say how its deliveries are signed and where in the
//! body each field of the event is found.
//!
//! It owns the schemes (`signature`) and the mapping (`payload`). It never holds a secret, never reads a clock
//! and keeps nothing between two deliveries.

mod bindings;
mod payload;
mod refusal;
mod request;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use bindings::exports::ase::connector::normalizer as wit;
use request::Request;
use wit::{Claim, Delivery, Guest, Outcome, Refusal};

/// The component behind the exported interface.
#[derive(Debug)]
pub(crate) struct Generic;

impl Guest for Generic {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        signature::claims(Request::new(&input))
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        payload::outcome(Request::new(&input))
    }
}

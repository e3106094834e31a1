//! A guest that does whatever its settings say: what a connector should do, or what none should.

mod bindings;
mod misdeed;
mod plain;

use bindings::exports::ase::connector::normalizer::{Claim, Delivery, Guest, Outcome, Refusal};
use plain::{claim, event, setting};

/// The component.
#[derive(Debug)]
pub(crate) struct Rogue;

impl Guest for Rogue {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        match setting(&input, "authenticate") {
            "" => Ok(vec![claim(&input)]),
            other => misdeed::authenticate(other, &input),
        }
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        match setting(&input, "normalize") {
            "" => Ok(Outcome::Events(vec![event(&input)])),
            other => misdeed::normalize(other, &input),
        }
    }
}

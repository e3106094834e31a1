//! The WooCommerce connector: reads the webhooks of a shop as neutral events.
//!
//! `signature` says what must be signed, `payload` reads the body. Nothing here holds a secret, knows the time
//! or reaches outside: the same delivery always gives the same answer.

mod bindings;
mod payload;
mod signature;
#[cfg(test)]
mod tests;

use ase_connector_kit::v0_2;
use ase_connector_kit::v0_2::wit::{Delivery, Guest, Outcome, Proof, Refusal};

/// The component's face towards the host.
struct Connector;

impl Guest for Connector {
    fn authenticate(input: Delivery) -> Result<Proof, Refusal> {
        signature::proof(&v0_2::lower(input)).map_err(v0_2::refusal)
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        v0_2::outcome(payload::outcome(&v0_2::lower(input)))
    }
}

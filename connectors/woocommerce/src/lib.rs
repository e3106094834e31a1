//! The WooCommerce connector: reads the webhooks of a shop as neutral events.
//!
//! `signature` says what must be signed, `payload` reads the body. Nothing here holds a secret, knows the time
//! or reaches outside: the same delivery always gives the same answer.

mod bindings;
mod payload;
mod signature;
#[cfg(test)]
mod tests;

use ase_connector_kit::wit::{Claim, Delivery, Guest, Outcome, Refusal};

/// The component's face towards the host.
struct Connector;

impl Guest for Connector {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        signature::claims(&input).map(|claim| vec![claim])
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        payload::outcome(&input)
    }
}

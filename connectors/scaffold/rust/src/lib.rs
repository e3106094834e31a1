//! The Acme connector: reads webhooks of Acme as neutral events.
//!
//! `signature` says what must be signed, `payload` reads the body. Nothing here holds a secret, knows the time or
//! reaches outside: the same delivery always gives the same answer.

mod bindings;
mod payload;
mod signature;

use bindings::exports::ase::connector::normalizer::{
    Claim, Delivery, Guest, Outcome, Refusal, RefusalReason,
};

struct Connector;

impl Guest for Connector {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        signature::claim(&input).map(|claim| vec![claim])
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        payload::outcome(&input)
    }
}

/// The connector's no: one sentence for the operator, and where in the body it is about.
fn refuse(reason: RefusalReason, message: &str, pointer: Option<&str>) -> Refusal {
    Refusal { reason, message: message.to_owned(), pointer: pointer.map(str::to_owned) }
}

//! Bodies broken in every simple way: nothing panics and nothing unsound comes out of either function.

use ase_connector_kit::testing::{break_in_every_way, delivery, fixture};
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};

use super::samples::BODIES;

/// Asks both functions, since both read the body.
fn ask(input: &Delivery) -> Result<Outcome, Refusal> {
    crate::signature::claims(input)?;
    crate::payload::outcome(input)
}

#[test]
fn a_broken_body_is_answered() {
    for (name, body) in BODIES {
        let header = ("hmacsignature", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        let whole = delivery(body.trim().as_bytes(), &[header], &[]);
        break_in_every_way(name, &whole, crate::payload::outcome);
        break_in_every_way(name, &whole, ask);
    }
    let Some(recorded) = fixture("generic/adyen.AUTHORISATION.json") else { return };
    break_in_every_way("recorded", &delivery(&recorded, &[], &[]), ask);
}

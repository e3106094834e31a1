//! Bodies broken in every simple way: nothing panics and nothing unsound comes out.

use ase_connector_kit::testing::{break_in_every_way, delivery};

use super::samples::BODIES;

#[test]
fn a_broken_body_is_answered() {
    for (name, body) in BODIES {
        break_in_every_way(name, &delivery(body.trim().as_bytes(), &[], &[]), crate::payload::outcome);
    }
}

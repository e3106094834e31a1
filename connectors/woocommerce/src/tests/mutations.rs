//! Bodies broken in every simple way: nothing panics and nothing unsound comes out.

use ase_connector_kit::testing::{break_in_every_way, fixture};

use super::{samples::BODIES, told};

#[test]
fn a_broken_body_is_answered() {
    for (topic, body) in BODIES {
        break_in_every_way(topic, &told(topic, body.trim().as_bytes()), crate::payload::outcome);
    }
    break_in_every_way("ping", &told("order.created", b"webhook_id=12"), crate::payload::outcome);
}

#[test]
fn a_recorded_body_under_another_topic_is_answered() {
    let Some(coupon) = fixture("generic/woocommerce.coupon.created.json") else { return };
    break_in_every_way("coupon", &told("order.updated", &coupon), crate::payload::outcome);
}

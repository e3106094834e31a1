//! Bodies broken in every simple way: nothing panics and nothing unsound comes out.

use ase_connector_kit::testing::{break_in_every_way, fixture};

use super::{samples::BODIES, told};

#[test]
fn a_broken_body_is_answered() {
    for (name, body) in BODIES {
        break_in_every_way(name, &told(name, body.trim().as_bytes()), crate::payload::outcome);
    }
}

#[test]
fn a_broken_form_is_answered() {
    let form = "payload=%7B%22action%22%3A%22deleted%22%2C%22repository%22%3A%7B%22id%22%3A1%7D%7D&x=%41+";
    break_in_every_way("form", &told("repository", form.as_bytes()), crate::payload::outcome);
}

#[test]
fn a_broken_recorded_body_is_answered() {
    let Some(body) = fixture("generic/github.member.added.json") else { return };
    // Cut to what is read, since the links around it would only take time.
    let whole: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let cut = serde_json::json!({
        "action": whole["action"], "member": whole["member"], "sender": whole["sender"],
        "repository": { "id": whole["repository"]["id"], "full_name": whole["repository"]["full_name"] },
    });
    break_in_every_way(
        "recorded",
        &told("member", &serde_json::to_vec(&cut).unwrap()),
        crate::payload::outcome,
    );
}

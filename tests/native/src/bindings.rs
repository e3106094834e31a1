//! The types of `wit/connector.wit` where the connector's sources look for them. Without the symbols of a component,
//! and with serde, so that what they say can be compared and can cross another border.
#![expect(clippy::pedantic, reason = "generated code follows its generator's manners")]

wit_bindgen::generate!({
    path: "../../wit",
    world: "connector",
    additional_derives: [PartialEq, serde::Deserialize, serde::Serialize],
    additional_member_attributes: {
        "ase:connector/normalizer@0.1.0/delivery.body": [#[serde(with = "serde_bytes")]],
        "ase:connector/normalizer@0.1.0/header.value": [#[serde(with = "serde_bytes")]],
        "ase:connector/normalizer@0.1.0/event.type": [#[serde(rename = "type")]],
        "ase:connector/normalizer@0.1.0/link.type": [#[serde(rename = "type")]],
    },
});

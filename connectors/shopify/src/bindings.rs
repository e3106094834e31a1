//! The Rust face of `wit/connector.wit`, generated at compile time. Owns the exported symbols; holds no logic.
#![expect(
    unsafe_code,
    clippy::pedantic,
    reason = "the component ABI is raw memory, and generated code follows its generator's manners"
)]

use super::Connector;

wit_bindgen::generate!({ path: "../../wit", world: "connector", additional_derives: [PartialEq] });

export!(Connector with_types_in self);

//! What wit-bindgen makes of `wit/connector.wit`. Nothing is written by hand here.
#![expect(clippy::same_length_and_capacity, reason = "generated")]
#![expect(unsafe_code, reason = "the canonical ABI is made of raw pointers; wit-bindgen writes all of it")]

wit_bindgen::generate!({ path: "../../../wit", world: "connector" });

export!(Connector);

use crate::Connector;

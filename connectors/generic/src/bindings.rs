//! What `wit-bindgen` makes of `wit/connector.wit`, and the export of this component. Nothing is written here.
#![expect(
    unsafe_code,
    clippy::same_length_and_capacity,
    reason = "generated: the component's ABI needs raw memory, and the documentation stands in the WIT"
)]

use crate::Generic;

wit_bindgen::generate!({ path: "../../wit", world: "connector", additional_derives: [PartialEq] });

export!(Generic);

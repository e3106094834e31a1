//! What wit-bindgen makes of `wit/connector.wit`, and the export of this component.
#![expect(unsafe_code, clippy::pedantic, reason = "generated: the component's ABI is raw memory")]

wit_bindgen::generate!({ path: "../../../wit", world: "connector" });

export!(Rogue with_types_in self);

use super::Rogue;

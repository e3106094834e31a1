//! What wit-bindgen makes of `wit/0.2/connector.wit`, and the export of this component.
#![expect(unsafe_code, clippy::pedantic, reason = "generated: the component's ABI is raw memory")]

wit_bindgen::generate!({ path: "../../../wit/0.2", world: "connector" });

export!(Modern with_types_in self);

use super::Modern;

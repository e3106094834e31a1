//! What wit-bindgen makes of `wit/connector.wit`. Nothing is written by hand here.

wit_bindgen::generate!({ path: "wit", world: "connector" });

export!(Connector);

use crate::Connector;

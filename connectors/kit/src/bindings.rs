//! What `wit-bindgen` makes of `wit/connector.wit`, once for all connectors that are built on this crate. Each of
//! them exports its own component with `ase_connector_kit::export!`. Nothing is written here.
#![expect(missing_docs, clippy::pedantic, reason = "generated: the documentation stands in the WIT")]

wit_bindgen::generate!({
    path: "../../wit",
    world: "connector",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    default_bindings_module: "ase_connector_kit::bindings",
});

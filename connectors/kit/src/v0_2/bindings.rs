//! What `wit-bindgen` makes of `wit/0.2/connector.wit`. Its world has a name of its own here, since the macros that
//! export a component are called after it and those of `0.1` stand beside them.
#![expect(missing_docs, clippy::pedantic, reason = "generated: the documentation stands in the WIT")]

wit_bindgen::generate!({
    inline: "
        package ase:kit;

        world connector-v0-2 {
            export ase:connector/normalizer@0.2.0;
        }
    ",
    path: "../../wit/0.2",
    world: "ase:kit/connector-v0-2",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    default_bindings_module: "ase_connector_kit::v0_2::bindings",
});

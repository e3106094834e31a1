//! The host's side of `ase:connector@0.2`, generated from `wit/0.2`: the newest version, into which the answers of
//! older ones are raised. Private to this room: everything that leaves it is a type of the engine or of [`super`].

wasmtime::component::bindgen!({
    path: "../wit/0.2",
    world: "connector",
    exports: { default: async },
    ownership: Borrowing { duplicate_if_necessary: false },
});

pub(super) use exports::ase::connector::normalizer::*;

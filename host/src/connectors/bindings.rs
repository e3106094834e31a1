//! The host's side of `ase:connector@0.1`, generated from `wit/`. Private to this room: everything that leaves
//! it is a type of the engine or of [`super`].

wasmtime::component::bindgen!({
    path: "../wit",
    world: "connector",
    exports: { default: async },
    ownership: Borrowing { duplicate_if_necessary: false },
});

pub(super) use exports::ase::connector::normalizer::*;

//! `ase:connector@0.1`, generated from `wit/`, and a delivery as it knows it.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "connector",
    exports: { default: async },
    ownership: Borrowing { duplicate_if_necessary: false },
});

use super::v0_2;

pub(super) use exports::ase::connector::normalizer::*;

/// The members of a delivery that are lists of records.
pub(super) fn lists<'a>(input: &v0_2::Delivery<'a>) -> (Vec<Header<'a>>, Vec<Setting<'a>>) {
    let header = |it: &v0_2::Header<'a>| Header { name: it.name, value: it.value };
    let setting = |it: &v0_2::Setting<'a>| Setting { name: it.name, value: it.value };
    (input.headers.iter().map(header).collect(), input.settings.iter().map(setting).collect())
}

/// A delivery without what is newer.
pub(super) fn lower<'a>(
    input: &v0_2::Delivery<'a>,
    headers: &'a [Header<'a>],
    settings: &'a [Setting<'a>],
) -> Delivery<'a> {
    let v0_2::Delivery { id, received_at, query, body, .. } = *input;
    Delivery { id, received_at, headers, query, body, settings }
}

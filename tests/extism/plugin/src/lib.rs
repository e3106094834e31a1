//! A bundled connector as a plugin of extism: its very sources, behind the two functions of the interface. Deliveries
//! come in and answers go out as MessagePack, which carries bytes as they are.
#![expect(missing_docs, reason = "the exported functions lose theirs in `plugin_fn`")]

use ase_native_connector::{Claim, Connector, Delivery, Outcome, Refusal};
use extism_pdk::{FnResult, Msgpack, plugin_fn};

/// What must be true for the delivery to be authentic.
#[plugin_fn]
pub fn authenticate(Msgpack(input): Msgpack<Delivery>) -> FnResult<Msgpack<Result<Vec<Claim>, Refusal>>> {
    Ok(Msgpack(Connector::authenticate(input)))
}

/// What the delivery becomes.
#[plugin_fn]
pub fn normalize(Msgpack(input): Msgpack<Delivery>) -> FnResult<Msgpack<Result<Outcome, Refusal>>> {
    Ok(Msgpack(Connector::normalize(input)))
}

//! The connector for any sender: the settings of a source say how its deliveries are signed and where in the
//! body each field of the event is found; a preset names settings that are shipped with it.
//!
//! It owns the schemes (`signature`), the mapping (`payload`) and the presets. It never holds a secret, never reads a clock
//! and keeps nothing between two deliveries.

mod bindings;
mod payload;
mod preset;
mod refusal;
mod request;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use bindings::exports::ase::connector::normalizer as wit;
use preset::Preset;
use request::Request;
use wit::{Claim, Delivery, Guest, Outcome, Refusal};

/// The component behind the exported interface.
#[derive(Debug)]
pub(crate) struct Generic;

impl Guest for Generic {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        let preset = Preset::of(&input)?;
        signature::claims(Request::new(&input, preset.as_ref()))
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        let preset = Preset::of(&input)?;
        payload::outcome(Request::new(&input, preset.as_ref()))
    }
}

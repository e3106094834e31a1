//! A guest of the right version whose delivery has a field less and whose refusal is bare text. Nothing but a
//! real instantiation tells.

mod bindings;

use bindings::exports::ase::connector::normalizer::{Delivery, Guest, Outcome};

/// The component.
#[derive(Debug)]
pub(crate) struct Reshaped;

impl Guest for Reshaped {
    fn authenticate(_: Delivery) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    fn normalize(input: Delivery) -> Result<Outcome, String> {
        Ok(Outcome::Ignored(input.id))
    }
}

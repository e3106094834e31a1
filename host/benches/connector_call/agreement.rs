//! What the connector's own code said, in the host's words: before anything is measured, all must have said the same.
//! Also part of `tests/extism`.

use ase_engine::event::Draft;
use ase_host::connectors::Received;
use ase_native_connector::{Event, Outcome};
use serde_json::{Map, Value};

/// Only events are ever measured.
pub(crate) fn received(outcome: &Outcome) -> Received {
    let Outcome::Events(events) = outcome else {
        return Received::Ignored { reason: format!("{outcome:?}") };
    };
    Received::Events(events.iter().map(draft).collect())
}

/// Field by field by its name. Attributes alone have another shape in the engine.
fn draft(event: &Event) -> Draft {
    let mut fields = serde_json::to_value(event).unwrap();
    let attribute = |attribute: &ase_native_connector::Attribute| {
        (attribute.name.clone(), Value::from(attribute.value.clone()))
    };
    let attributes: Map<_, _> = event.attributes.iter().map(attribute).collect();
    fields.as_object_mut().unwrap().insert("attributes".to_owned(), attributes.into());
    serde_json::from_value(fields).unwrap()
}

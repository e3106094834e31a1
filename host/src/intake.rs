//! Where events of a webhook meet the engine: deliveries that just came and deliveries that are tried again.

mod request;
mod source;
mod view;

use ase_engine::Engine;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::directory::Source;
use ase_engine::event::Draft;
use ase_engine::inbox::{Arrival, KeptRequest};
use ase_engine::problem::FieldError;
use ase_engine::screening::{Origin, Screened, ScreeningError};
use ase_engine::store::deliveries::DeliveryRow;
use thiserror::Error;

use crate::App;
use crate::connectors::Delivery;

pub use request::RequestView;
pub use source::SourceView;
pub use view::{DeliveryView, Preview, PreviewError, preview};

/// Why the events of a delivery were not all screened.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// A connector gave an event without an id, a type or a subject.
    #[error("event {ordinal}: {error}")]
    Event {
        /// Its place in the delivery.
        ordinal: i32,
        /// What is wrong.
        error: FieldError,
    },
    /// The engine did not take an event.
    #[error(transparent)]
    Screening(#[from] ScreeningError),
}

/// Screens the events of one delivery, in order; `arrival` is kept with the first of them. Those before an error stay screened: the same delivery, tried
/// again, finds them as duplicates.
///
/// # Errors
/// [`IntakeError`] of the first event that was not taken.
pub async fn screen_events(
    app: &App,
    source: &Source,
    drafts: Vec<Draft>,
    body_digest: [u8; 32],
    arrival: Option<&Arrival>,
) -> Result<Vec<Screened>, IntakeError> {
    let mut events = Vec::with_capacity(drafts.len());
    for (ordinal, draft) in (0_i32..).zip(drafts) {
        events.push(draft.lenient().map_err(|error| IntakeError::Event { ordinal, error })?);
    }
    let mut screened = Vec::with_capacity(events.len());
    for (ordinal, event) in (0_i32..).zip(events) {
        let origin = Origin {
            source_id: source.source_id.clone(),
            actor: Actor { actor_type: ActorType::Connector, id: source.connector.clone() },
            delivery: Some((body_digest, ordinal)),
            arrival: arrival.filter(|_| ordinal == 0).cloned(),
            invite: true,
            now: None,
        };
        screened.push(app.engine.screen(&source.tenant, &origin, event).await?);
    }
    Ok(screened)
}

/// A kept request as it was received, with what its source says now.
#[must_use]
pub fn kept_delivery(engine: &Engine, source: &Source, row: &DeliveryRow, request: KeptRequest) -> Delivery {
    let KeptRequest { headers, query, body } = request;
    Delivery {
        id: row.delivery_id.clone(),
        received_at: row.received_at,
        url: webhook_url(engine, &row.connector, &row.source_id, &query),
        headers,
        query,
        body: body.into(),
        settings: source.settings.clone(),
        pin: source.pin.clone(),
    }
}

/// Where a platform sends the deliveries of a source, with the query of one of them: what it may have signed.
#[must_use]
pub fn webhook_url(engine: &Engine, connector: &str, source_id: &str, query: &str) -> String {
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{}/webhooks/{connector}/{source_id}{joint}{query}", engine.public_url())
}

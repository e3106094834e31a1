//! A delivery as it is shown, and what would become of it now.

use ase_engine::Engine;
use ase_engine::event::{Draft, Event};
use ase_engine::inbox::KeptRequest;
use ase_engine::store::deliveries::DeliveryRow;
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::Serialize;
use thiserror::Error;

use crate::connectors::{CallError, Connectors, Received, VersionError};

/// A delivery without what was sent.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryView {
    /// `dlv_...`.
    pub delivery_id: String,
    /// Its source.
    pub source_id: String,
    /// The connector that reads it.
    pub connector: String,
    /// Digest of the version that read it last.
    pub connector_digest: Option<String>,
    /// The platform's own id of it.
    pub provider_id: Option<String>,
    /// Which secret proved it.
    pub secret_id: Option<String>,
    /// `sha256:` and the digest of its body.
    pub body_digest: String,
    /// One of [`ase_engine::inbox::STATUSES`].
    pub status: String,
    /// How often it was tried again.
    pub tries: i32,
    /// When it came first.
    pub received_at: DateTime<Utc>,
    /// How often the same body came.
    pub times_seen: i32,
    /// When it came last.
    pub seen_at: DateTime<Utc>,
    /// The platform gave its id to another body before.
    pub conflict: bool,
    /// Why it was ignored, refused or put off.
    pub last_error: Option<String>,
    /// Whether it can be read anew; known of one delivery alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_kept: Option<bool>,
}

impl From<&DeliveryRow> for DeliveryView {
    fn from(row: &DeliveryRow) -> Self {
        Self {
            delivery_id: row.delivery_id.clone(),
            source_id: row.source_id.clone(),
            connector: row.connector.clone(),
            connector_digest: row.connector_digest.clone(),
            provider_id: row.provider_id.clone(),
            secret_id: row.secret_id.clone(),
            body_digest: format!("sha256:{}", HEXLOWER.encode(&row.body_digest)),
            status: row.status.clone(),
            tries: row.tries,
            received_at: row.received_at,
            times_seen: row.times_seen,
            seen_at: row.seen_at,
            conflict: row.conflict,
            last_error: row.last_error.clone(),
            request_kept: None,
        }
    }
}

/// What a connector makes of a kept delivery.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// Digest of the connector.
    pub connector_digest: String,
    /// `events`, `reply`, `ignored` or `refused`.
    pub outcome: &'static str,
    /// The events as they would be screened.
    pub events: Vec<Event>,
    /// Why there are none, or why one could not be taken.
    pub reason: Option<String>,
}

/// Why a delivery could not be read anew.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// The connector failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The version that was named did not read it.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The source is gone, or the store does not answer.
    #[error("the source of the delivery cannot be read")]
    Source,
}

/// Reads a kept delivery with the settings of now and the connector of now, or with the version that is `named`, and
/// screens nothing.
///
/// # Errors
/// [`PreviewError`].
pub async fn preview(
    engine: &Engine,
    connectors: &Connectors,
    row: &DeliveryRow,
    request: KeptRequest,
    named: Option<&str>,
) -> Result<Preview, PreviewError> {
    let source = engine.directory().source(&row.source_id).await.ok().flatten();
    let source = source.ok_or(PreviewError::Source)?;
    let delivery = super::kept_delivery(engine, &source, row, request);
    let reading = match named {
        None => connectors.renormalize(&row.connector, &delivery).await?,
        Some(named) => connectors.renormalize_with(&row.connector, named, &delivery).await?,
    };
    let (outcome, events, reason) = match reading.received {
        Received::Events(drafts) => {
            let read: Result<Vec<Event>, _> = drafts.into_iter().map(Draft::lenient).collect();
            match read {
                Ok(events) => ("events", events, None),
                Err(error) => ("events", Vec::new(), Some(error.to_string())),
            }
        }
        Received::Reply { .. } | Received::Greeted { .. } => ("reply", Vec::new(), None),
        Received::Ignored { reason } => ("ignored", Vec::new(), Some(reason)),
        Received::Refused(refusal) => ("refused", Vec::new(), Some(refusal.message)),
        Received::Unauthenticated(reason) => ("refused", Vec::new(), Some(reason)),
    };
    Ok(Preview { connector_digest: reading.connector_digest, outcome, events, reason })
}

//! Tries again what a connector failed on: the delivery was authentic, so nothing of it may be lost.

use std::time::Duration;

use ase_engine::directory::Source;
use ase_engine::inbox::{DueDelivery, Ended, KeptRequest, Settlement};
use ase_engine::screening::ScreeningError;
use ase_engine::store::deliveries::DeliveryRow;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::rounds::pause;
use crate::App;
use crate::connectors::{CallError, Fault, Reading, Received, RefusalReason};
use crate::intake::{IntakeError, kept_delivery, screen_events};

/// How often is looked.
const LOOK: Duration = Duration::from_secs(2);
/// How many are taken at once. They are tried one after the other, well within their lease.
const BATCH: i64 = 8;

/// The shortest time that a delivery waits for a quarantined connector. Many may wait, and each look is a write.
const SHORTEST_HOLD: Duration = Duration::from_secs(10);

/// Tries what is due until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while pause(LOOK, &stop).await {
        loop {
            match app.engine.due_deliveries(BATCH).await {
                Ok(due) if due.is_empty() => break,
                Ok(due) => settle_all(&app, due, &stop).await,
                Err(error) => {
                    tracing::warn!(%error, "kept deliveries could not be read");
                    break;
                }
            }
            if stop.is_cancelled() {
                return;
            }
        }
    }
}

/// Those left when it is time to stop come again by their lease.
async fn settle_all(app: &App, due: Vec<DueDelivery>, stop: &CancellationToken) {
    for DueDelivery { mut row, request } in due {
        if stop.is_cancelled() {
            return;
        }
        let end = retry(app, &mut row, request).await;
        let ended = match &end {
            Settlement::Done | Settlement::Ended(_) => "done",
            Settlement::Again(_) => "again",
            Settlement::Held(_) => "held",
            Settlement::Refused(_) => "refused",
        };
        metrics::counter!("ase_delivery_retries_total", "ended" => ended).increment(1);
        if ended != "held" {
            tracing::info!(
                delivery_id = row.delivery_id,
                connector = row.connector,
                ended,
                "delivery tried again"
            );
        }
        if let Err(error) = app.engine.settle_delivery(&row, &end).await {
            tracing::warn!(delivery_id = row.delivery_id, %error, "a delivery was not settled");
        }
    }
}

async fn retry(app: &App, row: &mut DeliveryRow, request: KeptRequest) -> Settlement {
    let source = match app.engine.directory().source(&row.source_id).await {
        Ok(Some(source)) if !source.disabled => source,
        Ok(_) => return Settlement::Refused("the source is gone or disabled".to_owned()),
        Err(error) => return Settlement::Again(error.to_string()),
    };
    let delivery = kept_delivery(&app.engine, &source, row, request);
    match app.connectors.renormalize(&row.connector, &delivery).await {
        Ok(Reading { received, connector_digest, .. }) => {
            row.connector_digest = Some(connector_digest);
            take(app, &source, row, received).await
        }
        Err(CallError { fault: Fault::Quarantined { until }, .. }) => held(until),
        Err(error) => {
            row.connector_digest = error.connector_digest.or(row.connector_digest.take());
            Settlement::Again(error.fault.to_string())
        }
    }
}

/// A connector that is left alone was not tried. When it is well again, all that waits for it comes at once.
fn held(until: DateTime<Utc>) -> Settlement {
    let left = (until - ase_engine::clock::now()).to_std().unwrap_or_default();
    Settlement::Held(left.max(SHORTEST_HOLD))
}

/// What the connector made of it, taken as it would have been at first.
async fn take(app: &App, source: &Source, row: &DeliveryRow, received: Received) -> Settlement {
    match received {
        Received::Events(drafts) => {
            let Ok(digest) = row.body_digest.as_slice().try_into() else {
                return Settlement::Refused("the digest of the body does not read back".to_owned());
            };
            screened(Box::pin(screen_events(app, source, drafts, digest, None)).await.map(|_| ()))
        }
        Received::Reply { .. } | Received::Greeted { .. } => Settlement::Ended(Ended::Answered),
        Received::Ignored { .. } => Settlement::Ended(Ended::Ignored),
        Received::Refused(refusal) if refusal.reason == RefusalReason::UnsupportedTopic => {
            Settlement::Ended(Ended::Ignored)
        }
        Received::Refused(refusal) => Settlement::Refused(refusal.reason.as_str().to_owned()),
        Received::Unauthenticated(_) => Settlement::Refused("no longer authentic".to_owned()),
    }
}

/// Only a store that is away gets better by itself; an event that cannot be read may with the next connector.
fn screened(end: Result<(), IntakeError>) -> Settlement {
    match end {
        Ok(()) => Settlement::Done,
        Err(IntakeError::Screening(ScreeningError::Conflict)) => {
            Settlement::Refused("an event with this id was screened before and differs".to_owned())
        }
        Err(error) => Settlement::Again(error.to_string()),
    }
}

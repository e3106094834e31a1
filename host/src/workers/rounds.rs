//! The small rounds: sessions that run out, measurements, configuration that changes.

use std::time::Duration;

use ase_engine::store::{Scope, StoreError, outbox};
use tokio_util::sync::CancellationToken;

use crate::App;

/// How often sessions are looked at.
const EXPIRY: Duration = Duration::from_secs(5);
/// How often the outbox is measured.
const MEASURE: Duration = Duration::from_secs(10);

/// Ends the sessions whose time ran out.
pub(super) async fn expire(app: App, stop: CancellationToken) {
    while pause(EXPIRY, &stop).await {
        loop {
            match app.engine.expire_due().await {
                Ok(ended) if ended.is_empty() => break,
                Ok(ended) => {
                    for stage in ended {
                        metrics::counter!("ase_sessions_expired_total", "stage" => stage.as_str())
                            .increment(1);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "sessions could not be ended");
                    break;
                }
            }
        }
    }
}

/// Measures what waits, and lets the recorder forget old samples.
pub(super) async fn measure(app: App, stop: CancellationToken) {
    while pause(MEASURE, &stop).await {
        app.site.metrics.run_upkeep();
        if let Ok((waiting, oldest)) = backlog(&app).await {
            metrics::gauge!("ase_outbox_waiting").set(u32::try_from(waiting).unwrap_or(u32::MAX));
            metrics::gauge!("ase_outbox_oldest_seconds").set(oldest);
        }
    }
}

async fn backlog(app: &App) -> Result<(i64, f64), StoreError> {
    let mut tx = app.engine.store().begin(Scope::System).await?;
    let backlog = outbox::backlog(&mut tx).await?;
    tx.commit().await?;
    Ok(backlog)
}

/// Keeps what is known of tenants, keys and sources true.
pub(super) async fn watch(app: App, stop: CancellationToken) {
    stop.run_until_cancelled(Box::pin(app.engine.directory().watch())).await;
}

/// Waits; false when it is time to stop.
pub(super) async fn pause(span: Duration, stop: &CancellationToken) -> bool {
    stop.run_until_cancelled(tokio::time::sleep(span)).await.is_some()
}

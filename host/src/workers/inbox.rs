//! Looks at the inbox: ids that were given twice, sources that fell silent, people who asked to be forgotten, and what is
//! kept no longer.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rounds::pause;
use crate::App;

/// How often it is looked for conflicts and silence.
const LOOK: Duration = Duration::from_secs(10);
/// How often old requests are wiped.
const FORGET: Duration = Duration::from_mins(10);

/// Tells of conflicts and silence as they are found.
pub(super) async fn watch(app: App, stop: CancellationToken) {
    while pause(LOOK, &stop).await {
        conflicts(&app).await;
        silences(&app).await;
        erasures(&app, &stop).await;
    }
}

/// Looks through kept requests for whoever asked to be forgotten.
async fn erasures(app: &App, stop: &CancellationToken) {
    loop {
        match app.engine.sweep_erasure().await {
            Ok(true) if !stop.is_cancelled() => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(%error, "kept requests could not be looked through for an erasure");
                return;
            }
        }
    }
}

async fn conflicts(app: &App) {
    match app.engine.delivery_conflicts().await {
        Ok(rows) => {
            for row in rows {
                metrics::counter!("ase_delivery_conflicts_total", "connector" => row.connector.clone())
                    .increment(1);
                tracing::warn!(
                    connector.id = row.connector,
                    source.id = row.source_id,
                    delivery_id = row.delivery_id,
                    "a platform gave the id of an earlier delivery to another body"
                );
            }
        }
        Err(error) => tracing::warn!(%error, "conflicts of deliveries could not be looked for"),
    }
}

async fn silences(app: &App) {
    match app.engine.silences().await {
        Ok(changed) => {
            for found in changed {
                let (connector, source_id) = (found.connector, found.source_id);
                if found.silent {
                    metrics::counter!("ase_source_silences_total", "connector" => connector.clone())
                        .increment(1);
                    tracing::warn!(connector.id = connector, source.id = source_id, since = %found.since,
                        "nothing came from a source for longer than expected");
                } else {
                    tracing::info!(connector.id = connector, source.id = source_id, "a source speaks again");
                }
            }
        }
        Err(error) => tracing::warn!(%error, "silent sources could not be looked for"),
    }
}

/// Wipes what is kept no longer.
pub(super) async fn forget(app: App, stop: CancellationToken) {
    while pause(FORGET, &stop).await {
        loop {
            match app.engine.forget_deliveries().await {
                Ok(true) if !stop.is_cancelled() => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "old deliveries could not be wiped");
                    break;
                }
            }
        }
    }
}

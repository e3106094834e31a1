//! Quarantines that began or ended, and connectors that were replaced: the log is told, and what waited is tried at once.

use std::collections::HashMap;
use std::time::Duration;

use ase_engine::inbox::QuarantineNote;
use ase_engine::store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::connectors::QuarantineChange;

/// How often is looked whether a connector was replaced.
const LOOK: Duration = Duration::from_secs(2);
/// Changes that wait while the store is away; older ones are forgotten, for the state itself is what counts.
const MAX_PENDING: usize = 1000;

/// Watches until `stop`.
pub(super) async fn watch(app: App, stop: CancellationToken) {
    let (mut pending, mut seen) = (Vec::new(), HashMap::new());
    while !stop.is_cancelled() {
        let changed = tokio::time::timeout(LOOK, app.connectors.quarantine_changes());
        let Some(changed) = stop.run_until_cancelled(changed).await else { return };
        pending.extend(changed.unwrap_or_default());
        let excess = pending.len().saturating_sub(MAX_PENDING);
        pending.drain(..excess);
        if let Err(error) = settle(&app, &mut pending, &mut seen).await {
            tracing::warn!(%error, "what waits for a connector could not be released");
            // changes come at once and the store does not, so this is what keeps from asking it all the time
            super::rounds::pause(LOOK, &stop).await;
        }
    }
}

/// What fails stays for the next round.
async fn settle(
    app: &App,
    pending: &mut Vec<QuarantineChange>,
    seen: &mut HashMap<String, String>,
) -> Result<(), StoreError> {
    app.connectors.measure();
    while let Some(change) = pending.first() {
        app.engine.note_quarantine(note(change)).await?;
        if !change.quarantined {
            release(app, &change.connector, None).await?;
        }
        pending.remove(0);
    }
    for status in app.connectors.list() {
        let Some(digest) = status.digest else { continue };
        if seen.get(&status.id) != Some(&digest) {
            // at the start as well: this program or its files may have been replaced while it did not run
            release(app, &status.id, Some(&digest)).await?;
            seen.insert(status.id, digest);
        }
    }
    Ok(())
}

async fn release(app: &App, connector: &str, digest: Option<&str>) -> Result<(), StoreError> {
    let released = app.engine.release_deliveries(connector, digest).await?;
    if released > 0 {
        tracing::info!(connector, released, "kept deliveries are tried at once");
    }
    Ok(())
}

fn note(change: &QuarantineChange) -> QuarantineNote<'_> {
    QuarantineNote {
        connector: &change.connector,
        version: &change.version,
        digest: &change.digest,
        failures: change.failures,
        fault: change.fault,
        quarantined: change.quarantined,
    }
}

//! Keeps this node at the versions of connectors that operators installed.

use std::pin::pin;
use std::time::Duration;

use ase_engine::store::StoreError;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::App;

/// Time between two looks without any notice: what failed is tried again, and a notice that was lost is made good.
const RESCAN: Duration = Duration::from_secs(30);
/// The same while notices cannot be heard.
const DEAF: Duration = Duration::from_secs(1);

/// Follows every change until `stop`.
pub(super) async fn follow(app: App, stop: CancellationToken) {
    stop.run_until_cancelled(Box::pin(async {
        loop {
            match Box::pin(listen(&app)).await {
                Ok(()) => tracing::warn!("notices of installed connectors stopped, looking every second"),
                Err(error) => tracing::warn!(%error, "installed connectors cannot be heard of"),
            }
            sync(&app).await;
            tokio::time::sleep(DEAF).await;
        }
    }))
    .await;
}

/// Listens until the connection is lost.
async fn listen(app: &App) -> Result<(), StoreError> {
    let mut listener = app.engine.store().listen("ase_connectors").await?;
    let mut rescan = tokio::time::interval(RESCAN);
    rescan.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // a notice is waited for to its end: one that is dropped half read would be lost
        let notice = Box::pin(looking(app, &mut rescan, listener.try_recv())).await;
        if !matches!(notice, Ok(Some(_))) {
            return Ok(());
        }
        // one look serves all that came meanwhile
        while listener.next_buffered().is_some() {}
        sync(app).await;
    }
}

/// Waits for something, and looks now and then meanwhile.
async fn looking<T>(app: &App, rescan: &mut Interval, notice: impl Future<Output = T>) -> T {
    let mut notice = pin!(notice);
    loop {
        tokio::select! {
            notice = &mut notice => return notice,
            _ = rescan.tick() => sync(app).await,
        }
    }
}

/// Has shadows read what live versions read, and notes how they differ.
pub(super) async fn compare(app: App, stop: CancellationToken) {
    while let Some(compared) = stop.run_until_cancelled(app.connectors.compare()).await {
        if let Err(error) = app.engine.note_comparisons(&compared).await {
            tracing::warn!(%error, lost = compared.len(), "comparisons of connectors could not be noted");
        }
    }
}

async fn sync(app: &App) {
    if let Err(error) = app.connectors.sync(&app.engine).await {
        tracing::warn!(%error, "installed connectors cannot be looked at");
    }
}

//! What goes on beside decisions: candidates judge, counts grow, the breaker looks, and what is usual is worked out.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::rounds::pause;
use crate::App;

/// How long decisions gather before they are worked off. A breaker that looks every ten seconds sees them in time.
const GATHER: Duration = Duration::from_millis(250);
/// How often the breaker looks.
const LOOK: Duration = Duration::from_secs(10);
/// How often what is usual is worked out, and old judgements are forgotten.
const REFRESH: Duration = Duration::from_mins(10);
/// How long after a start the first time.
const FIRST_REFRESH: Duration = Duration::from_secs(15);
/// After a failure.
const REST: Duration = Duration::from_secs(1);

/// Works decisions off, many at once: a transaction for each would cost a third of what the decision itself does.
pub(super) async fn shadow(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(app.engine.await_shadows()).await.is_some() && pause(GATHER, &stop).await {
        work(&app, &stop).await;
    }
    // those that wait at the end
    work(&app, &stop).await;
}

async fn work(app: &App, stop: &CancellationToken) {
    loop {
        let worked = app.engine.work_shadows().await;
        metrics::counter!("ase_shadow_dropped_total").absolute(app.engine.shadows().dropped());
        metrics::counter!("ase_rules_failed_total").absolute(app.engine.shadows().failed_rules());
        metrics::counter!("ase_shadow_judged_total").absolute(app.engine.shadows().judged());
        match worked {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "what was beside decisions could not be written");
                pause(REST, stop).await;
                return;
            }
        }
    }
}

/// Takes policy versions back that left their band.
pub(super) async fn breaker(app: App, stop: CancellationToken) {
    while pause(LOOK, &stop).await {
        match app.engine.run_breaker().await {
            Ok(demotions) => {
                for done in demotions {
                    metrics::counter!("ase_policy_demotions_total").increment(1);
                    tracing::error!(
                        org_id = done.org_id,
                        demoted = done.demoted,
                        restored = done.restored.digest,
                        event_type = done.seen.event_type,
                        share = done.seen.share,
                        band_from = done.seen.band_from,
                        band_to = done.seen.band_to,
                        "a policy version left its band: it goes on in shadow, the one before decides again"
                    );
                }
            }
            Err(error) => tracing::warn!(%error, "the breaker could not look"),
        }
    }
}

/// Works out what is usual, and forgets what is old.
pub(super) async fn refresh(app: App, stop: CancellationToken) {
    let mut span = FIRST_REFRESH;
    while pause(span, &stop).await {
        span = REFRESH;
        if let Err(error) = app.engine.refresh_baselines().await {
            tracing::warn!(%error, "what is usual could not be worked out");
        }
    }
}

//! `Workers`: what runs beside the server, on any number of nodes: mail, retries, expiry, the directory's watch.

mod deliveries;
mod fleet;
mod inbox;
mod quarantines;
mod rounds;
mod trials;

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{App, outbox};

/// How long the workers may take to finish what they have in hand: one mail at its slowest.
const PATIENCE: Duration = Duration::from_secs(45);

/// How long after a panic a worker begins again.
const RESTART: Duration = Duration::from_secs(1);

/// The running workers.
#[derive(Debug)]
pub struct Workers {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Workers {
    /// Starts all of them.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let workers = Self { tasks: TaskTracker::new(), stop: CancellationToken::new() };
        workers.keep("outbox", app, outbox::run);
        workers.keep("deliveries", app, deliveries::run);
        workers.keep("quarantines", app, quarantines::watch);
        workers.keep("inbox", app, inbox::watch);
        workers.keep("retention", app, inbox::forget);
        workers.keep("expiry", app, rounds::expire);
        workers.keep("measurements", app, rounds::measure);
        workers.keep("connectors", app, fleet::follow);
        workers.keep("comparisons", app, fleet::compare);
        workers.keep("directory", app, rounds::watch);
        workers.keep("shadow", app, trials::shadow);
        workers.keep("breaker", app, trials::breaker);
        workers.keep("baselines", app, trials::refresh);
        workers
    }

    /// Keeps a worker going until it is told to stop: one that panics begins again, and what it had in hand comes
    /// again by its lease.
    fn keep<W>(&self, name: &'static str, app: &App, work: fn(App, CancellationToken) -> W)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let (app, stop) = (app.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            while tokio::spawn(work(app.clone(), stop.clone())).await.is_err() && !stop.is_cancelled() {
                tracing::error!(worker = name, "began again");
                metrics::counter!("ase_worker_restarts_total", "worker" => name).increment(1);
                rounds::pause(RESTART, &stop).await;
            }
        });
    }

    /// Tells all of them to stop and waits until each has finished what it had in hand. False when one did not in
    /// time; what it had in hand comes again by itself.
    pub async fn stop(self) -> bool {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.is_ok()
    }
}

/// Says what each measurement of the workers means.
pub(crate) fn describe() {
    metrics::describe_counter!("ase_mail_sent_total", "messages that a server took, by kind and channel");
    metrics::describe_counter!("ase_mail_failed_total", "tries of messages that failed, by kind and channel");
    metrics::describe_counter!(
        "ase_sms_undelivered_total",
        "text messages that did not reach their telephone"
    );
    metrics::describe_histogram!("ase_mail_send_seconds", "seconds that handing a mail over took");
    metrics::describe_histogram!(
        "ase_mail_queued_to_sent_seconds",
        "seconds from the queueing of a mail to its sending"
    );
    metrics::describe_gauge!("ase_outbox_waiting", "mails that wait");
    metrics::describe_gauge!("ase_outbox_oldest_seconds", "seconds that the oldest of them has waited");
    metrics::describe_counter!(
        "ase_delivery_conflicts_total",
        "deliveries whose id the platform had given to another body, by connector"
    );
    metrics::describe_counter!(
        "ase_source_silences_total",
        "sources that nothing came from for longer than expected, by connector"
    );
    metrics::describe_counter!("ase_connector_compared_total", "deliveries that a shadow read, by verdict");
    metrics::describe_counter!(
        "ase_connector_comparisons_dropped_total",
        "deliveries that no shadow read, as too many waited"
    );
    metrics::describe_counter!("ase_worker_restarts_total", "workers that panicked and began again");
    metrics::describe_counter!(
        "ase_sessions_expired_total",
        "sessions whose time ran out, by how far they had come"
    );
    metrics::describe_counter!(
        "ase_shadow_dropped_total",
        "decisions that no candidate judged, as too many waited"
    );
    metrics::describe_counter!("ase_rules_failed_total", "rules of live policies that could not be judged");
    metrics::describe_counter!("ase_shadow_judged_total", "judgements of candidates on trial");
    metrics::describe_counter!("ase_policy_demotions_total", "policy versions that the breaker took back");
    metrics::describe_counter!("ase_delivery_retries_total", "tries of kept deliveries, by how they ended");
}

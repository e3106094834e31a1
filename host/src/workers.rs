//! `Workers`: what runs beside the server, on any number of nodes: mail, retries, expiry, the directory's watch.

mod deliveries;
mod rounds;

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{App, outbox};

/// How long the workers may take to finish what they have in hand: one mail at its slowest.
const PATIENCE: Duration = Duration::from_secs(45);

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
        workers.spawn("outbox", outbox::run(app.clone(), workers.stop.clone()));
        workers.spawn("deliveries", deliveries::run(app.clone(), workers.stop.clone()));
        workers.spawn("expiry", rounds::expire(app.clone(), workers.stop.clone()));
        workers.spawn("measurements", rounds::measure(app.clone(), workers.stop.clone()));
        workers.spawn("directory", rounds::watch(app.clone(), workers.stop.clone()));
        workers
    }

    fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        // a worker that panics takes the whole process into its shutdown no more than a request does: it is told of
        // by the panic hook, and what it had in hand comes again by its lease
        self.tasks.spawn(async move {
            work.await;
            tracing::debug!(worker = name, "stopped");
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
    metrics::describe_counter!("ase_mail_sent_total", "mails that a server took, by kind");
    metrics::describe_counter!("ase_mail_failed_total", "tries of mails that failed, by kind");
    metrics::describe_histogram!("ase_mail_send_seconds", "seconds that handing a mail over took");
    metrics::describe_histogram!(
        "ase_mail_queued_to_sent_seconds",
        "seconds from the queueing of a mail to its sending"
    );
    metrics::describe_gauge!("ase_outbox_waiting", "mails that wait");
    metrics::describe_gauge!("ase_outbox_oldest_seconds", "seconds that the oldest of them has waited");
    metrics::describe_counter!("ase_sessions_expired_total", "sessions whose time ran out");
    metrics::describe_counter!("ase_delivery_retries_total", "tries of kept deliveries, by how they ended");
}

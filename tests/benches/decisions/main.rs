//! Decisions per second and how long one takes, beside what PostgreSQL alone does with the same rows.
//!
//! It starts a private cluster and the whole product, sends events and signed webhooks over loopback, and lets
//! `pgbench` commit the rows of one decision on the same cluster in between. Generator, server and PostgreSQL share
//! the machine. It prints what it measured and judges nothing but this: every decision that was acknowledged must be
//! in the database.
//!
//! `cargo bench --bench decisions -- [--seconds N] [--only events|orders]`
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed, and what it found is printed"
)]

mod client;
mod cpu;
mod disk;
mod ground;
mod load;
mod options;
mod pgbench;
mod report;
mod requests;

use std::path::Path;

use ground::Ground;
use load::Load;
use options::Options;
use pgbench::Pgbench;
use report::Report;
use requests::{Events, Orders};

/// How many requests are under way at one time.
const CONCURRENCY: [u32; 3] = [1, 8, 32];

fn main() {
    let options = Options::read();
    let scratch = tempfile::Builder::new().prefix("ase-bench-").tempdir().unwrap();
    open_to_postgres(scratch.path());
    let disk = disk::sync_times(scratch.path());
    let ground = Ground::prepare(scratch.path());
    let generator = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let events = Events::new(&ground);
    let orders = Orders::new(&ground);
    let mut report = Report::new(&ground, disk, &options);
    Report::requests(&events, &orders);
    let mut pgbench: Option<Pgbench> = None;
    for concurrency in CONCURRENCY {
        let (seconds, address) = (options.seconds, ground.address);
        let load = Load { concurrency, seconds, address, postmaster: ground.postmaster };
        if options.wants("events") {
            report.row("POST /events/ingest", concurrency, &generator.block_on(load.run(&events)));
        }
        if options.wants("orders") {
            report.row("signed order", concurrency, &generator.block_on(load.run(&orders)));
        }
        if options.wants("events") {
            let pgbench = pgbench.get_or_insert_with(|| Pgbench::prepare(&ground, scratch.path()));
            report.row("pgbench", concurrency, &pgbench.run(concurrency, options.seconds));
        }
    }
    report.close(&ground);
    ground.stop();
}

/// PostgreSQL never runs as root: its account must be able to pass.
fn open_to_postgres(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
}

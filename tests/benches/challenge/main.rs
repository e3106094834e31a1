//! How long people wait: for the page of a challenge at 500 requests a second, and for the code in their mail while the
//! server is half busy with events. And how heavy the pages are that they wait for.
//!
//! It starts a private cluster, a mail server and the whole product. Generator, server, mail server and PostgreSQL share
//! the machine. It prints what it measured and whether the aims are met, and judges nothing.
//!
//! `cargo bench -p ase-tests --bench challenge -- [--seconds N]`
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed, and what it found is printed"
)]

mod connection;
mod events;
mod load;
mod mails;
mod pages;
mod report;

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;

use ase_tests::harness::TestApp;

use load::Load;
use report::Report;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut words = std::env::args().skip_while(|word| word != "--seconds").skip(1);
    let seconds: u32 = words.next().map_or(10, |word| word.parse().expect("--seconds takes a whole number"));
    let scratch = tempfile::tempdir().unwrap();
    log_into(File::create(scratch.path().join("log")).unwrap());
    let app = TestApp::start().await;
    let address: SocketAddr = app.url.trim_start_matches("http://").parse().unwrap();
    let load = Load { address, seconds };
    let mut report = Report::open(seconds);
    pages::measure(&app, load, &mut report).await;
    mails::measure(&app, load, &mut report).await;
    let weights = pages::weigh(&app, &mut report).await;
    report.close(&weights);
}

/// The production defaults, with every line of the log written to a file.
fn log_into(file: File) {
    let lines = tracing_subscriber::fmt().with_env_filter("info").with_writer(Arc::new(file));
    lines.json().flatten_event(true).with_current_span(false).init();
}

//! What the process tells of itself: log lines on standard error, and measurements.
//!
//! Neither holds personal data, secrets, codes or bodies; a panic is told by its place, never by its message.

use std::backtrace::Backtrace;
use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;
use std::sync::Mutex;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{LogConfig, LogFormat};

/// Upper bounds of histograms in seconds: from one call of a connector to a slow mail server.
const BUCKETS: [f64; 17] = [
    0.000_02, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
    2.5, 10.0, 60.0,
];

/// Upper bounds of memory in bytes: from a small Rust guest to the most that a manifest may ask for.
const MEMORY: [f64; 9] = [
    131_072.0,
    524_288.0,
    1_048_576.0,
    2_097_152.0,
    8_388_608.0,
    16_777_216.0,
    33_554_432.0,
    67_108_864.0,
    134_217_728.0,
];

/// Why measurements cannot be kept.
#[derive(Debug, Error)]
#[error("measurements cannot be kept: {0}")]
pub struct TelemetryError(#[from] metrics_exporter_prometheus::BuildError);

/// Starts logging, once per process; later calls change nothing.
pub fn start(log: &LogConfig) {
    let filter = EnvFilter::new(&log.filter);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // already started: in tests, by another test
    let _ = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).finish().try_init(),
        LogFormat::Text => lines.with_target(false).finish().try_init(),
    };
    std::panic::set_hook(Box::new(log_panic));
}

/// Whether log directives can be read.
///
/// # Errors
/// What they must look like.
pub fn check_filter(directives: &str) -> Result<String, String> {
    match EnvFilter::try_new(directives) {
        Ok(_) => Ok(directives.to_owned()),
        Err(_) => Err("must be a level or directives such as info,ase_host=debug".to_owned()),
    }
}

/// The measurements of this process.
///
/// # Errors
/// [`TelemetryError`] when another recorder is in place.
pub fn metrics() -> Result<PrometheusHandle, TelemetryError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .set_buckets_for_metric(Matcher::Suffix("_memory_bytes".to_owned()), &MEMORY)?
        .install_recorder()?;
    crate::workers::describe();
    crate::connectors::measures::describe();
    *installed = Some(handle.clone());
    Ok(handle)
}

/// The message of a panic may hold whatever was worked on, so only its place is told.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    tracing::error!(place, thread, backtrace = %Backtrace::capture(), "panicked");
}

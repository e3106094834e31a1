//! What is measured of connectors. Labels are ids of connectors that were proved, and words of this program: what a
//! sender or a guest wrote never becomes one.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use super::call::Trace;
use super::component::{LoadError, Loaded};
use super::{CallError, Fault, Received};

/// Notes a call: what came of it, how long each step took, how much memory it used. A fault is logged with the
/// version that caused it.
pub(super) fn called(loaded: &Loaded, answer: &Result<Received, CallError>, trace: &Trace, took: Duration) {
    let connector = loaded.label();
    let outcome = match answer {
        Ok(received) => received.kind(),
        Err(error) => error.fault.kind(),
    };
    counter!("ase_connector_calls_total", "connector" => connector.clone(), "outcome" => outcome)
        .increment(1);
    histogram!("ase_connector_call_seconds", "connector" => connector.clone()).record(took);
    for (step, took) in [
        ("instantiate", trace.instantiate),
        ("authenticate", trace.authenticate),
        ("normalize", trace.normalize),
    ] {
        // what was not reached took no time and would only hide what did
        if !took.is_zero() {
            histogram!("ase_connector_step_seconds", "connector" => connector.clone(), "step" => step)
                .record(took);
        }
    }
    if trace.memory > 0 {
        histogram!("ase_connector_memory_bytes", "connector" => connector.clone()).record(size(trace.memory));
    }
    if let Err(error) = answer {
        failed(loaded, error);
    }
}

fn failed(loaded: &Loaded, CallError { fault, verified, .. }: &CallError) {
    let step = if *verified { "normalize" } else { "authenticate" };
    let connector = loaded.label();
    counter!("ase_connector_faults_total", "connector" => connector, "fault" => fault.kind(), "step" => step)
        .increment(1);
    // a quarantine is told once, when it begins
    if !matches!(fault, Fault::Quarantined { .. }) {
        let (connector, version, digest) = (&loaded.manifest.id, &loaded.manifest.version, &loaded.digest);
        tracing::error!(connector, version, digest, %fault, verified, "connector failed");
    }
}

/// Notes a component that was proved: its size, and how long it took to compile, start and prove it.
pub(super) fn loaded(loaded: &Loaded, bytes: usize, took: Duration) {
    let connector = loaded.label();
    gauge!("ase_connector_component_bytes", "connector" => connector.clone()).set(size(bytes));
    histogram!("ase_connector_load_seconds", "connector" => connector).record(took);
}

/// Notes a component that was refused. Its id is not known to be anybody's, so it is no label.
pub(super) fn refused(error: &LoadError) {
    counter!("ase_connector_load_failures_total", "reason" => reason(error)).increment(1);
}

/// Notes an installed component that this node could not get hold of.
pub(super) fn not_fetched() {
    counter!("ase_connector_load_failures_total", "reason" => "not_fetched").increment(1);
}

/// One word for why a component was refused.
fn reason(error: &LoadError) -> &'static str {
    match error {
        LoadError::TooLarge(_) => "too_large",
        LoadError::NoFile | LoadError::Unreadable(_) => "unreadable",
        LoadError::Outline(_) => "not_a_component",
        LoadError::Manifest(_) => "manifest",
        LoadError::NoInterface | LoadError::OtherInterface { .. } => "interface",
        LoadError::Import { .. } => "imports",
        LoadError::Invalid(_) => "does_not_compile",
        LoadError::Shape { .. } => "shape",
        LoadError::Ceiling { .. } => "ceiling",
        LoadError::Start(_) => "does_not_start",
        LoadError::Sample { .. } => "sample",
        LoadError::SameId { .. } => "same_id",
        LoadError::Signature(_) => "signature",
    }
}

/// Notes whether a connector is quarantined by this process.
pub(super) fn quarantine(connector: &str, held: bool) {
    gauge!("ase_connector_quarantined", "connector" => connector.to_owned()).set(if held {
        1.0
    } else {
        0.0
    });
}

/// Notes how many calls of a connector run.
pub(super) fn running(connector: &str, calls: usize) {
    gauge!("ase_connector_calls_running", "connector" => connector.to_owned()).set(size(calls));
}

/// Counts a quarantine that began.
pub(super) fn quarantined(connector: &str) {
    counter!("ase_connector_quarantines_total", "connector" => connector.to_owned()).increment(1);
    quarantine(connector, true);
}

#[expect(clippy::cast_precision_loss, reason = "no memory of a guest and no count of calls is near 2^53")]
fn size(number: usize) -> f64 {
    number as f64
}

/// Says what each measurement means.
pub(crate) fn describe() {
    describe_counter!(
        "ase_connector_calls_total",
        "deliveries that a connector was called for, by what came of it: a verdict or a fault"
    );
    describe_counter!(
        "ase_connector_faults_total",
        "calls that ended without an answer, by fault and by the step in which"
    );
    describe_histogram!(
        "ase_connector_call_seconds",
        "seconds of a whole call, with the check of signatures"
    );
    describe_histogram!("ase_connector_step_seconds", "seconds of instantiate, authenticate and normalize");
    describe_histogram!(
        "ase_connector_memory_bytes",
        "memory of an instance at the end of its call, its most"
    );
    describe_gauge!("ase_connector_component_bytes", "size of the component that is in use");
    describe_histogram!("ase_connector_load_seconds", "seconds from the bytes of a component to its proof");
    describe_counter!("ase_connector_load_failures_total", "components that were refused, by reason");
    describe_gauge!(
        "ase_connector_quarantined",
        "1 while this process leaves a connector alone that kept failing"
    );
    describe_gauge!("ase_connector_calls_running", "calls of a connector that run at this moment");
    describe_counter!("ase_connector_quarantines_total", "quarantines that began");
    describe_counter!("ase_deliveries_total", "webhooks, by connector and verdict");
}

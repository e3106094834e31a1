//! Proves a component with the samples of its own manifest, under the limits of production.

use super::component::{LoadError, Loaded};
use super::manifest::{Expectation, Sample};
use super::{Delivery, Received, call};

/// Runs every sample through `normalize` and compares what comes.
///
/// # Errors
/// The first sample that is answered otherwise.
pub(super) async fn prove(loaded: &Loaded) -> Result<(), LoadError> {
    for sample in &loaded.manifest.samples {
        let failed = |problem| LoadError::Sample { sample: sample.name.clone(), problem };
        prove_one(loaded, sample).await.map_err(failed)?;
    }
    Ok(())
}

/// Runs one sample.
///
/// # Errors
/// What came instead, in a sentence.
pub(super) async fn prove_one(loaded: &Loaded, sample: &Sample) -> Result<(), String> {
    let answer =
        call::traced(loaded, &delivery(sample), None, &mut call::open, &mut call::Trace::default()).await;
    let answer = answer.map_err(|error| error.fault.to_string())?;
    let found = describe(&answer);
    let expected = expected(&sample.expect);
    if found == expected {
        return Ok(());
    }
    Err(format!("expected {expected}, found {found}{}", said(&answer)))
}

/// A sample as if it had just been received, at a time that is always the same.
fn delivery(sample: &Sample) -> Delivery {
    let header = |(name, value): (&String, &String)| (name.clone(), value.clone().into_bytes());
    Delivery {
        id: format!("sample: {}", sample.name),
        headers: sample.headers.iter().map(header).collect(),
        query: sample.query.clone(),
        body: sample.body.clone().into(),
        settings: sample.settings.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        ..Delivery::default()
    }
}

fn describe(answer: &Received) -> String {
    match answer {
        Received::Events(events) => {
            let types = events.iter().map(|event| event.event_type.as_deref().unwrap_or_default());
            format!("events {}", types.collect::<Vec<_>>().join(", "))
        }
        Received::Reply { .. } => "a reply".to_owned(),
        Received::Greeted { .. } => "the answer to a greeting".to_owned(),
        Received::Ignored { .. } => "ignored".to_owned(),
        Received::Refused(refusal) => format!("refused {}", refusal.reason.as_str()),
        Received::Unauthenticated(_) => "unauthenticated".to_owned(),
    }
}

fn expected(expect: &Expectation) -> String {
    match expect {
        Expectation::Events(types) => format!("events {}", types.join(", ")),
        Expectation::Reply(_) => "a reply".to_owned(),
        Expectation::Ignored(_) => "ignored".to_owned(),
        Expectation::Refused(reason) => format!("refused {reason}"),
    }
}

/// The guest's own words, which help more than the kind of its answer.
fn said(answer: &Received) -> String {
    match answer {
        Received::Ignored { reason } => format!(" ({reason})"),
        Received::Refused(refusal) => format!(" ({})", refusal.message),
        _ => String::new(),
    }
}

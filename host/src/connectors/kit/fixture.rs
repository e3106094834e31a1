//! `Fixture`: one recorded request through the connector, and whether that is what was expected.

use std::path::{Path, PathBuf};

use ase_engine::nearest::nearest;
use serde::Serialize;

use super::super::{Manifest, Received};
use super::coverage::topic_of;
use super::request::{SUFFIX, stem};
use super::trial::{self, Trial};
use super::{Golden, KitError, Request, Specimen, diff};

/// How the name of what is expected ends.
pub(super) const EXPECTED: &str = ".expected.json";

/// What came of one fixture.
#[derive(Debug, Serialize)]
pub struct Fixture {
    /// Its name, without the suffix.
    pub name: String,
    /// Whether it is as expected.
    pub verdict: Verdict,
    /// Sentences for whoever reads on: why not, or what the engine will make of it.
    pub notes: Vec<String>,
    /// A unified diff, where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<String>,
    /// Which declared topic it exercised.
    pub topic: Option<String>,
}

/// Whether a fixture is as expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As expected.
    Passed,
    /// What came was written down as expected.
    Written,
    /// Something else came, or nothing.
    Failed,
}

/// Runs one request file.
pub(super) async fn run(specimen: &Specimen, path: &Path, update: bool) -> Fixture {
    let mut fixture = Fixture {
        name: stem(path).to_owned(),
        verdict: Verdict::Failed,
        notes: Vec::new(),
        diff: Vec::new(),
        topic: None,
    };
    if let Err(why) = examine(specimen, path, update, &mut fixture).await {
        fixture.verdict = Verdict::Failed;
        fixture.notes.push(why);
    }
    fixture
}

/// Takes one step after the other; the first that fails ends it with a sentence.
async fn examine(
    specimen: &Specimen,
    path: &Path,
    update: bool,
    fixture: &mut Fixture,
) -> Result<(), String> {
    let request = Request::read(path).map_err(|error| error.to_string())?;
    check_topic(&request, specimen.manifest())?;
    let trial = specimen.run(&request).await;
    let golden = Golden::of(&trial).map_err(|fault| request.conceal(&fault))?;
    let found = golden.to_text();
    if request.shows_secret(&found) {
        return Err(
            "the connector put the source's secret into its answer, where everybody would read it".to_owned()
        );
    }
    let again = specimen.run(&request).await;
    twice(&trial, &again, &found, &mut fixture.diff).map_err(|why| request.conceal(&why))?;
    redelivered(specimen, &request, &trial).await?;
    engine_reads(&trial, &mut fixture.notes)?;
    fixture.topic = topic_of(&request, &golden, specimen.manifest());
    let compared = compare(&expected_path(path), &found, update, &mut fixture.diff);
    if compared != Ok(Verdict::Passed) {
        fixture.notes.extend(would_hold(&trial));
    }
    fixture.verdict = compared?;
    Ok(())
}

/// A topic that the manifest does not know would count for nothing without a word.
fn check_topic(request: &Request, manifest: &Manifest) -> Result<(), String> {
    let Some(topic) = &request.topic else { return Ok(()) };
    let names = || manifest.topics.iter().map(|topic| topic.name.as_str());
    if names().any(|name| name == topic) {
        return Ok(());
    }
    let near = nearest(topic, names()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("topic: the manifest declares no topic `{topic}`{near}"))
}

/// The same delivery must always give the same bytes: those that are shown, and those of the signatures, which are not.
fn twice(first: &Trial, again: &Trial, found: &str, lines: &mut Vec<String>) -> Result<(), String> {
    let text = Golden::of(again)
        .map_err(|fault| format!("is not deterministic: the second time, {fault}"))?
        .to_text();
    if text != found {
        *lines = diff::between(found, &text).unwrap_or_default();
        return Err("is not deterministic: the same delivery gave another answer the second time".to_owned());
    }
    if first.offered != again.offered {
        return Err(
            "is not deterministic: the second time, the same delivery was said to be signed otherwise"
                .to_owned(),
        );
    }
    Ok(())
}

/// A platform sends again what it got no answer to, and the engine knows it again by the ids of its events alone.
async fn redelivered(specimen: &Specimen, request: &Request, trial: &Trial) -> Result<(), String> {
    let Ok(Received::Events(first)) = &trial.answer else { return Ok(()) };
    let again = trial::run(&specimen.loaded, &request.redelivered(), None).await;
    let Ok(Received::Events(again)) = &again.answer else {
        return Err("a redelivery became no events: only id and time of receipt were different".to_owned());
    };
    if first.iter().map(|event| &event.id).eq(again.iter().map(|event| &event.id)) {
        return Ok(());
    }
    Err("event ids change when the platform sends the same thing again: make them of what the platform sent, \
         not of the delivery's `id` or `received-at`"
        .to_owned())
}

/// What the engine would refuse fails; what it would leave out is worth a word.
fn engine_reads(trial: &Trial, notes: &mut Vec<String>) -> Result<(), String> {
    let Ok(Received::Events(events)) = &trial.answer else { return Ok(()) };
    for (at, event) in events.iter().enumerate() {
        let told = |error: ase_engine::problem::FieldError| format!("{} {}", error.pointer, error.detail);
        if let Err(error) = event.clone().lenient() {
            return Err(format!("the engine refuses event {at}: {}", told(error)));
        }
        if let Err(error) = event.clone().strict() {
            notes.push(format!("the engine takes a field of event {at} for unknown: {}", told(error)));
        }
    }
    Ok(())
}

/// Holds what came against the file, or writes the file.
fn compare(file: &Path, found: &str, update: bool, lines: &mut Vec<String>) -> Result<Verdict, String> {
    let expected = match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: {error}", file.display())),
    };
    match expected.map(|expected| diff::between(&expected, found)) {
        Some(None) => Ok(Verdict::Passed),
        _ if update => {
            std::fs::write(file, found).map_err(|error| format!("{}: {error}", file.display()))?;
            Ok(Verdict::Written)
        }
        Some(Some(differs)) => {
            *lines = differs;
            Err("is not what was expected; if it is right, accept it with --update".to_owned())
        }
        None => Err(format!(
            "{} is missing: write what comes with --update, then read it",
            file.file_name().unwrap_or_default().display()
        )),
    }
}

/// The signatures that would have held: whoever makes up a fixture needs them, and has the secret already.
fn would_hold(trial: &Trial) -> impl Iterator<Item = String> {
    trial.would_hold.iter().flatten().map(|(hex, base64)| {
        format!("no signature matched; with this secret it would be {hex} (base64 {base64})")
    })
}

/// The files of a directory that end in `suffix`, in order of name.
pub(super) fn files(dir: &Path, suffix: &str) -> Result<Vec<PathBuf>, KitError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(KitError::file(dir))? {
        let path = entry.map_err(KitError::file(dir))?.path();
        if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Where the answer to a request file stands.
pub(super) fn expected_path(request: &Path) -> PathBuf {
    request.with_file_name(format!("{}{EXPECTED}", stem(request)))
}

/// Where the request to an answer stands.
pub(super) fn request_path(expected: &Path) -> PathBuf {
    let name = expected.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    expected.with_file_name(format!("{}{SUFFIX}", name.strip_suffix(EXPECTED).unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use super::super::super::{CallError, Fault};
    use super::super::trial::{Offered, Times};
    use super::*;

    /// A trial that ended so, with one claim and this signature.
    fn trial(answer: Result<Received, CallError>, signature: u8) -> Trial {
        Trial {
            claims: Vec::new(),
            offered: Offered(vec![vec![vec![signature; 32]]]),
            refusal: None,
            would_hold: Vec::new(),
            answer,
            times: Times::default(),
            memory: 0,
        }
    }

    fn ignored(reason: &str) -> Received {
        Received::Ignored { reason: reason.to_owned() }
    }

    fn said(again: &Trial) -> (Result<(), String>, Vec<String>) {
        let first = trial(Ok(ignored("call 1")), 1);
        let mut lines = Vec::new();
        let found = Golden::of(&first).unwrap().to_text();
        (twice(&first, again, &found, &mut lines), lines)
    }

    #[test]
    fn the_same_again_is_well() {
        assert_eq!(said(&trial(Ok(ignored("call 1")), 1)), (Ok(()), Vec::new()));
    }

    #[test]
    fn another_answer_the_second_time_is_shown() {
        let (told, lines) = said(&trial(Ok(ignored("call 2")), 1));
        assert!(told.unwrap_err().starts_with("is not deterministic: the same delivery gave another answer"));
        assert!(lines.iter().any(|line| line.starts_with('+') && line.contains("call 2")), "{lines:?}");
    }

    #[test]
    fn a_fault_the_second_time_is_named() {
        let told = said(&trial(Err(CallError::new(Fault::TimedOut, true)), 1)).0.unwrap_err();
        assert!(told.starts_with("is not deterministic: the second time, "), "{told}");
    }

    #[test]
    fn other_bytes_of_a_signature_are_noticed_and_not_shown() {
        let other = trial(Ok(ignored("call 1")), 2);
        let (told, lines) = said(&other);
        assert!(told.unwrap_err().contains("signed otherwise"));
        assert!(lines.is_empty());
        assert!(!format!("{other:?}").contains("2, 2"), "a shared token is such a signature");
    }
}

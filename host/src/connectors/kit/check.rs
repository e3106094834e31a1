//! `Report`: everything that a server looks at before it takes a component, as a list that goes on after what is wrong.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::super::component::{self, LoadError, Loaded, MAX_COMPONENT};
use super::super::manifest::Manifest;
use super::super::outline::Outline;
use super::super::versions::Version;
use super::super::{Grant, samples, signature};
use super::Kit;

/// What was looked at.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// In the order of the server.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What.
    pub check: String,
    /// How it came out.
    pub status: Status,
    /// What was found, and where it is wrong, how to mend it.
    pub found: String,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// A server takes it, and something could be better.
    Note,
    /// A server refuses it.
    Failed,
    /// Not looked at, for what failed before.
    Skipped,
}

impl Report {
    /// How many things speak against it.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.checks.iter().filter(|check| check.status == Status::Failed).count()
    }

    fn note(&mut self, check: &str, status: Status, found: impl Into<String>) {
        self.checks.push(Check { check: check.to_owned(), status, found: found.into() });
    }

    /// Notes a result and hands on what is good.
    fn take<T>(
        &mut self,
        check: &str,
        result: Result<T, LoadError>,
        found: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match result {
            Ok(good) => {
                self.note(check, Status::Ok, found(&good));
                Some(good)
            }
            Err(error) => {
                self.note(check, Status::Failed, error.to_string());
                None
            }
        }
    }
}

/// What can be looked at after the bytes were read.
const LATER: [&str; 9] =
    ["component", "manifest", "interface", "imports", "signature", "limits", "compiles", "starts", "samples"];

/// Looks at everything.
pub(super) async fn check(kit: &Kit, file: &Path) -> Report {
    let mut report = Report::default();
    examine(kit, file, &mut report).await;
    for later in LATER {
        if !report.checks.iter().any(|check| check.check.split(':').next() == Some(later)) {
            report.note(later, Status::Skipped, "not looked at, for what failed before");
        }
    }
    report
}

/// Nothing comes after what it needs, so this ends with the first thing without which there is no going on.
async fn examine(kit: &Kit, file: &Path, report: &mut Report) -> Option<()> {
    let size = |bytes: &Arc<[u8]>| format!("{} of at most {} MiB", kib(bytes.len()), MAX_COMPONENT >> 20);
    let bytes = report.take("size", component::read(file).await, size)?;
    let (manifest, grant) = outline(kit, &bytes, report)?;
    report.take("signature", signature::signed_by(&bytes).map_err(LoadError::from), |by| match by {
        Some(key) => format!("by {key}: taken where `connectors.trusted_keys` names that key"),
        None => "none: taken unless `connectors.require_signature` is set (`ase connector sign`)".to_owned(),
    })?;
    let (limits, most) = (manifest.limits, kit.ceilings);
    report.take("limits", most.admit(limits), |()| {
        format!(
            "{} MiB of memory (at most {}), {} ms a call (at most {})",
            limits.memory_mib, most.memory_mib, limits.deadline_ms, most.deadline_ms
        )
    });
    let (started, digest) = (Instant::now(), component::digest(&bytes));
    let compiled = component::compile(&kit.compiler, bytes, &digest).await;
    let compiled = report.take("compiles", compiled, |_| seconds(started.elapsed()))?;
    let loaded = component::assemble(&kit.compiler.engine, &compiled, manifest, grant, digest);
    let started = match loaded {
        Ok(loaded) => component::start(&loaded).await.map(|()| loaded),
        Err(error) => Err(error),
    };
    let loaded = report.take("starts", started, |_| "with the types of the interface".to_owned())?;
    prove(&loaded, report).await;
    Some(())
}

/// What shows without compiling. These are independent of each other, so all of them are looked at.
fn outline(kit: &Kit, bytes: &[u8], report: &mut Report) -> Option<(Manifest, Option<Grant>)> {
    let outline = Outline::read(bytes).map_err(LoadError::from);
    let outline = report.take("component", outline, |_| component::digest(bytes))?;
    let read = outline.manifest().map_err(LoadError::from);
    let manifest = report.take("manifest", read, |manifest| {
        let topics = manifest.topics.len();
        format!("{} {}, api {}, {topics} topics", manifest.id, manifest.version, manifest.api)
    });
    // without a manifest that could be read, what is exported is all there is to go by
    let exported = || outline.apis.iter().find_map(|found| Version::exported(found));
    let said = manifest.as_ref().and_then(|manifest| manifest.version().ok()).or_else(exported);
    let said = said.map_or("", Version::as_str);
    let interface = component::check_interface(&outline.apis, said);
    let interface =
        report.take("interface", interface, |version| format!("exports ase:connector/normalizer@{version}"));
    let granted = manifest.as_ref().map_or(kit.grant_all, |manifest| kit.granted(&manifest.id));
    let imports = component::check_imports(&outline.imports, granted);
    let grant = report.take("imports", imports, |grant| match grant {
        None => "none, so it needs no grant".to_owned(),
        Some(Grant::InertWasi) => {
            format!("{} of WASI: runs only where its operator grants it inert-wasi", outline.imports.len())
        }
    });
    interface.and(manifest).zip(grant)
}

/// Each sample of its own, so that one does not hide the next.
async fn prove(loaded: &Loaded, report: &mut Report) {
    for sample in &loaded.manifest.samples {
        let (status, found) = match samples::prove_one(loaded, sample).await {
            Ok(()) => (Status::Ok, "as expected".to_owned()),
            Err(problem) => (Status::Failed, problem),
        };
        report.note(&format!("samples: {}", sample.name), status, found);
    }
    if loaded.manifest.samples.is_empty() {
        let advice =
            "none: add [[samples]] to connector.toml, which a server runs before it trusts a new version";
        report.note("samples", Status::Note, advice);
    }
}

fn kib(bytes: usize) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}

fn seconds(duration: Duration) -> String {
    format!("in {:.1} s", duration.as_secs_f64())
}

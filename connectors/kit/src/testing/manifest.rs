//! Manifests: their samples, and the demo that they carry.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use super::{Normalize, assert_answer, delivery};
use crate::wit::{Delivery, Outcome, Refusal, RefusalReason};

/// As much of a manifest as its own connector can prove.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    pub id: String,
    pub topics: Vec<Named>,
    #[serde(default)]
    pub settings: Vec<Named>,
    pub samples: Vec<Sample>,
    pub demo: Value,
}

#[derive(Debug, Deserialize)]
pub struct Named {
    pub name: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
pub struct Sample {
    pub name: String,
    pub body: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    pub expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    Events(Vec<String>),
    Ignored(bool),
    Refused(String),
}

impl Sample {
    /// The sample as a delivery.
    pub fn delivery(&self) -> Delivery {
        let pairs = |map: &'_ BTreeMap<String, String>| -> Vec<(String, String)> {
            map.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let (headers, settings) = (pairs(&self.headers), pairs(&self.settings));
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        delivery(self.body.as_bytes(), &headers, &settings)
    }
}

/// Reads a manifest and asserts that its topics are sorted and described and that every sample gives what it
/// promises.
pub fn proven(toml: &str, normalize: Normalize) -> Manifest {
    let manifest: Manifest = toml::from_str(toml).unwrap();
    for named in manifest.topics.iter().chain(&manifest.settings) {
        assert!(named.description.ends_with('.'), "{}", named.name);
    }
    let names: Vec<_> = manifest.topics.iter().map(|topic| &topic.name).collect();
    assert!(names.is_sorted_by(|one, next| one < next), "topics are listed once and in order: {names:?}");
    for sample in &manifest.samples {
        let got = normalize(&sample.delivery());
        assert!(kept(&sample.expect, &got), "{}: {got:?}", sample.name);
        assert_answer(got, &sample.name);
    }
    manifest
}

fn kept(expect: &Expect, got: &Result<Outcome, Refusal>) -> bool {
    match (expect, got) {
        (Expect::Events(types), Ok(Outcome::Events(events))) => {
            events.iter().map(|event| &event.type_).eq(types)
        }
        (Expect::Ignored(true), Ok(Outcome::Ignored(reason))) => !reason.is_empty(),
        (Expect::Refused(kind), Err(refusal)) => match refusal.reason {
            RefusalReason::Malformed => kind == "malformed",
            RefusalReason::Unauthenticated => kind == "unauthenticated",
            RefusalReason::UnsupportedTopic => kind == "unsupported-topic",
            RefusalReason::UnsupportedVersion => kind == "unsupported-version",
        },
        _ => false,
    }
}

/// Where a demo believes to send its delivery.
pub const DEMO_URL: &str = "http://127.0.0.1:1/";

/// The delivery that a manifest's demo makes, with the program's own `sh` and `openssl`, for a source with this
/// secret; none, said in one line, where `openssl` is missing.
pub fn demo(manifest: &Manifest, secret: &str) -> Option<Delivery> {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: no openssl to sign a demo with");
        return None;
    }
    let text = |field: &str| manifest.demo.get(field).and_then(Value::as_str).unwrap();
    let (body, sign) = (text("body").trim_end(), text("sign").trim_end());
    let script = format!(
        "set -eu\nurl={DEMO_URL}\nsecret='{secret}'\nid=123456789\nnow=1787227200\n\
         time=2026-08-20T12:00:00Z\nbody=$(cat <<BODY\n{body}\nBODY\n)\nsign() {{\n{sign}\n}}\n\
         printf '%s' \"$body\"\nprintf '\\n\\n'\nsign\n"
    );
    let shown = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let shown = String::from_utf8(shown.stdout).unwrap();
    let (body, headers) = shown.split_once("\n\n").unwrap();
    let headers: Vec<_> = headers.lines().filter_map(|line| line.split_once(": ")).collect();
    let settings = manifest.demo.get("settings").and_then(Value::as_object).cloned().unwrap_or_default();
    let settings: Vec<_> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    Some(delivery(body.as_bytes(), &headers, &settings))
}

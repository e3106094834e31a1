//! What the connectors' own tests share: deliveries, the host's part of a signature, mutations, the proof of a
//! manifest, and the folder of recorded bodies. Built for tests alone.
#![expect(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::must_use_candidate,
    reason = "a test that cannot go on has failed, and says why"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::wit::{
    Claim, Delivery, Event, Header, KeyEncoding, Outcome, Part, Refusal, RefusalReason, Setting,
};

/// One of the two functions of a connector.
pub type Normalize = fn(&Delivery) -> Result<Outcome, Refusal>;

/// A delivery of this body with these headers to a source with these settings.
pub fn delivery(body: &[u8], headers: &[(&str, &str)], settings: &[(&str, &str)]) -> Delivery {
    let header = |(name, value): &(&str, &str)| Header {
        name: name.to_ascii_lowercase(),
        value: value.as_bytes().to_vec(),
    };
    let setting = |(name, value): &(&str, &str)| Setting { name: (*name).into(), value: (*value).into() };
    Delivery {
        id: "dlv_1".to_owned(),
        received_at: 1_787_227_200_000.0,
        headers: headers.iter().map(header).collect(),
        query: String::new(),
        body: body.to_vec(),
        settings: settings.iter().map(setting).collect(),
    }
}

/// The HMAC-SHA-256 that a platform would send.
pub fn hmac_sha256(key: &[u8], message: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for piece in message {
        mac.update(piece);
    }
    mac.finalize().into_bytes().to_vec()
}

/// What a host does with claims: all must hold, and there must be one.
pub fn holds(claims: &[Claim], secret: &str, delivery: &Delivery) -> bool {
    !claims.is_empty() && claims.iter().all(|claim| claim_holds(claim, secret, delivery))
}

fn claim_holds(claim: &Claim, secret: &str, delivery: &Delivery) -> bool {
    let key = match &claim.key {
        KeyEncoding::Utf8 => Some(secret.as_bytes().to_vec()),
        KeyEncoding::Hex => HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok(),
        KeyEncoding::Base64(prefix) => {
            let text = secret.strip_prefix(prefix.as_str()).unwrap_or(secret);
            data_encoding::BASE64.decode(text.as_bytes()).ok()
        }
    };
    let Some(key) = key.filter(|key| !key.is_empty()) else { return false };
    let pieces = claim.message.iter().map(|part| match part {
        Part::Literal(bytes) => bytes.as_slice(),
        Part::Body => delivery.body.as_slice(),
        Part::Header(name) => delivery
            .headers
            .iter()
            .find(|header| header.name == *name)
            .map(|header| header.value.as_slice())
            .unwrap(),
    });
    let tag = hmac_sha256(&key, &pieces.collect::<Vec<_>>());
    claim.signatures.contains(&tag)
}

/// The events that a delivery becomes.
pub fn events(answer: Result<Outcome, Refusal>) -> Vec<Event> {
    match answer {
        Ok(Outcome::Events(events)) => events,
        other => panic!("no events: {other:?}"),
    }
}

/// The one event that a delivery becomes.
pub fn event(answer: Result<Outcome, Refusal>) -> Event {
    let [event] = <[Event; 1]>::try_from(events(answer)).unwrap();
    event
}

/// Why a delivery is of no concern.
pub fn ignored(answer: Result<Outcome, Refusal>) -> String {
    match answer {
        Ok(Outcome::Ignored(reason)) => reason,
        other => panic!("not ignored: {other:?}"),
    }
}

pub fn amount(event: &Event) -> Option<String> {
    let money = event.action.as_ref()?.amount.as_ref()?;
    Some(format!("{} {}", money.value, money.currency))
}

pub fn description(event: &Event) -> Option<&str> {
    event.action.as_ref()?.description.as_deref()
}

pub fn destination(event: &Event) -> Option<(&str, Option<&str>)> {
    let destination = event.action.as_ref()?.destination.as_ref()?;
    Some((destination.id.as_str(), destination.label.as_deref()))
}

pub fn links(event: &Event) -> Vec<String> {
    event.links.iter().map(|link| format!("{} {}", link.type_, link.id)).collect()
}

pub fn signals(event: &Event) -> Vec<(&str, f64)> {
    event.signals.iter().map(|signal| (signal.name.as_str(), signal.score)).collect()
}

pub fn changes(event: &Event) -> Vec<&str> {
    event.changes.iter().map(|change| change.field.as_str()).collect()
}

pub fn attribute<'e>(event: &'e Event, name: &str) -> Option<&'e str> {
    let found = event.attributes.iter().find(|attribute| attribute.name == name);
    found.map(|attribute| attribute.value.as_str())
}

/// Asserts what holds for every event, whatever it was read from.
pub fn assert_sound(event: &Event) {
    assert!(!event.id.is_empty() && event.id.len() <= 255, "{}", event.id);
    assert!(!event.subject.id.is_empty() && event.subject.id.len() <= 255, "{}", event.subject.id);
    assert!(!event.subject.id.contains('@'), "an address is no id: {}", event.subject.id);
    assert!(event.type_.split('.').all(|part| !part.is_empty()), "{}", event.type_);
    if let Some(money) = event.action.as_ref().and_then(|action| action.amount.as_ref()) {
        assert!(money.value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", money.value);
        assert!(money.currency.len() == 3 && money.currency.bytes().all(|byte| byte.is_ascii_uppercase()));
    }
    assert!(event.signals.iter().all(|signal| (0.0..=100.0).contains(&signal.score)));
    assert!(event.links.iter().all(|link| !link.id.is_empty() && !link.id.contains('@')));
    assert!(event.attributes.iter().all(|attribute| !attribute.value.is_empty()));
    let mut names: Vec<_> = event.attributes.iter().map(|attribute| &attribute.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), event.attributes.len(), "an attribute is given twice");
    assert!(event.changes.iter().all(|change| !change.field.is_empty()));
}

/// Asserts that an answer is sound, whatever the delivery was.
pub fn assert_answer(answer: Result<Outcome, Refusal>, what: &str) {
    match answer {
        Ok(Outcome::Events(events)) => {
            assert!(!events.is_empty(), "{what}: events without an event");
            events.iter().for_each(assert_sound);
        }
        Ok(Outcome::Ignored(reason)) => assert!(!reason.is_empty(), "{what}"),
        Ok(Outcome::Reply(_)) => panic!("{what}: nothing to reply to"),
        Err(refusal) => assert!(refusal.message.len() > 10, "{what}: {refusal:?}"),
    }
}

/// Breaks a delivery in every simple way: cut, one bit of a byte flipped, a value of another type, nested deeply.
/// Nothing panics and nothing unsound comes out of either function.
pub fn break_in_every_way(name: &str, good: &Delivery, ask: impl Fn(&Delivery) -> Result<Outcome, Refusal>) {
    let mut broken = good.clone();
    for length in 0..good.body.len() {
        broken.body = good.body.iter().copied().take(length).collect();
        assert_answer(ask(&broken), &format!("{name} cut at {length}"));
    }
    broken.body.clone_from(&good.body);
    for at in 0..good.body.len() {
        for flip in [0x01, 0x20, 0x80] {
            broken.body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= flip);
            assert_answer(ask(&broken), &format!("{name} flipped at {at}"));
            broken.body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= flip);
        }
    }
    let Ok(mut whole) = serde_json::from_slice::<Value>(&good.body) else { return };
    let mut pointers = Vec::new();
    collect(&whole, String::new(), &mut pointers);
    for pointer in pointers {
        for value in odd_values() {
            let place = whole.pointer_mut(&pointer).unwrap();
            let before = std::mem::replace(place, value.clone());
            broken.body = serde_json::to_vec(&whole).unwrap();
            assert_answer(ask(&broken), &format!("{name} {pointer} {value}"));
            *whole.pointer_mut(&pointer).unwrap() = before;
        }
    }
}

/// Values that stand in for every value of a body.
fn odd_values() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let mut values = vec![deep, json!(null), json!(true), json!(-1), json!(1.5), json!(u64::MAX), json!("")];
    values.extend([json!("***"), json!("a@b.c"), json!("€\u{0}\u{202e}"), json!("x".repeat(300))]);
    values.extend([
        json!([]),
        json!([[{}]]),
        json!({}),
        json!({ "id": 7, "data": [null], "object": "object" }),
    ]);
    values
}

/// Pointers to every value below.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let escaped = |name: &String| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| collect(value, format!("{pointer}/{}", escaped(name)), pointers));
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(at, value)| collect(value, format!("{pointer}/{at}"), pointers));
        }
        _ => {}
    }
    pointers.push(pointer);
}

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

/// The folder of recorded bodies, kept outside of the project; none, said in one line, where it is missing.
fn fixtures_dir() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let dir = std::env::var_os("ASE_FIXTURES").map_or(default, PathBuf::from);
    if !dir.is_dir() {
        println!("skipped: no fixtures at {} (set ASE_FIXTURES)", dir.display());
        return None;
    }
    Some(dir)
}

/// A recorded file, such as `generic/x.json`.
pub fn fixture(file: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(fixtures_dir()?.join(file)).unwrap())
}

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
        "set -eu\nurl=http://127.0.0.1:1/\nsecret='{secret}'\nid=123456789\nnow=1787227200\n\
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

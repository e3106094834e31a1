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

mod manifest;
mod mutation;
mod soundness;

use std::path::PathBuf;

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use manifest::{DEMO_URL, Expect, Manifest, Named, Sample, demo, proven};
pub use mutation::break_in_every_way;
pub use soundness::{assert_answer, assert_sound};

use crate::signature;
use crate::v0_2::wit as v0_2;
use crate::wit::{Claim, Delivery, Event, Header, KeyEncoding, Outcome, Part, Refusal, Setting};

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

/// The same for a claim of `0.2`, of a delivery that was sent to this address.
pub fn holds_at(url: &str, claim: &v0_2::Claim, secret: &str, delivery: &Delivery) -> bool {
    let part = |part: &v0_2::Part| match part {
        v0_2::Part::Literal(bytes) => Part::Literal(bytes.clone()),
        v0_2::Part::Body => Part::Body,
        v0_2::Part::Header(name) => Part::Header(name.clone()),
        v0_2::Part::Query => Part::Literal(delivery.query.clone().into_bytes()),
        v0_2::Part::Url => Part::Literal(url.as_bytes().to_vec()),
    };
    let key = match &claim.key {
        v0_2::KeyEncoding::Utf8 => KeyEncoding::Utf8,
        v0_2::KeyEncoding::Base64(prefix) => KeyEncoding::Base64(prefix.clone()),
        v0_2::KeyEncoding::Hex => KeyEncoding::Hex,
    };
    let lowered = |signature: &Vec<u8>| {
        signature::hmac_sha256(key.clone(), claim.message.iter().map(part).collect(), signature.clone())
    };
    claim.signatures.iter().any(|signature| claim_holds(&lowered(signature), secret, delivery))
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

/// The folder of recorded bodies, kept outside of the project; none, said in one line, where it is missing.
pub fn fixtures_dir() -> Option<PathBuf> {
    let dir = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    if !dir.is_dir() {
        println!("skipped: no fixtures at `{}` (set ASE_FIXTURES)", dir.display());
        return None;
    }
    Some(dir)
}

/// A recorded file, such as `generic/x.json`.
pub fn fixture(file: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(fixtures_dir()?.join(file)).unwrap())
}

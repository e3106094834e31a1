//! `Trial`: one request on the way that a server takes, and what was seen on it.

use std::time::Duration;

use chrono::DateTime;
use serde::Serialize;

use super::super::bindings::{Claim, KeyEncoding, Part};
use super::super::call::{self, Trace};
use super::super::claims::{self, Evidence};
use super::super::component::Loaded;
use super::super::convert;
use super::super::{CallError, Delivery, Received, Refusal, Trust};
use super::golden::{Claimed, Piece};

/// What one request became.
#[derive(Debug)]
pub struct Trial {
    /// What the connector said must be true.
    pub claims: Vec<Claimed>,
    /// The signatures of each of them, to be compared and never shown.
    pub(super) offered: Offered,
    /// The connector's own no in `authenticate`, if it said one.
    pub refusal: Option<Refusal>,
    /// For each claim that no signature met: the one that would have, in hexadecimal digits and in base64.
    pub would_hold: Vec<Option<(String, String)>>,
    /// The answer that a server would have had.
    pub answer: Result<Received, CallError>,
    /// How long it took.
    pub times: Times,
    /// Bytes of all memories of the instance.
    pub memory: usize,
}

/// The signatures of each claim as bytes. A shared token is the source's secret itself, so nothing shows them.
#[derive(PartialEq, Eq)]
pub(super) struct Offered(pub(super) Vec<Vec<Vec<u8>>>);

impl std::fmt::Debug for Offered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Offered").finish_non_exhaustive()
    }
}

/// How long each step took.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Times {
    /// Until there was an instance.
    pub instantiate_us: f64,
    /// In `authenticate`.
    pub authenticate_us: f64,
    /// In `normalize`.
    pub normalize_us: f64,
}

/// Runs a delivery through a connector.
pub(super) async fn run(loaded: &Loaded, delivery: &Delivery, trust: Option<&Trust>) -> Trial {
    let mut trace = Trace::default();
    let answer = call::traced(loaded, delivery, trust, &mut call::open, &mut trace).await;
    let not_authentic = matches!(answer, Ok(Received::Unauthenticated(_)));
    let would_hold = match trust.filter(|_| not_authentic) {
        Some(trust) => would_hold(loaded, delivery, trust, &trace.claims),
        None => Vec::new(),
    };
    Trial {
        claims: trace.claims.iter().map(|claim| claimed(claim, delivery)).collect(),
        offered: Offered(trace.claims.into_iter().map(|claim| claim.signatures).collect()),
        refusal: trace.refusal,
        would_hold,
        answer,
        times: Times {
            instantiate_us: micros(trace.instantiate),
            authenticate_us: micros(trace.authenticate),
            normalize_us: micros(trace.normalize),
        },
        memory: trace.memory,
    }
}

fn micros(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e7).round() / 10.0
}

/// What the host would have accepted, claim by claim.
fn would_hold(
    loaded: &Loaded,
    delivery: &Delivery,
    trust: &Trust,
    claims: &[Claim],
) -> Vec<Option<(String, String)>> {
    let request = convert::Request::new(delivery, &loaded.manifest.headers.allow);
    let headers = request.headers();
    let evidence = Evidence {
        headers: &headers,
        query: &delivery.query,
        url: &delivery.url,
        body: &delivery.body,
        received_at: delivery.received_at,
        signs: loaded.manifest.signs,
    };
    let missed = |claim: &Claim| {
        let right = claims::would_hold(claim, evidence, trust)?;
        let written = || {
            let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &right);
            (data_encoding::HEXLOWER.encode(&right), base64)
        };
        (!claim.signatures.contains(&right)).then(written)
    };
    claims.iter().map(missed).collect()
}

/// A claim as people read it: never a key, and of signatures only how many there are.
fn claimed(claim: &Claim, delivery: &Delivery) -> Claimed {
    Claimed {
        algorithm: claims::name(claim.algorithm).to_owned(),
        key: match &claim.key {
            KeyEncoding::Utf8 => "text".to_owned(),
            KeyEncoding::Base64(prefix) if prefix.is_empty() => "base64".to_owned(),
            KeyEncoding::Base64(prefix) => format!("base64 after `{}`", convert::plain(prefix, 64)),
            KeyEncoding::Hex => "hexadecimal".to_owned(),
        },
        message: claim.message.iter().map(|part| piece(part, delivery)).collect(),
        signatures: claim.signatures.len(),
        signed_at: claim.signed_at.map(time),
    }
}

/// Seconds as RFC 3339 where they are a time.
fn time(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what saturates is no time, and is shown as the number"
    )]
    let millis = (seconds * 1000.0).round() as i64;
    match DateTime::from_timestamp_millis(millis) {
        Some(time) if seconds.is_finite() => time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        _ => format!("{seconds} s"),
    }
}

fn piece(part: &Part, delivery: &Delivery) -> Piece {
    match part {
        Part::Literal(bytes) => Piece {
            part: "literal".to_owned(),
            is: Some(match str::from_utf8(bytes) {
                Ok(text) if !text.contains(char::is_control) => convert::plain(text, 200),
                _ => format!(
                    "hexadecimal {}",
                    data_encoding::HEXLOWER.encode(bytes.get(..64).unwrap_or(bytes))
                ),
            }),
            bytes: Some(bytes.len()),
        },
        Part::Query => Piece { part: "query".to_owned(), is: None, bytes: Some(delivery.query.len()) },
        Part::Url => Piece {
            part: "url".to_owned(),
            is: Some(convert::plain(&delivery.url, 200)),
            bytes: Some(delivery.url.len()),
        },
        Part::Body => Piece { part: "body".to_owned(), is: None, bytes: Some(delivery.body.len()) },
        Part::Header(name) => {
            let found = delivery.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
            Piece {
                part: "header".to_owned(),
                is: Some(convert::plain(name, 200)),
                bytes: found.map(|(_, value)| value.len()),
            }
        }
    }
}

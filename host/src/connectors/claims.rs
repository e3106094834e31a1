//! Checks what a connector claims must be true of an authentic delivery. The host's part of a signature: the
//! guest says what was signed and how, and never sees a secret.

mod key;
mod signature;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::bindings::{Algorithm, Claim, Part};
use super::manifest::Coverage;
use super::{Fault, Trust};
use signature::Verdict;

/// Claims that one delivery may make.
pub(super) const MAX_CLAIMS: usize = 8;
/// Pieces of one message, and signatures of one claim.
pub(super) const MAX_PARTS: usize = 16;
/// Bytes that one message may add to the body.
pub(super) const MAX_EXTRA: usize = 64 << 10;

/// The delivery as the guest saw it.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    /// Lower-case names and values.
    pub(super) headers: &'a [super::bindings::Header<'a>],
    /// The query string without its question mark.
    pub(super) query: &'a str,
    /// The address it was sent to; empty where nobody knows.
    pub(super) url: &'a str,
    /// The body.
    pub(super) body: &'a [u8],
    /// When the host received it.
    pub(super) received_at: DateTime<Utc>,
    /// What the manifest says its signatures cover.
    pub(super) signs: Coverage,
}

/// Why a delivery is not taken for authentic. Nothing of a secret or a signature is in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    #[error("the source has no active secret")]
    NoSecret,
    #[error("the connector claims nothing that could be checked")]
    NoClaim,
    #[error("{algorithm}: none of the source's secrets can be read as {form}")]
    UnreadableSecret { algorithm: &'static str, form: &'static str },
    #[error("{0}: no signature matches")]
    NoMatch(&'static str),
    #[error("{0}: a header or an address that is part of the signed message is missing")]
    MissingHeader(&'static str),
    #[error("hmac-sha1: the source does not allow it")]
    Sha1NotAllowed,
    #[error("{0}: the signature does not cover the whole body, and the source does not accept that")]
    Partial(&'static str),
    #[error("the signed time is not a number")]
    TimeNotANumber,
    #[error("signed {age} s before it was received, and the source tolerates {tolerance} s")]
    TooOld { age: u64, tolerance: u64 },
    #[error("signed {lead} s after it was received, and the source tolerates {tolerance} s")]
    TooNew { lead: u64, tolerance: u64 },
}

/// Holds every claim against the delivery and the source's secrets. All must hold, and there must be one. The place of
/// the secret that held the first is returned.
///
/// # Errors
/// The outer error is the connector's fault: claims beyond what any scheme needs. The inner one is a delivery
/// that is not authentic.
pub(super) fn check(
    claims: &[Claim],
    evidence: Evidence<'_>,
    trust: &Trust,
) -> Result<Result<usize, Failure>, Fault> {
    bound(claims, evidence.body.len())?;
    if trust.secrets.is_empty() {
        return Ok(Err(Failure::NoSecret));
    }
    if claims.is_empty() {
        return Ok(Err(Failure::NoClaim));
    }
    let held: Result<Vec<usize>, Failure> = claims.iter().map(|claim| hold(claim, evidence, trust)).collect();
    Ok(held.map(|places| places.first().copied().unwrap_or_default()))
}

/// The signature that would have held, for whoever writes a connector and has the secret at hand: of an HMAC, by the
/// first secret that can be read. A shared token would be the secret itself, and an Ed25519 key only checks.
pub(super) fn would_hold(claim: &Claim, evidence: Evidence<'_>, trust: &Trust) -> Option<Vec<u8>> {
    signature::make(claim, &message(claim, evidence)?, trust.secrets.first()?)
}

/// Refuses claims that would only make the host compute.
fn bound(claims: &[Claim], body: usize) -> Result<(), Fault> {
    if claims.len() > MAX_CLAIMS {
        return Err(Fault::WrongShape(format!("{} claims, at most {MAX_CLAIMS}", claims.len())));
    }
    for claim in claims {
        let most = claim.message.len().max(claim.signatures.len());
        if most > MAX_PARTS {
            return Err(Fault::WrongShape(format!(
                "{most} parts or signatures in a claim, at most {MAX_PARTS}"
            )));
        }
        let bodies = claim.message.iter().filter(|part| matches!(part, Part::Body)).count();
        let literals: usize = claim.message.iter().map(literal_len).sum();
        if bodies > 1 && body > MAX_EXTRA || literals > MAX_EXTRA {
            return Err(Fault::WrongShape("a signed message much larger than the body".to_owned()));
        }
    }
    Ok(())
}

fn literal_len(part: &Part) -> usize {
    match part {
        Part::Literal(bytes) => bytes.len(),
        Part::Body | Part::Header(_) | Part::Query | Part::Url => 0,
    }
}

/// Holds one claim: permitted, in time, covering the body, and matching the secret at the returned place.
fn hold(claim: &Claim, evidence: Evidence<'_>, trust: &Trust) -> Result<usize, Failure> {
    let algorithm = name(claim.algorithm);
    if claim.algorithm == Algorithm::HmacSha1 && !trust.allow_sha1 {
        return Err(Failure::Sha1NotAllowed);
    }
    let covers = claim.algorithm == Algorithm::SharedToken
        || claim.message.iter().any(|part| matches!(part, Part::Body))
        || (evidence.signs == Coverage::Partial && trust.accept_partial);
    if !covers {
        return Err(Failure::Partial(algorithm));
    }
    if let Some(signed_at) = claim.signed_at {
        in_time(signed_at, evidence.received_at, trust.tolerance)?;
    }
    let message = message(claim, evidence).ok_or(Failure::MissingHeader(algorithm))?;
    match signature::verify(claim, &message, &trust.secrets) {
        Verdict::Match(place) => Ok(place),
        Verdict::NoMatch => Err(Failure::NoMatch(algorithm)),
        Verdict::NoKey => Err(Failure::UnreadableSecret { algorithm, form: key::form(&claim.key) }),
    }
}

/// The signed pieces in order, or `None` where a header is missing.
fn message<'a>(claim: &'a Claim, evidence: Evidence<'a>) -> Option<Vec<&'a [u8]>> {
    let piece = |part: &'a Part| match part {
        Part::Literal(bytes) => Some(bytes.as_slice()),
        Part::Body => Some(evidence.body),
        Part::Query => Some(evidence.query.as_bytes()),
        Part::Url => Some(evidence.url.as_bytes()).filter(|url| !url.is_empty()),
        Part::Header(name) => {
            evidence.headers.iter().find(|header| header.name == name.as_str()).map(|header| header.value)
        }
    };
    claim.message.iter().map(piece).collect()
}

/// Compares in whole seconds, as the providers' own libraries do, and inclusively in both directions.
fn in_time(signed_at: f64, received_at: DateTime<Utc>, tolerance: Duration) -> Result<(), Failure> {
    if !signed_at.is_finite() {
        return Err(Failure::TimeNotANumber);
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds of this era are far below 2^53")]
    let age = received_at.timestamp() as f64 - signed_at;
    let tolerated = tolerance.as_secs_f64();
    if age > tolerated {
        return Err(Failure::TooOld { age: whole(age), tolerance: tolerance.as_secs() });
    }
    if -age > tolerated {
        return Err(Failure::TooNew { lead: whole(-age), tolerance: tolerance.as_secs() });
    }
    Ok(())
}

/// Whole seconds for a message; what is beyond any clock saturates.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive, and the cast saturates"
)]
fn whole(seconds: f64) -> u64 {
    seconds.ceil() as u64
}

/// How `wit/` spells an algorithm.
pub(super) fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha256 => "hmac-sha256",
        Algorithm::HmacSha512 => "hmac-sha512",
        Algorithm::HmacSha1 => "hmac-sha1",
        Algorithm::Ed25519 => "ed25519",
        Algorithm::SharedToken => "shared-token",
    }
}

#[cfg(test)]
mod tests;

//! Whether any signature of a claim was made with any secret of the source, in constant time.

use ed25519_dalek::{Signature, VerifyingKey};
use hmac::digest::Digest;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq};

use super::super::bindings::{Algorithm, Claim};
use super::key;

/// What the secrets say to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The secret at this place made one of the signatures.
    Match(usize),
    /// None did.
    NoMatch,
    /// No secret is written as the claim says.
    NoKey,
}

/// Tries every secret against every signature; which one matched does not show in the time it takes.
pub(super) fn verify(claim: &Claim, message: &[&[u8]], secrets: &[SecretString]) -> Verdict {
    let keys = secrets.iter().map(|secret| key::read(secret.expose_secret(), &claim.key));
    let said: Vec<Option<Choice>> = keys.map(|key| Some(matches(claim, message, &key?))).collect();
    if said.iter().all(Option::is_none) {
        return Verdict::NoKey;
    }
    // every secret has been tried by now
    let place = said.into_iter().position(|choice| choice.is_some_and(bool::from));
    place.map_or(Verdict::NoMatch, Verdict::Match)
}

/// One when any of the claim's signatures belongs to `key`.
fn matches(claim: &Claim, message: &[&[u8]], key: &[u8]) -> Choice {
    match claim.algorithm {
        Algorithm::HmacSha256 => among::<Hmac<Sha256>>(key, message, &claim.signatures),
        Algorithm::HmacSha512 => among::<Hmac<Sha512>>(key, message, &claim.signatures),
        Algorithm::HmacSha1 => among::<Hmac<Sha1>>(key, message, &claim.signatures),
        Algorithm::Ed25519 => signed(key, message, &claim.signatures),
        Algorithm::SharedToken => presented(key, &claim.signatures),
    }
}

/// RFC 2104: computes the tag once and compares it with every candidate. A shortened candidate never matches.
fn among<M: Mac + KeyInit>(key: &[u8], message: &[&[u8]], candidates: &[Vec<u8>]) -> Choice {
    let Some(tag) = tag::<M>(key, message) else {
        return Choice::from(0);
    };
    candidates.iter().fold(Choice::from(0), |found, candidate| found | tag.as_slice().ct_eq(candidate))
}

/// The tag itself.
fn tag<M: Mac + KeyInit>(key: &[u8], message: &[&[u8]]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    for piece in message {
        mac.update(piece);
    }
    Some(mac.finalize().into_bytes().to_vec())
}

/// The HMAC that a secret makes of a message; none for what is not an HMAC.
pub(super) fn make(claim: &Claim, message: &[&[u8]], secret: &SecretString) -> Option<Vec<u8>> {
    let key = key::read(secret.expose_secret(), &claim.key)?;
    match claim.algorithm {
        Algorithm::HmacSha256 => tag::<Hmac<Sha256>>(&key, message),
        Algorithm::HmacSha512 => tag::<Hmac<Sha512>>(&key, message),
        Algorithm::HmacSha1 => tag::<Hmac<Sha1>>(&key, message),
        Algorithm::Ed25519 | Algorithm::SharedToken => None,
    }
}

/// RFC 8032, in the strict form that refuses keys of small order. Everything it touches is public.
fn signed(key: &[u8], message: &[&[u8]], candidates: &[Vec<u8>]) -> Choice {
    let Some(key) = <[u8; 32]>::try_from(key).ok().and_then(|key| VerifyingKey::from_bytes(&key).ok()) else {
        return Choice::from(0);
    };
    let message = message.concat();
    let good = |candidate: &Vec<u8>| {
        Signature::from_slice(candidate)
            .is_ok_and(|signature| key.verify_strict(&message, &signature).is_ok())
    };
    Choice::from(u8::from(candidates.iter().any(good)))
}

/// Compares digests, so that not even the length of the token shows.
fn presented(key: &[u8], candidates: &[Vec<u8>]) -> Choice {
    let key = Sha256::digest(key);
    let same = |candidate: &Vec<u8>| Sha256::digest(candidate).as_slice().ct_eq(key.as_slice());
    candidates.iter().fold(Choice::from(0), |found, candidate| found | same(candidate))
}

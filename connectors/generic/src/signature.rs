//! Which scheme a source uses, and the claim that follows from it.
//!
//! The host demands that every claim of a delivery holds. A delivery therefore gets exactly one claim, and what
//! may match alternatively (a rotated secret, a second signature) is listed inside it. Nothing is verified here:
//! the host holds the secrets. Every scheme reads its settings before it looks at the delivery, so that a mistake
//! in them shows on any delivery.

mod encoding;
mod moment;
mod signed;
mod standard_webhooks;
mod template;
mod token;

use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Algorithm, Claim, Refusal};

/// The schemes by the names that the setting `scheme` takes.
const SCHEMES: &str = "standard-webhooks, github, hmac, ed25519, bearer, basic or query";

/// The claims of a delivery under the source's `scheme`.
///
/// # Errors
/// `unauthenticated` when a header of the scheme is missing or unreadable; `malformed` when a setting is wrong.
pub(crate) fn claims(request: Request<'_>) -> Result<Vec<Claim>, Refusal> {
    let claim = match request.setting("scheme").unwrap_or("standard-webhooks") {
        "standard-webhooks" => standard_webhooks::claim(request),
        "github" => signed::github(request),
        "hmac" => signed::hmac(request),
        "ed25519" => signed::ed25519(request),
        "bearer" => token::bearer(request),
        "basic" => token::basic(request),
        "query" => token::query(request),
        other => Err(unknown("scheme", other, SCHEMES)),
    }?;
    Ok(vec![claim])
}

/// The value of a header without which the scheme cannot be checked.
fn required<'d>(request: Request<'d>, name: &str) -> Result<&'d str, Refusal> {
    request
        .header(name)
        .filter(|value| !value.trim().is_empty())
        .ok_or_else(|| unauthenticated(format!("header `{name}` is missing, empty or not text")))
}

/// A setting holds none of the words that it takes.
fn unknown(setting: &str, value: &str, choices: &str) -> Refusal {
    misconfigured(setting, format_args!("`{value}` is unknown; use {choices}"))
}

/// The algorithm that the setting `hmac_algorithm` names.
fn hmac_algorithm(request: Request<'_>) -> Result<Algorithm, Refusal> {
    match request.setting("hmac_algorithm").unwrap_or("sha256") {
        "sha256" => Ok(Algorithm::HmacSha256),
        "sha512" => Ok(Algorithm::HmacSha512),
        "sha1" => Ok(Algorithm::HmacSha1),
        other => Err(unknown("hmac_algorithm", other, "sha256, sha512 or sha1")),
    }
}

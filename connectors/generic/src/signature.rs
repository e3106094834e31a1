//! Which scheme a source uses, and the claim that follows from it.
//!
//! The host demands that every claim of a delivery holds. A delivery therefore gets exactly one claim, and what
//! may match alternatively (a rotated secret, a second signature) is listed inside it. Nothing is verified here:
//! the host holds the secrets.

mod bearer;
mod hmac;
mod standard_webhooks;

use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Claim, Refusal};

/// The claims of a delivery under the source's `scheme`.
///
/// # Errors
/// `unauthenticated` when a header of the scheme is missing or unreadable; `malformed` when a setting is wrong.
pub(crate) fn claims(request: Request<'_>) -> Result<Vec<Claim>, Refusal> {
    let claim = match request.setting("scheme").unwrap_or("standard-webhooks") {
        "standard-webhooks" => standard_webhooks::claim(request),
        "github" => hmac::github(request),
        "hmac" => hmac::claim(request),
        "bearer" => bearer::claim(request),
        other => Err(misconfigured(
            "scheme",
            format_args!("`{other}` is unknown; use standard-webhooks, github, hmac or bearer"),
        )),
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

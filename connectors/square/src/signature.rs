//! The header `x-square-hmacsha256-signature`: what it claims to prove. It never computes or compares a signature.

use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::request;
use ase_connector_kit::signature::{from_base64, hmac_sha256};
use ase_connector_kit::wit::{Claim, Delivery, KeyEncoding, Part, Refusal};

/// The claim of a delivery: HMAC-SHA-256 over the notification URL and the body, one after the other.
///
/// The URL is the one that was entered at Square, to the letter, and not where the delivery arrived: a proxy may
/// stand between. The older header `x-square-signature` (SHA-1) does not count: accepting it would be a downgrade.
///
/// # Errors
/// `unauthenticated` where the setting or the header is missing, or the signature is not an HMAC-SHA-256 in base64.
///
/// Source: <https://developer.squareup.com/docs/webhooks/step3validate>.
pub(crate) fn claims(input: &Delivery) -> Result<Claim, Refusal> {
    let url = request::setting(input, "notification_url").ok_or_else(|| {
        unauthenticated(
            "the setting `notification_url` is not set, and Square signs the URL together with the body",
        )
    })?;
    let signature =
        from_base64(request::required(input, "x-square-hmacsha256-signature")?).ok_or_else(|| {
            unauthenticated("the header x-square-hmacsha256-signature is not an HMAC-SHA-256 in base64")
        })?;
    let message = vec![Part::Literal(url.as_bytes().to_vec()), Part::Body];
    Ok(hmac_sha256(KeyEncoding::Utf8, message, signature))
}

//! The header `x-hub-signature-256`: what it claims to prove. It never computes or compares a signature.

use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::request;
use ase_connector_kit::signature::{from_hex, hmac_sha256};
use ase_connector_kit::wit::{Claim, Delivery, KeyEncoding, Part, Refusal};

/// The claim of a delivery: HMAC-SHA-256 over the raw body, also where the body is a form.
///
/// The older `x-hub-signature` (SHA-1) does not count: accepting it would be a downgrade.
///
/// # Errors
/// `unauthenticated` unless there is exactly one header, `sha256=` and 64 hexadecimal digits.
///
/// Source: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
pub(crate) fn claims(input: &Delivery) -> Result<Claim, Refusal> {
    let header = request::header(input, "x-hub-signature-256")?.filter(|text| !text.is_empty()).ok_or_else(|| {
        unauthenticated("the header x-hub-signature-256 is missing: give the webhook a secret, the one of this source")
    })?;
    let digits = header
        .strip_prefix("sha256=")
        .ok_or_else(|| unauthenticated("the header x-hub-signature-256 does not begin with `sha256=`"))?;
    let signature = from_hex(digits).ok_or_else(|| {
        unauthenticated("the header x-hub-signature-256 is not an HMAC-SHA-256 in hexadecimal")
    })?;
    Ok(hmac_sha256(KeyEncoding::Utf8, vec![Part::Body], signature))
}

//! The header `x-square-hmacsha256-signature`: what it claims to prove. It never computes or compares a signature.

use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::request;
use ase_connector_kit::signature::{from_base64, hmac_sha256};
use ase_connector_kit::v0_2::{self, wit};
use ase_connector_kit::wit::{Delivery, KeyEncoding, Part, Refusal};

/// The claim of a delivery: HMAC-SHA-256 over the notification URL and the body, one after the other.
///
/// The URL is where the host is reached, which a sender cannot choose. Where another one was entered at Square, as
/// that of a proxy, the setting `notification_url` says it. The older header `x-square-signature` (SHA-1) does not
/// count: accepting it would be a downgrade.
///
/// # Errors
/// `unauthenticated` where the header is missing or is not an HMAC-SHA-256 in base64.
///
/// Source: <https://developer.squareup.com/docs/webhooks/step3validate>.
pub(crate) fn claim(input: &Delivery) -> Result<wit::Claim, Refusal> {
    let signature =
        from_base64(request::required(input, "x-square-hmacsha256-signature")?).ok_or_else(|| {
            unauthenticated("the header x-square-hmacsha256-signature is not an HMAC-SHA-256 in base64")
        })?;
    let mut claim = v0_2::claim(hmac_sha256(KeyEncoding::Utf8, vec![Part::Body], signature));
    let entered = request::setting(input, "notification_url");
    let url = entered.map_or(wit::Part::Url, |url| wit::Part::Literal(url.as_bytes().to_vec()));
    claim.message.insert(0, url);
    Ok(claim)
}

//! The header `x-wc-webhook-signature`: what it claims to prove. It never computes or compares a signature.

use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::request;
use ase_connector_kit::signature::{from_base64, hmac_sha256};
use ase_connector_kit::v0_2::{self, wit::Proof};
use ase_connector_kit::wit::{Claim, Delivery, KeyEncoding, Part, Refusal};

use crate::payload::is_ping;

const HEADER: &str = "x-wc-webhook-signature";

/// The claim of a delivery, or the answer to the ping that a shop sends when a webhook is saved: it carries no
/// signature, says nothing but the webhook's number, and WooCommerce wants to see it answered.
///
/// # Errors
/// As for [`claims`]. A ping with a signature is no greeting, and the signature has to hold.
///
/// Source: `WC_Webhook::deliver_ping`.
pub(crate) fn proof(input: &Delivery) -> Result<Proof, Refusal> {
    if is_ping(&input.body) && request::header(input, HEADER)?.is_none() {
        return Ok(v0_2::welcome());
    }
    claims(input).map(|claim| Proof::Claims(vec![v0_2::claim(claim)]))
}

/// The claim of a delivery: HMAC-SHA-256 over the body. Topic and source are headers beside it, and not signed.
///
/// # Errors
/// `unauthenticated` where the header is missing or not an HMAC-SHA-256 in base64.
///
/// Source: <https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks/>.
pub(crate) fn claims(input: &Delivery) -> Result<Claim, Refusal> {
    let signature = from_base64(request::required(input, HEADER)?).ok_or_else(|| {
        unauthenticated("the header x-wc-webhook-signature is not an HMAC-SHA-256 in base64")
    })?;
    Ok(hmac_sha256(KeyEncoding::Utf8, vec![Part::Body], signature))
}

//! The header `x-wc-webhook-signature`: what it claims to prove. It never computes or compares a signature.

use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::request;
use ase_connector_kit::signature::{from_base64, hmac_sha256};
use ase_connector_kit::wit::{Claim, Delivery, KeyEncoding, Part, Refusal};

use crate::payload::is_ping;

/// The claim of a delivery: HMAC-SHA-256 over the body. Topic and source are headers beside it, and not signed.
///
/// # Errors
/// `unauthenticated` where the header is missing or not an HMAC-SHA-256 in base64. The ping that a shop sends when a
/// webhook is first saved carries no signature at all; nothing may be taken unsigned, so it is told why.
///
/// Source: <https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks/> and `WC_Webhook::deliver_ping`.
pub(crate) fn claims(input: &Delivery) -> Result<Claim, Refusal> {
    let header = request::header(input, "x-wc-webhook-signature")?.filter(|text| !text.is_empty());
    let text = header.ok_or_else(|| {
        unauthenticated(if is_ping(&input.body) {
            "the ping on saving a webhook is not signed and cannot be taken; the shop's notice of a failed delivery \
             does no harm, since the webhook is active and its deliveries are signed"
        } else {
            "the header x-wc-webhook-signature is missing"
        })
    })?;
    let signature = from_base64(text).ok_or_else(|| {
        unauthenticated("the header x-wc-webhook-signature is not an HMAC-SHA-256 in base64")
    })?;
    Ok(hmac_sha256(KeyEncoding::Utf8, vec![Part::Body], signature))
}

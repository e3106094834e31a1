//! What must be signed: of a Standard webhook eight fields of every item, of a platform's webhook the whole body.
//! It never computes or compares a signature.

use ase_connector_kit::Node;
use ase_connector_kit::refusal::unauthenticated;
use ase_connector_kit::signature::{from_base64, hmac_sha256};
use ase_connector_kit::wit::{Claim, Delivery, KeyEncoding, Part, Refusal};
use ase_connector_kit::{money, request};

use crate::message::Message;

/// Longest of the signed fields, in bytes. Adyen's own are shorter.
const FIELD_BYTES: usize = 256;

/// One claim per item, all of which must hold; or one over the body.
///
/// # Errors
/// `unauthenticated` where a signature is missing or not an HMAC-SHA-256 in base64, `malformed` for a body that
/// is no message.
///
/// Source: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures>.
pub(crate) fn claims(input: &Delivery) -> Result<Vec<Claim>, Refusal> {
    let key = key(input)?;
    match Message::read(&input.body)? {
        Message::Standard(batch) => batch
            .items()
            .map(|item| {
                let (place, item) = item?;
                let message = vec![Part::Literal(signed(place, item)?.into_bytes())];
                Ok(hmac_sha256(key.clone(), message, of_item(place, item)?))
            })
            .collect(),
        Message::Platform(_) => {
            let signature = from_base64(request::required(input, "hmacsignature")?).ok_or_else(|| {
                unauthenticated("the header hmacsignature is not an HMAC-SHA-256 in base64")
            })?;
            Ok(vec![hmac_sha256(key, vec![Part::Body], signature)])
        }
    }
}

/// How the key is written. Adyen hands out hexadecimal digits; a secret of the host's own making, as a source for
/// trying things out has it, is `whsec_` and base64.
fn key(input: &Delivery) -> Result<KeyEncoding, Refusal> {
    match request::setting(input, "secret_encoding") {
        None | Some("hex") => Ok(KeyEncoding::Hex),
        Some("base64") => Ok(KeyEncoding::Base64("whsec_".to_owned())),
        Some(_) => Err(unauthenticated("the setting `secret_encoding` is neither `hex` nor `base64`")),
    }
}

/// The signature inside an item.
fn of_item(place: usize, item: &Node<'_>) -> Result<Vec<u8>, Refusal> {
    let text = item.text("additionalData/hmacSignature").ok_or_else(|| {
        unauthenticated(format!(
            "item {place} carries no hmacSignature: generate an HMAC key for the webhook in the Customer Area"
        ))
    })?;
    from_base64(&text).ok_or_else(|| {
        unauthenticated(format!("the hmacSignature of item {place} is not an HMAC-SHA-256 in base64"))
    })
}

/// The signed text: eight fields joined by colons, absent ones empty, nothing escaped (so do Adyen's libraries).
///
/// Without escaping, a colon inside a field could be taken for the next field's beginning, and one signature would
/// fit two readings. Only the merchant's reference may hold one: what stands before and after it is of fixed form.
fn signed(place: usize, item: &Node<'_>) -> Result<String, Refusal> {
    let field = |path| item.scalar(path).unwrap_or_default();
    let before = ["pspReference", "originalReference", "merchantAccountCode"].map(field);
    let reference = field("merchantReference");
    let after = ["amount/value", "amount/currency", "eventCode", "success"].map(field);
    let [value, currency, code, success] = &after;
    let plain = before.iter().all(|field| !field.contains(':'))
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && (currency.is_empty() || money::currency(currency).is_some())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && matches!(success.as_str(), "true" | "false" | "");
    let long = before.iter().chain([&reference]).chain(&after).any(|field| field.len() > FIELD_BYTES);
    if !plain || long {
        return Err(unauthenticated(format!(
            "a signed field of item {place} is not of the form that Adyen sends"
        )));
    }
    let [psp, original, account] = before;
    Ok([psp, original, account, reference, after.join(":")].join(":"))
}

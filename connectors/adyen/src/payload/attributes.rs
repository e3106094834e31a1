//! The further facts that are kept with an event: an allow-list of words from Adyen's own vocabularies. Never a
//! card number, never anything that a person wrote.

use ase_connector_kit::wit::Attribute;
use ase_connector_kit::{event, known};

use super::item::Item;

/// Fields of `additionalData` that are words, and what they are called here.
///
/// Source: <https://docs.adyen.com/development-resources/webhooks/webhook-types/additional-settings>.
const WORDS: [(&str, &str); 16] = [
    ("card_bin", "cardBin"),
    ("card_brand", "cardPaymentMethod"),
    ("card_country", "cardIssuingCountry"),
    ("card_country", "issuerCountry"),
    ("card_funding", "fundingSource"),
    ("device_type", "deviceType"),
    ("dispute_status", "disputeStatus"),
    ("liability_shift", "liabilityShift"),
    ("network_reason_code", "chargebackReasonCode"),
    ("network_reason_code", "nofReasonCode"),
    ("network_reason_code", "rfiReasonCode"),
    ("risk_level", "fraudRiskLevel"),
    ("risk_result", "fraudResultType"),
    ("shopper_country", "shopperCountry"),
    ("shopper_interaction", "shopperInteraction"),
    ("three_d_secure", "threeDAuthenticated"),
];

/// Fields that begin with a code and go on in words: `4 AVS not supported for this card type`.
const CODES: [(&str, &str); 3] =
    [("avs_result", "avsResult"), ("cvc_result", "cvcResult"), ("refusal_code", "refusalReasonRaw")];

/// The facts of an item.
pub(crate) fn attributes(item: &Item<'_, '_>) -> Vec<Attribute> {
    let word = |text: Option<String>| text.as_deref().and_then(known::word);
    let own = [
        ("provider_event", word(Some(item.code.clone()))),
        ("success", event::flag(Some(item.success))),
        ("merchant_account", item.own().word("merchantAccountCode")),
        ("payment_method_type", item.own().word("paymentMethod")),
        ("refusal_reason", refusal(item)),
    ];
    let words = WORDS.iter().map(|(name, field)| (*name, word(item.data(field))));
    let codes = CODES.iter().map(|(name, field)| (*name, code(item.data(field))));
    event::attributes(own.into_iter().chain(words).chain(codes))
}

fn code(text: Option<String>) -> Option<String> {
    known::word(text?.split_whitespace().next()?)
}

/// Why a payment was refused. Of one that succeeded the same field holds the end of the card's number and its
/// expiry, which are nobody's business here.
///
/// Source: <https://docs.adyen.com/development-resources/refusal-reasons>.
fn refusal(item: &Item<'_, '_>) -> Option<String> {
    let reason = item.own().text("reason").filter(|_| !item.success && item.code == "AUTHORISATION")?;
    let plain = reason.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '_' | '/'));
    let joined: String =
        reason.trim().to_ascii_lowercase().chars().map(|c| if c.is_alphabetic() { c } else { '_' }).collect();
    plain.then(|| known::word(&joined)).flatten()
}

//! What the operator of a source may set. Owns the names; never a default that weakens a check.

use crate::bindings::exports::ase::connector::normalizer::Delivery;

/// The one shop that this source accepts, such as `example.myshopify.com`. Shopify signs with the secret of
/// the app, which all shops of that app share, so the signature alone does not say which shop it was.
pub(crate) fn shop_domain(delivery: &Delivery) -> Option<&str> {
    setting(delivery, "shop_domain")
}

/// A provider of risk assessments to leave out: the merchant's own app, where it reports ASE's decisions back
/// to Shopify. Without this the echo would count as somebody else's opinion.
pub(crate) fn own_risk_provider(delivery: &Delivery) -> Option<&str> {
    setting(delivery, "own_risk_provider")
}

fn setting<'a>(delivery: &'a Delivery, name: &str) -> Option<&'a str> {
    let setting = delivery.settings.iter().find(|setting| setting.name == name)?;
    Some(setting.value.trim()).filter(|value| !value.is_empty())
}

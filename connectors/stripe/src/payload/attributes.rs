//! The further facts that are kept with an event: an allow-list of words from Stripe's own vocabularies. Never
//! a card number, never anything that a person wrote.

use ase_connector_kit::time;

use super::card::Card;
use super::known;
use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::Attribute;

/// A name with its value, if there is one.
type Fact<'s> = (&'static str, Option<&'s str>);

/// The facts of a snapshot event.
pub(crate) fn attributes(snapshot: &Snapshot) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    keep(&mut attributes, of_event(snapshot));
    keep(&mut attributes, of_object(snapshot));
    keep(&mut attributes, of_failure(snapshot));
    if let Some(card) = snapshot.object.card() {
        keep(&mut attributes, of_card(card));
    }
    let due_by = snapshot.object.evidence_details.as_ref().and_then(|details| *details.due_by);
    if let Some(due_by) = due_by.and_then(time::from_unix) {
        attributes.push(attribute("evidence_due_by", &due_by));
    }
    attributes
}

/// One fact.
pub(crate) fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: name.to_owned(), value: value.to_owned() }
}

/// Keeps the facts that are known and are words, the first of each name.
fn keep<'s>(attributes: &mut Vec<Attribute>, facts: impl IntoIterator<Item = Fact<'s>>) {
    for (name, value) in facts {
        let Some(value) = value.and_then(known::word) else { continue };
        if !attributes.iter().any(|kept| kept.name == name) {
            attributes.push(attribute(name, value));
        }
    }
}

fn flag(value: Option<bool>) -> Option<&'static str> {
    value.map(|value| if value { "true" } else { "false" })
}

fn of_event<'s>(snapshot: &Snapshot<'s>) -> [Fact<'s>; 3] {
    let change = snapshot.topic.rsplit('.').next().filter(|_| snapshot.is_destination());
    [
        ("provider_event", Some(snapshot.topic)),
        ("connected_account", snapshot.account),
        ("destination_change", change),
    ]
}

fn of_object<'s>(snapshot: &Snapshot<'s>) -> [Fact<'s>; 17] {
    let object = snapshot.object;
    let outcome = object.outcome();
    [
        ("status", object.status.as_deref()),
        ("reason", object.reason.as_deref()),
        ("actionable", flag(*object.actionable)),
        ("automatic", flag(*object.automatic)),
        ("cancellation_reason", object.cancellation_reason.as_deref()),
        ("capture_method", object.capture_method.as_deref()),
        ("captured", flag(*object.captured)),
        ("closed_reason", object.closed_reason.as_deref()),
        ("fraud_type", object.fraud_type.as_deref()),
        ("mode", object.mode.as_deref()),
        ("opened_reason", object.opened_reason.as_deref()),
        ("payment_status", object.payment_status.as_deref()),
        ("payout_method", object.method.as_deref()),
        ("risk_level", outcome.and_then(|outcome| outcome.risk_level.as_deref())),
        ("outcome_type", outcome.and_then(|outcome| outcome.kind.as_deref())),
        ("outcome_reason", outcome.and_then(|outcome| outcome.reason.as_deref())),
        ("network_status", outcome.and_then(|outcome| outcome.network_status.as_deref())),
    ]
}

fn of_failure<'s>(snapshot: &Snapshot<'s>) -> [Fact<'s>; 5] {
    let object = snapshot.object;
    let failure = object.failure();
    let code = || object.inner_charge()?.failure_code.as_deref();
    let reported = || failure?.code.as_deref();
    let details = object.payment_method_details.as_ref();
    [
        ("failure_code", object.failure_code.as_deref().or_else(reported).or_else(code)),
        ("decline_code", failure.and_then(|failure| failure.decline_code.as_deref())),
        (
            "network_decline_code",
            object.outcome().and_then(|outcome| outcome.network_decline_code.as_deref()),
        ),
        ("network_reason_code", object.network_reason_code.as_deref()),
        ("payment_method_type", details.and_then(|details| details.kind.as_deref())),
    ]
}

fn of_card<'s>(card: &'s Card) -> [Fact<'s>; 10] {
    let checks = card.checks.as_ref();
    let cvc = checks.and_then(|checks| checks.cvc_check.as_deref());
    let line = checks.and_then(|checks| checks.address_line1_check.as_deref());
    let postal = checks.and_then(|checks| checks.address_postal_code_check.as_deref());
    [
        ("card_brand", card.brand.as_deref()),
        ("card_country", card.country.as_deref()),
        ("card_funding", card.funding.as_deref()),
        ("card_wallet", card.wallet.as_ref().and_then(|wallet| wallet.kind.as_deref())),
        ("case_type", card.case_type.as_deref()),
        ("network_reason_code", card.network_reason_code.as_deref()),
        ("three_d_secure", card.three_d_secure.as_ref().and_then(|verdict| verdict.result.as_deref())),
        ("cvc_check", cvc.or(card.cvc_check.as_deref())),
        ("address_line1_check", line.or(card.address_line1_check.as_deref())),
        ("address_postal_code_check", postal.or(card.address_zip_check.as_deref())),
    ]
}

//! The other things that an event is about, by which events of one purchase or one person find each other.

use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::Link;

/// The neutral name of one of Stripe's kinds of object.
pub(crate) fn link_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "account" => "account",
        "bank_account" | "card" | "payment_method" | "source" => "payment_method",
        "charge" => "charge",
        "checkout.session" => "checkout",
        "customer" => "customer",
        "dispute" => "dispute",
        "mandate" => "mandate",
        "payment_intent" => "payment",
        "payout" => "payout",
        "radar.early_fraud_warning" => "fraud_warning",
        "refund" => "refund",
        "review" => "review",
        "setup_intent" => "setup_intent",
        "transfer" => "transfer",
        _ => return None,
    })
}

/// Every id that can be linked: the object's own, those it names, its card's fingerprint, the shop's order.
pub(crate) fn links(snapshot: &Snapshot) -> Vec<Link> {
    let object = snapshot.object;
    let own = object.object.as_deref().and_then(link_type);
    let own = if snapshot.is_destination() { Some("external_account") } else { own };
    let charge = object.inner_charge();
    let refund = || object.refunds.as_ref()?.data.as_ref()?.0.as_ref()?.id.get();
    let payout = snapshot.is_of("payout.");
    let method = object.payment_method.id().or_else(|| object.failure()?.payment_method.id());
    let found = [
        (own, object.id.get()),
        (Some("payment"), object.payment_intent.id().or_else(|| charge?.payment_intent.id())),
        (Some("charge"), object.charge_id()),
        (Some("customer"), object.customer.id().or_else(|| charge?.customer.id())),
        (Some("customer"), snapshot.previous.and_then(|previous| previous.customer.get())),
        (Some("payment_method"), method),
        (Some("card"), object.card_fingerprint()),
        (Some("dispute"), object.dispute.id()),
        (Some("review"), object.review.id()),
        (Some("refund"), refund()),
        (Some("setup_intent"), object.setup_intent.id()),
        (Some("mandate"), object.mandate.id()),
        (Some("invoice"), object.invoice.id()),
        (Some("subscription"), object.subscription.id()),
        (Some("external_account"), object.destination.id().filter(|_| payout)),
        (Some("order"), object.metadata.as_ref().and_then(|keys| keys.order_id.get())),
        (Some("reference"), object.client_reference_id.get()),
    ];
    let mut links: Vec<Link> = Vec::new();
    for (type_, id) in found.into_iter().filter_map(|(type_, id)| type_.zip(id)) {
        if !links.iter().any(|link| link.type_ == type_ && link.id == id) {
            links.push(Link { type_: type_.to_owned(), id: id.to_owned() });
        }
    }
    links
}

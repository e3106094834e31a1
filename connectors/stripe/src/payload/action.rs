//! What is about to happen or has happened: the amount and where it goes.

use super::description;
use super::known;
use super::money;
use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::{Action, Destination, Money};

/// The action of an event; none when there is nothing to say of it.
pub(crate) fn action(snapshot: &Snapshot) -> Option<Action> {
    let amount = amount(snapshot);
    let destination = destination(snapshot);
    let description = description::sentence(snapshot, amount.as_ref(), destination.as_ref());
    let known = description.is_some() || amount.is_some() || destination.is_some();
    known.then_some(Action { description, amount, balance: None, destination })
}

/// How much: what was captured or refunded by this event where it says so, else the object's amount.
fn amount(snapshot: &Snapshot) -> Option<Money> {
    let object = snapshot.object;
    let minor = match snapshot.topic {
        "charge.captured" => object.amount_captured.or(*object.amount),
        "charge.refunded" => {
            let before = snapshot.previous.and_then(|previous| *previous.amount_refunded).unwrap_or(0);
            object.amount_refunded.and_then(|refunded| refunded.checked_sub(before))
        }
        _ => object.amount.or(*object.amount_total),
    };
    money::money(minor?, object.currency.as_deref()?)
}

/// Where money goes: the bank account or card itself, or the one that a payout or transfer names.
fn destination(snapshot: &Snapshot) -> Option<Destination> {
    let object = snapshot.object;
    if snapshot.is_destination() {
        let fingerprint = object.fingerprint.as_deref();
        let bank = object.bank_name.as_deref().or(object.brand.as_deref());
        let id = destination_id(object.object.as_deref(), fingerprint, object.id.get())?;
        return Some(known_destination(id, label(bank, object.last4.as_deref())));
    }
    if !snapshot.is_of("payout.") && !snapshot.is_of("transfer.") {
        return None;
    }
    let payee = object.destination.expanded();
    let fingerprint = payee.and_then(|payee| payee.fingerprint.as_deref());
    let kind = payee.and_then(|payee| payee.object.as_deref());
    let bank = payee.and_then(|payee| payee.bank_name.as_deref().or(payee.brand.as_deref()));
    let last = payee.and_then(|payee| payee.last4.as_deref());
    let id = destination_id(kind, fingerprint, object.destination.id())?;
    Some(known_destination(id, label(bank, last)))
}

/// The fingerprint stays the same when an account number is removed and entered again, the id does not.
fn destination_id(kind: Option<&str>, fingerprint: Option<&str>, id: Option<&str>) -> Option<String> {
    let fingerprint = fingerprint.filter(|print| known::is_id(print));
    match (kind, fingerprint) {
        (Some("bank_account"), Some(print)) => Some(format!("bank:{print}")),
        (Some("card"), Some(print)) => Some(format!("card:{print}")),
        _ => id.map(str::to_owned),
    }
}

fn known_destination(id: String, label: Option<String>) -> Destination {
    Destination { id, label, created_at: None, name_match: None }
}

/// What a person may see of an account or card: `STRIPE TEST BANK •••• 3000`.
pub(crate) fn label(bank: Option<&str>, last: Option<&str>) -> Option<String> {
    let bank = bank.and_then(known::name);
    let digits = last.and_then(known::last_digits).map(|last| format!("•••• {last}"));
    match (bank, digits) {
        (Some(bank), Some(digits)) => Some(format!("{bank} {digits}")),
        (bank, digits) => bank.or(digits),
    }
}

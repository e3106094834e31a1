//! Whose account an event touches.

use ase_connector_kit::time;

use super::known;
use super::object::Object;
use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::Subject;

/// The subject with everything that Stripe knows of it.
pub(crate) fn subject(snapshot: &Snapshot) -> Subject {
    let object = snapshot.object;
    Subject {
        id: id(snapshot),
        email: email(snapshot).map(str::to_owned),
        phone: phone(snapshot),
        name: name(object),
        created_at: created_at(object),
        locale: locale(object).map(str::to_owned),
    }
}

/// The id of a thing by its kind in Stripe's words, for subjects who have no account.
pub(crate) fn of_thing(kind: &str, id: &str) -> String {
    format!("{kind}:{id}")
}

/// The connected account for what happens to its own money, else the customer, else the card, which stays
/// the same over a guest's purchases, else the object itself.
fn id(snapshot: &Snapshot) -> String {
    let object = snapshot.object;
    if let Some(owner) = owner(snapshot) {
        return owner.to_owned();
    }
    let expanded = || object.inner_charge()?.customer.id();
    let of_method = || object.inner_method()?.customer.id();
    let detached = || snapshot.previous?.customer.get();
    let customer = object.customer.id().or_else(expanded).or_else(of_method).or_else(detached);
    if let Some(customer) = customer {
        return customer.to_owned();
    }
    if let Some(fingerprint) = object.card_fingerprint() {
        return of_thing("card", fingerprint);
    }
    let kind = object.object.as_deref().and_then(known::word).unwrap_or("object");
    object.id.get().map_or_else(|| of_thing("event", snapshot.id), |id| of_thing(kind, id))
}

/// The account whose own affair the event is.
fn owner<'s>(snapshot: &'s Snapshot) -> Option<&'s str> {
    let object = snapshot.object;
    if snapshot.is_destination() {
        object.account.get().or(snapshot.account).or(Some("self"))
    } else if snapshot.is_of("payout.") || snapshot.kind == "source.removed" {
        snapshot.account.or(Some("self"))
    } else if snapshot.is_of("transfer.") {
        object.destination.id()
    } else if snapshot.is_of("account.") || snapshot.kind == "merchant.updated" {
        object.id.get()
    } else {
        None
    }
}

/// The address that Stripe holds for the subject. Of a changed address the former one counts: whoever changed
/// it may own the new one, and must not be the one who is asked.
fn email<'s>(snapshot: &'s Snapshot) -> Option<&'s str> {
    let object = snapshot.object;
    let former = snapshot.previous.and_then(|previous| previous.email.as_deref());
    let customer = object.customer.expanded().or_else(|| object.inner_charge()?.customer.expanded());
    [former, object.email.as_deref(), customer.and_then(|customer| customer.email.as_deref())]
        .into_iter()
        .chain(object.billing().map(|contact| contact.email.as_deref()))
        .chain([
            object.receipt_email.as_deref(),
            object.inner_charge().and_then(|charge| charge.receipt_email.as_deref()),
            object.customer_email.as_deref(),
        ])
        .flatten()
        .find_map(known::email)
}

/// The telephone number, by the same rule.
fn phone(snapshot: &Snapshot) -> Option<String> {
    let object = snapshot.object;
    let former = snapshot.previous.and_then(|previous| previous.phone.as_deref());
    let customer = object.customer.expanded().and_then(|customer| customer.phone.as_deref());
    [former, object.phone.as_deref(), customer]
        .into_iter()
        .chain(object.billing().map(|contact| contact.phone.as_deref()))
        .flatten()
        .find_map(known::phone)
}

fn name(object: &Object) -> Option<String> {
    let customer = object.customer.expanded().and_then(|customer| customer.name.as_deref());
    [object.name.as_deref(), customer]
        .into_iter()
        .chain(object.billing().map(|contact| contact.name.as_deref()))
        .flatten()
        .find_map(known::name)
}

/// When the customer or the connected account was made; other objects' age says nothing of the person.
fn created_at(object: &Object) -> Option<String> {
    let own = (object.is("customer") || object.is("account")).then_some(*object.created).flatten();
    let customer = || *object.customer.expanded()?.created;
    own.or_else(customer).and_then(time::from_unix)
}

fn locale<'o>(object: &'o Object) -> Option<&'o str> {
    let customer = object.customer.expanded().and_then(|customer| customer.preferred_locales.as_ref());
    let preferred = object.preferred_locales.as_ref().or(customer);
    let preferred = preferred.and_then(|locales| locales.0.as_deref());
    preferred.or(object.locale.as_deref()).and_then(known::locale)
}

//! An event of the interface as the engine's `Draft`.

use ase_engine::event::{
    Draft, DraftAction, DraftAddress, DraftChange, DraftDestination, DraftDevice, DraftLink, DraftMoney,
    DraftSignal, DraftSubject,
};

use super::super::Fault;
use super::super::bindings::{Action, Address, Destination, Device, Event, Money, NameMatch, Subject};
use super::text::Budget;

/// Carries every field over; numbers that are not finite are unknown.
pub(super) fn draft(event: Event, budget: &mut Budget) -> Result<Draft, Fault> {
    Ok(Draft {
        id: Some(budget.text(event.id)?),
        event_type: Some(budget.text(event.type_)?),
        occurred_at: budget.maybe(event.occurred_at)?,
        subject: subject(event.subject, budget)?,
        action: event.action.map(|it| action(it, budget)).transpose()?,
        device: event.device.map(|it| device(it, budget)).transpose()?,
        billing: event.billing.map(|it| address(it, budget)).transpose()?,
        shipping: event.shipping.map(|it| address(it, budget)).transpose()?,
        links: budget.list("links", event.links, |budget, link| {
            Ok(DraftLink { link_type: budget.text(link.type_)?, id: budget.text(link.id)? })
        })?,
        signals: budget
            .list("signals", event.signals, |budget, signal| Ok((budget.text(signal.name)?, signal.score)))?
            .into_iter()
            .filter(|(_, score)| score.is_finite())
            .map(|(name, score)| DraftSignal { name, score })
            .collect(),
        changes: budget.list("changes", event.changes, |budget, change| {
            Ok(DraftChange { field: budget.text(change.field)? })
        })?,
        attributes: budget
            .list("attributes", event.attributes, |budget, attribute| {
                Ok((budget.text(attribute.name)?, serde_json::Value::String(budget.text(attribute.value)?)))
            })?
            .into_iter()
            .collect(),
        test: event.test,
        return_url: budget.maybe(event.return_url)?,
    })
}

fn subject(subject: Subject, budget: &mut Budget) -> Result<DraftSubject, Fault> {
    Ok(DraftSubject {
        id: Some(budget.text(subject.id)?),
        email: budget.maybe(subject.email)?,
        phone: budget.maybe(subject.phone)?,
        name: budget.maybe(subject.name)?,
        created_at: budget.maybe(subject.created_at)?,
        locale: budget.maybe(subject.locale)?,
    })
}

fn action(action: Action, budget: &mut Budget) -> Result<DraftAction, Fault> {
    Ok(DraftAction {
        description: budget.maybe(action.description)?,
        amount: action.amount.map(|it| money(it, budget)).transpose()?,
        balance: action.balance.map(|it| money(it, budget)).transpose()?,
        destination: action.destination.map(|it| destination(it, budget)).transpose()?,
    })
}

fn money(money: Money, budget: &mut Budget) -> Result<DraftMoney, Fault> {
    Ok(DraftMoney { value: budget.text(money.value)?, currency: budget.text(money.currency)? })
}

fn destination(destination: Destination, budget: &mut Budget) -> Result<DraftDestination, Fault> {
    let name_match = destination.name_match.map(|found| match found {
        NameMatch::None => "none",
        NameMatch::Close => "close",
        NameMatch::Full => "full",
    });
    Ok(DraftDestination {
        id: Some(budget.text(destination.id)?),
        label: budget.maybe(destination.label)?,
        created_at: budget.maybe(destination.created_at)?,
        name_match: name_match.map(str::to_owned),
    })
}

fn device(device: Device, budget: &mut Budget) -> Result<DraftDevice, Fault> {
    Ok(DraftDevice {
        id: budget.maybe(device.id)?,
        ip: budget.maybe(device.ip)?,
        user_agent: budget.maybe(device.user_agent)?,
        country: budget.maybe(device.country)?,
        latitude: device.latitude.filter(|degrees| degrees.is_finite()),
        longitude: device.longitude.filter(|degrees| degrees.is_finite()),
        session_started_at: budget.maybe(device.session_started_at)?,
        flags: budget.list("flags", device.flags, Budget::text)?,
    })
}

fn address(address: Address, budget: &mut Budget) -> Result<DraftAddress, Fault> {
    Ok(DraftAddress { country: budget.maybe(address.country)? })
}

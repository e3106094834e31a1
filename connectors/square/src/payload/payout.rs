//! Where the seller's money goes: bank accounts and payouts.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/BankAccount> and
//! <https://developer.squareup.com/reference/square/objects/Payout>.

use ase_connector_kit::wit::{Destination, Event, Refusal};
use ase_connector_kit::{Node, event, known};

use super::attributes::attributes;
use super::description;
use super::notice::{Notice, thing};

/// A bank account that was linked, verified or switched off. Linked by a buyer it is a way to pay; linked by the
/// seller it is where payouts go.
pub(crate) fn bank_account(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let account = notice.object;
    let id = notice.object_id("id")?;
    let customer = account.id("customer_id");
    let neutral = match (customer.is_some(), notice.kind) {
        (false, _) => "payout.destination_changed",
        (true, "bank_account.created") => "payment_method.added",
        (true, "bank_account.disabled") => "payment_method.removed",
        (true, _) => "payment_method.updated",
    };
    let goal = destination(account, &id);
    let sentence = description::sentence(neutral, None, goal.label.as_deref());
    let owner = customer.clone().map_or_else(|| notice.seller(), event::subject);
    let verb = notice.kind.rsplit('.').next().and_then(known::word);
    let facts = attributes(notice, &[("account_type", "account_type"), ("account_country", "country")]);
    let change = event::attributes([("destination_change", verb.filter(|_| customer.is_none()))]);
    let base = notice.event(neutral, owner);
    Ok(Event {
        changes: event::changes(customer.is_none().then_some("payout_destination")),
        action: sentence
            .and_then(|sentence| event::action(sentence, None, customer.is_none().then_some(goal))),
        links: event::links([
            ("external_account", Some(id)),
            ("bank_account", account.id("fingerprint")),
            ("customer", customer),
        ]),
        attributes: facts.into_iter().chain(change).collect(),
        ..base
    })
}

/// Payouts name their account by its id alone, so the id it is here too; the fingerprint, which stays the same when
/// an account is removed and entered again, is a link.
fn destination(account: &Node<'_>, id: &str) -> Destination {
    let last = account.text("account_number_suffix").and_then(|last| known::last_digits(&last));
    let label = known::label(account.name("bank_name"), last);
    event::destination(thing("bank", id), label)
}

/// A payout that was sent, arrived or came back.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let payout = notice.object;
    let id = notice.object_id("id")?;
    let neutral = match notice.kind {
        "payout.paid" => "payout.paid",
        "payout.failed" => "payout.failed",
        _ => "payout.created",
    };
    let kind = payout.word("destination/type").unwrap_or_default().to_ascii_lowercase();
    let account = payout.id("destination/id");
    let goal = account.as_ref().map(|account| {
        let prefix = if kind == "bank_account" { "bank" } else { "account" };
        event::destination(thing(prefix, account), None)
    });
    let amount = notice.money("amount_money");
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let base = notice.event(neutral, notice.seller());
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, goal)),
        links: event::links([("payout", Some(id)), ("external_account", account)]),
        attributes: attributes(notice, &[("payout_type", "type"), ("destination_type", "destination/type")]),
        ..base
    })
}

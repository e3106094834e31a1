//! Webhooks of balance platforms: what happens to the money of an account holder, and where it is to go.
//!
//! Source: <https://docs.adyen.com/api-explorer/balanceplatform-webhooks/2/overview> (sweeps, account holders) and
//! <https://docs.adyen.com/api-explorer/transfer-webhooks/4/overview>.

use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::{Destination, Event, Outcome, Refusal};
use ase_connector_kit::{Node, event, known};

use super::{description, item, sum};

/// What a platform's webhook becomes.
///
/// # Errors
/// `malformed` when it does not say which account it is about.
pub(crate) fn outcome(body: &Node<'_>, live_only: bool) -> Result<Outcome, Refusal> {
    let kind = body.word("type").unwrap_or_default();
    if live_only && is_test(body) {
        return Ok(Outcome::Ignored(
            "of the test environment, and the source takes live events only".to_owned(),
        ));
    }
    let ignored = |why: &str| Ok(Outcome::Ignored(format!("type {kind} is of no concern{why}")));
    let (family, verb) =
        kind.strip_prefix("balancePlatform.").and_then(|rest| rest.split_once('.')).unwrap_or_default();
    match (family, verb) {
        // A sweep that pulls brings money in; only one that pushes says where money goes.
        ("balanceAccountSweep", _) if body.text("data/sweep/type").as_deref() == Some("pull") => {
            ignored(": the sweep brings money in")
        }
        ("balanceAccountSweep", "created" | "updated" | "deleted") => sweep(body, &kind, verb),
        ("accountHolder", "created") => holder(body, &kind, "merchant.created"),
        ("accountHolder", "updated") => holder(body, &kind, "merchant.updated"),
        ("transfer", "created" | "updated") if is_payout(body) => transfer(body, &kind),
        ("transfer", "created" | "updated") => ignored(": the money does not leave to a bank account"),
        _ => ignored(""),
    }
}

fn is_test(body: &Node<'_>) -> bool {
    body.text("environment").as_deref() == Some("test")
}

/// A transfer out of the platform to somebody's bank account.
fn is_payout(body: &Node<'_>) -> bool {
    body.text("data/category").as_deref() == Some("bank")
        && body.text("data/direction").as_deref() == Some("outgoing")
}

/// A rule that sends an account's money on.
fn sweep(body: &Node<'_>, kind: &str, verb: &str) -> Result<Outcome, Refusal> {
    let account = required(body, "data/accountId")?;
    let sweep = required(body, "data/sweep/id")?;
    let to = |field: &str| body.id(&format!("data/sweep/counterparty/{field}"));
    let instrument =
        to("transferInstrumentId").map(|id| event::destination(bounded("instrument", &id), None));
    let inner = || to("balanceAccountId").map(|id| event::destination(bounded("balance_account", &id), None));
    let goal = instrument.or_else(inner);
    let event = Event {
        links: event::links([("sweep", Some(sweep.clone())), ("balance_account", Some(account.clone()))]),
        changes: event::changes(["payout_destination"]),
        attributes: event::attributes([
            ("provider_event", known::word(kind)),
            ("destination_change", known::word(verb)),
            ("status", body.word("data/sweep/status")),
        ]),
        ..draft(body, "payout.destination_changed", kind, &sweep, &account, goal)
    };
    Ok(Outcome::Events(vec![event]))
}

fn holder(body: &Node<'_>, kind: &str, neutral: &str) -> Result<Outcome, Refusal> {
    let account = required(body, "data/accountHolder/id")?;
    let event = Event {
        links: event::links([("legal_entity", body.id("data/accountHolder/legalEntityId"))]),
        attributes: event::attributes([
            ("provider_event", known::word(kind)),
            ("status", body.word("data/accountHolder/status")),
        ]),
        ..draft(body, neutral, kind, &account, &account, None)
    };
    Ok(Outcome::Events(vec![event]))
}

fn transfer(body: &Node<'_>, kind: &str) -> Result<Outcome, Refusal> {
    let transfer = required(body, "data/id")?;
    let account = body.id("data/accountHolder/id").or_else(|| body.id("data/balanceAccount/id"));
    let account =
        account.ok_or_else(|| malformed("the transfer is of no account", Some("/data/accountHolder/id")))?;
    let goal = payee(body);
    let neutral = progress(body.text("data/status").as_deref(), kind);
    let event = Event {
        links: event::links([
            ("transfer", Some(transfer.clone())),
            ("balance_account", body.id("data/balanceAccount/id")),
            ("reference", body.id("data/reference")),
        ]),
        attributes: event::attributes([
            ("provider_event", known::word(kind)),
            ("status", body.word("data/status")),
            ("reason", body.word("data/reason")),
        ]),
        ..draft(body, neutral, kind, &transfer, &account, goal)
    };
    Ok(Outcome::Events(vec![event]))
}

/// How far a transfer has come.
fn progress(status: Option<&str>, kind: &str) -> &'static str {
    match (status, kind.ends_with("created")) {
        (Some("booked" | "credited"), _) => "payout.paid",
        (Some("failed" | "returned" | "refused" | "error"), _) => "payout.failed",
        (_, true) => "payout.created",
        (_, false) => "payout.updated",
    }
}

/// Where a transfer goes: a bank account by its number, or one that the platform knows as an instrument.
fn payee(body: &Node<'_>) -> Option<Destination> {
    let bank = body.id("data/counterparty/bankAccount/accountIdentification/iban");
    let instrument = || body.id("data/counterparty/transferInstrumentId");
    let known = |id: String| event::destination(bounded("instrument", &id), None);
    bank.map(|iban| item::bank(&iban)).or_else(|| instrument().map(known))
}

/// What every event of a platform has. These webhooks carry no id of their own: the thing, its version and the time
/// stand in for it.
fn draft(
    body: &Node<'_>,
    neutral: &str,
    kind: &str,
    thing: &str,
    account: &str,
    goal: Option<Destination>,
) -> Event {
    let moment =
        ["timestamp", "data/updatedAt", "data/creationDate"].into_iter().find_map(|path| body.time(path));
    let version = body.word("data/sequenceNumber").or_else(|| body.word("data/status"));
    let id = [Some(kind.to_owned()), Some(thing.to_owned()), version, moment.clone()];
    let id: Vec<String> = id.into_iter().flatten().collect();
    let data = body.at("data").unwrap_or(body);
    let amount = sum::amount(data);
    let label = goal.as_ref().and_then(|goal| goal.label.clone());
    let sentence = description::sentence(neutral, amount.as_ref(), label.as_deref());
    Event {
        occurred_at: moment,
        action: sentence.and_then(|sentence| event::action(sentence, amount, goal)),
        test: is_test(body),
        ..event::event(bounded_id(&id), neutral, event::subject(account.to_owned()))
    }
}

fn required(body: &Node<'_>, path: &str) -> Result<String, Refusal> {
    body.id(path)
        .ok_or_else(|| malformed("the webhook does not say what it is about", Some(&format!("/{path}"))))
}

fn bounded_id(parts: &[String]) -> String {
    known::clip(parts.join(":"))
}

fn bounded(kind: &str, id: &str) -> String {
    known::clip(format!("{kind}:{id}"))
}

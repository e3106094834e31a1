//! Bodies as the provider documents and sends them. They are read in place and never part of the project; where
//! they are missing, these tests say so in one line and pass.

use std::path::PathBuf;

use serde::Deserialize;

use super::{delivery, headers};
use crate::{
    bindings::exports::ase::connector::normalizer::{Attribute, Delivery, Event, Link, Outcome, Signal},
    payload,
    topic::{Kind, Topic},
};

#[derive(Deserialize)]
struct Entry {
    file: String,
    provider: String,
    topic: String,
}

/// One body and the topic it came under.
pub(super) struct Fixture {
    pub(super) file: String,
    pub(super) topic: String,
    pub(super) body: Vec<u8>,
}

pub(super) fn read(file: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    let bytes = std::fs::read(folder.join(file));
    if bytes.is_err() {
        eprintln!("skipped: no {file} in `{}` (set ASE_FIXTURES)", folder.display());
    }
    bytes.ok()
}

/// Every body of this provider; empty where the folder is missing.
pub(super) fn all() -> Vec<Fixture> {
    let Some(text) = read("manifest.json") else { return Vec::new() };
    let entries: Vec<Entry> = serde_json::from_slice(&text).unwrap();
    let own = entries.into_iter().filter(|entry| entry.provider == "shopify");
    own.map(|entry| Fixture { body: read(&entry.file).unwrap(), file: entry.file, topic: entry.topic })
        .collect()
}

pub(super) fn under(topic: &str, body: &[u8]) -> Delivery {
    let list = headers(&[
        ("x-shopify-hmac-sha256", "c2lnbmF0dXJl"),
        ("x-shopify-topic", topic),
        ("x-shopify-shop-domain", "ase-fixture.myshopify.com"),
        ("x-shopify-webhook-id", "wh-1"),
        ("x-shopify-triggered-at", "2026-08-20T12:00:00.000000000Z"),
    ]);
    delivery(list, body)
}

pub(super) fn event(topic: &str, body: &[u8]) -> Event {
    match payload::normalize(&under(topic, body)).unwrap() {
        Outcome::Events(events) => events.into_iter().next().unwrap(),
        other => panic!("no event but {other:?}"),
    }
}

pub(super) fn attribute<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    let found = event.attributes.iter().find(|attribute| attribute.name == name);
    found.map(|Attribute { value, .. }| value.as_str())
}

pub(super) fn link<'a>(event: &'a Event, kind: &str) -> Vec<&'a str> {
    let found = event.links.iter().filter(|link| link.type_ == kind);
    found.map(|Link { id, .. }| id.as_str()).collect()
}

pub(super) fn signals(event: &Event) -> Vec<(&str, f64)> {
    event.signals.iter().map(|Signal { name, score }| (name.as_str(), *score)).collect()
}

pub(super) fn amount(event: &Event) -> Option<(&str, &str)> {
    let amount = event.action.as_ref()?.amount.as_ref()?;
    Some((amount.value.as_str(), amount.currency.as_str()))
}

fn sentence(event: &Event) -> &str {
    event.action.as_ref().and_then(|action| action.description.as_deref()).unwrap_or_default()
}

/// The event of a fixture, under the topic it came with.
fn of(fixtures: &[Fixture], file: &str) -> Event {
    let fixture = fixtures.iter().find(|fixture| fixture.file.ends_with(file)).unwrap();
    event(&fixture.topic, &fixture.body)
}

#[test]
fn every_body_becomes_its_event_or_is_ignored_with_a_reason() {
    for fixture in all() {
        let outcome = payload::normalize(&under(&fixture.topic, &fixture.body));
        let topic = Topic::find(&fixture.topic);
        match outcome.unwrap_or_else(|refusal| panic!("{}: {refusal:?}", fixture.file)) {
            Outcome::Events(events) => {
                let [event] = events.as_slice() else { panic!("{}: one event", fixture.file) };
                let topic = topic.unwrap();
                let refined = topic.kind == Kind::Transaction && event.type_.starts_with("payment.");
                assert!(event.type_ == topic.event || refined, "{}", fixture.file);
                assert_eq!(event.id, "wh-1", "{}", fixture.file);
                assert!(!event.subject.id.is_empty() && !event.subject.id.contains('@'), "{}", fixture.file);
                assert!(event.occurred_at.is_some(), "{}", fixture.file);
            }
            Outcome::Ignored(reason) => {
                let summary = topic.is_some_and(|topic| topic.kind == Kind::PurchasingSummary);
                let nameless = topic.is_some_and(|topic| topic.kind == Kind::RiskAssessment);
                assert!(topic.is_none() || summary || nameless, "{}: {reason}", fixture.file);
            }
            Outcome::Reply(_) => panic!("{}: nothing to reply", fixture.file),
        }
    }
}

#[test]
fn risky_order_keeps_every_fact_that_risk_looks_at() {
    let fixtures = all();
    if fixtures.is_empty() {
        return;
    }
    let event = of(&fixtures, "orders_create.2026-04.risk-mismatch.assembled.json");
    assert_eq!(event.type_, "order.created");
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T11:59:58-04:00"));
    assert_eq!(event.subject.id, "115310627314723954");
    assert_eq!(event.subject.email.as_deref(), Some("fresh.account.9931@example.net"));
    assert_eq!(event.subject.name.as_deref(), Some("John Smith"));
    assert_eq!(event.subject.created_at.as_deref(), Some("2026-08-20T11:58:31-04:00"));
    assert_eq!(event.subject.locale.as_deref(), Some("en"));
    assert_eq!(amount(&event), Some(("2419.00", "USD")));
    assert_eq!(sentence(&event), "Order #2042 for 2419.00 USD");
    let device = event.device.as_ref().unwrap();
    assert_eq!(device.ip.as_deref(), Some("203.0.113.77"));
    assert!(device.user_agent.as_ref().unwrap().starts_with("Mozilla/5.0"));
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("US"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert_eq!(link(&event, "order"), ["5847392847111"]);
    assert_eq!(link(&event, "customer"), ["115310627314723954"]);
    let facts = [
        ("gift_card_share", Some("0.88")),
        ("item_count", Some("9")),
        ("financial_status", Some("authorized")),
        ("gateway", Some("shopify_payments")),
        ("source_name", Some("web")),
        ("discount_count", Some("1")),
        ("cancel_reason", None),
        ("verified_email", Some("false")),
        ("contact_email_differs", Some("false")),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), value, "{name}");
    }
    assert!(!event.test && event.signals.is_empty() && event.changes.is_empty());
}

#[test]
fn order_ids_survive_and_what_is_null_is_absent() {
    let fixtures = all();
    if fixtures.is_empty() {
        return;
    }
    let event = of(&fixtures, "shopify/orders_create.2026-04.json");
    assert_eq!(link(&event, "order"), ["820982911946154508"]);
    assert_eq!(event.subject.id, "115310627314723954");
    // The account's own address goes before the one typed in for the order, jon@example.com.
    assert_eq!(event.subject.email.as_deref(), Some("john@example.com"));
    assert_eq!(attribute(&event, "contact_email_differs"), Some("true"));
    assert_eq!((event.subject.phone, event.subject.created_at, event.device), (None, None, None));
    assert!(event.test);
    let cancelled = of(&fixtures, "orders_cancelled.2026-04.json");
    assert_eq!(cancelled.type_, "order.cancelled");
    assert_eq!(sentence(&cancelled), "Cancellation of order #9999 for 404.95 USD");
    let large = of(&fixtures, "orders_create.2026-04.large.assembled.json");
    assert_eq!((link(&large, "order"), amount(&large)), (vec!["5911946154508"], Some(("404.95", "USD"))));
}

#[test]
fn masked_bodies_pass_with_their_unreadable_fields_absent() {
    for fixture in all().iter().filter(|fixture| fixture.file.contains(".anon")) {
        let event = event(&fixture.topic, &fixture.body);
        assert_eq!(amount(&event), None, "{}", fixture.file);
        assert_eq!((event.subject.created_at.as_deref(), event.subject.locale.as_deref()), (None, None));
        assert_eq!((&event.billing, &event.shipping), (&None, &None), "{}", fixture.file);
        assert_eq!(attribute(&event, "gift_card_share"), None, "{}", fixture.file);
        assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00.000000000Z"));
    }
}

#[test]
fn payments_refunds_disputes_and_edits_hang_on_their_order() {
    let fixtures = all();
    if fixtures.is_empty() {
        return;
    }
    let payment = of(&fixtures, "order_transactions_create.2026-04.json");
    assert_eq!((payment.type_.as_str(), amount(&payment)), ("payment.authorized", Some(("419.95", "USD"))));
    assert_eq!(payment.subject.id, "order:820982911946154500");
    assert_eq!(
        (link(&payment, "transaction"), link(&payment, "payment")),
        (vec!["120560818172775265"], vec!["#9999.1"])
    );
    assert!(payment.signals.is_empty(), "null codes say nothing");
    let refund = of(&fixtures, "refunds_create.2026-04.json");
    assert_eq!((amount(&refund), sentence(&refund)), (Some(("85.00", "USD")), "Refund of 85.00 USD"));
    assert_eq!(link(&refund, "transaction"), ["245135271310201194", "839212141605670573"]);
    assert_eq!(link(&refund, "payment"), ["#9999."]);
    assert_eq!(
        (attribute(&refund, "item_count"), attribute(&refund, "staff_id")),
        (Some("5"), Some("548380009"))
    );
    let dispute = of(&fixtures, "disputes_create.2026-04.json");
    assert_eq!(signals(&dispute), [("shopify.dispute_fraudulent", 90.0)]);
    assert_eq!(sentence(&dispute), "Dispute over 11.50 CAD");
    assert_eq!(link(&dispute, "dispute"), ["285332461850802050"]);
    let edit = of(&fixtures, "orders_edited.2026-04.json");
    assert_eq!((attribute(&edit, "items_added"), attribute(&edit, "items_removed")), (Some("1"), Some("1")));
    assert_eq!(edit.subject.id, "order:820982911946154500");
}

#[test]
fn accounts_keep_who_they_are() {
    let fixtures = all();
    if fixtures.is_empty() {
        return;
    }
    let created = of(&fixtures, "customers_create.2026-04.json");
    assert_eq!(
        (created.type_.as_str(), created.subject.id.as_str()),
        ("account.created", "706405506930370084")
    );
    assert_eq!(created.subject.email.as_deref(), Some("bob@biller.com"));
    assert_eq!(created.subject.created_at.as_deref(), Some("2021-12-31T19:00:00-05:00"));
    let updated = of(&fixtures, "customers_update.2024-10.hkd.json");
    assert_eq!((updated.type_.as_str(), updated.changes.len()), ("account.updated", 0));
    let tagged = of(&fixtures, "customer_tags_added.2026-04.json");
    assert_eq!((tagged.subject.id.as_str(), attribute(&tagged, "tags_added")), ("1", Some("2")));
    let checkout = of(&fixtures, "checkouts_create.2026-04.json");
    assert_eq!(
        (checkout.subject.id.as_str(), amount(&checkout)),
        ("603851970716743426", Some(("421.88", "USD")))
    );
    assert_eq!((link(&checkout, "checkout"), link(&checkout, "cart").len()), (vec!["123123123"], 1));
    let draft = of(&fixtures, "draft_orders_update.2026-07.restdoc.json");
    assert_eq!(draft.subject.phone.as_deref(), Some("+16136120707"));
    assert_eq!(link(&draft, "order"), ["1073459985"]);
}

#[test]
fn privacy_requests_name_the_person_and_the_shop() {
    let fixtures = all();
    if fixtures.is_empty() {
        return;
    }
    let asked = of(&fixtures, "customers_data_request.2026-04.json");
    assert_eq!((asked.type_.as_str(), asked.subject.id.as_str()), ("privacy.data_requested", "191167"));
    assert_eq!(link(&asked, "order"), ["299938", "280263", "220458"]);
    let erased = of(&fixtures, "customers_redact.2026-04.json");
    assert_eq!((erased.type_.as_str(), erased.subject.id.as_str()), ("privacy.erasure_requested", "191167"));
    let shop = of(&fixtures, "shop_redact.2026-04.json");
    assert_eq!(shop.type_, "privacy.erasure_requested");
    assert_eq!(shop.subject.id, "shop:ase-fixture.myshopify.com");
    let removed = of(&fixtures, "app_uninstalled.2026-04.json");
    assert_eq!(
        (removed.type_.as_str(), removed.subject.id.as_str()),
        ("source.removed", "shop:ase-fixture.myshopify.com")
    );
    assert_eq!(removed.subject.email, None);
}

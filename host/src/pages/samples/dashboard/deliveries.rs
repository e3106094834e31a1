//! The inbox in its states.

use super::{HOSTILE, Shown, at, base, hostile_base};
use crate::intake::{DeliveryView, RequestView};
use crate::pages::dashboard::{
    DeliveriesPage, DeliveryPage, PreviewView, ReplayPage, Section, SourceOption, StatusTab,
};

fn delivery(status: &str, note: Option<&str>) -> DeliveryView {
    DeliveryView {
        delivery_id: "dlv_2m9x4c7k1v8r".into(),
        source_id: "src_7h2k9d4f1s".into(),
        connector: "acme".into(),
        connector_digest: Some(format!("sha256:{}", "5d41402a".repeat(8))),
        provider_id: Some("evt_1Nv0FGQ9RKHgCVdK".into()),
        secret_id: Some("sec_8d2f".into()),
        body_digest: format!("sha256:{}", "9e107d9d".repeat(8)),
        status: status.into(),
        tries: 0,
        received_at: at(14, 32, 5),
        times_seen: 1,
        seen_at: at(14, 32, 5),
        conflict: false,
        last_error: note.map(str::to_owned),
        request_kept: None,
    }
}

fn hostile() -> DeliveryView {
    DeliveryView {
        delivery_id: HOSTILE.into(),
        source_id: HOSTILE.into(),
        connector: HOSTILE.into(),
        connector_digest: Some(HOSTILE.into()),
        provider_id: Some("x".repeat(255)),
        secret_id: Some(HOSTILE.into()),
        times_seen: 40_000,
        conflict: true,
        ..delivery(HOSTILE, Some(HOSTILE))
    }
}

pub(super) fn show(shown: &mut Shown<'_>) {
    list(shown);
    chosen(shown);
    replay(shown);
    one(shown);
}

fn list(shown: &mut Shown<'_>) {
    let page = |deliveries, status: Option<&str>| DeliveriesPage {
        base: base(Section::Deliveries),
        status: status.map(str::to_owned),
        source_id: None,
        since: None,
        until: None,
        chosen: status.is_some(),
        wrong: None,
        tabs: tabs(status.unwrap_or_default()),
        sources: vec![SourceOption { id: "src_7h2k9d4f1s".into(), name: "Shop".into() }],
        replay_path: None,
        replayed: None,
        deliveries,
        older_path: None,
        newest_path: None,
    };
    let twice = DeliveryView { times_seen: 3, conflict: true, ..delivery("done", None) };
    let all = vec![
        delivery("done", None),
        twice,
        delivery("ignored", Some("topic products/update is of no concern")),
        delivery(
            "deferred",
            Some("the connector ran past its deadline (`limits.deadline_ms` of its manifest)"),
        ),
        delivery("refused", Some("payment.amount is not a number")),
    ];
    shown.page("plain", &DeliveriesPage { older_path: Some("/x".into()), ..page(all, None) });
    shown.page("none_of_them", &page(Vec::new(), Some("failed")));
    shown.page("empty", &page(Vec::new(), None));
    let hostile =
        DeliveriesPage { base: hostile_base(Section::Deliveries), ..page(vec![hostile()], Some(HOSTILE)) };
    shown.page("hostile", &hostile);
}

/// Everything that may be chosen is, and what cannot be.
fn chosen(shown: &mut Shown<'_>) {
    let page = |deliveries: Vec<DeliveryView>| DeliveriesPage {
        base: base(Section::Deliveries),
        status: Some("refused".into()),
        source_id: Some("src_7h2k9d4f1s".into()),
        since: Some(at(9, 0, 0)),
        until: Some(at(15, 0, 0)),
        chosen: true,
        wrong: None,
        tabs: tabs("refused"),
        sources: vec![SourceOption { id: "src_7h2k9d4f1s".into(), name: "Shop".into() }],
        replay_path: Some("/dashboard/deliveries/replay?status=refused".into()),
        replayed: Some(12),
        deliveries,
        older_path: None,
        newest_path: None,
    };
    shown.page("chosen", &page(vec![delivery("refused", Some("payment.amount is not a number"))]));
    let hostile = DeliveriesPage {
        base: hostile_base(Section::Deliveries),
        wrong: Some(HOSTILE.into()),
        sources: vec![SourceOption { id: HOSTILE.into(), name: HOSTILE.into() }],
        replay_path: Some(HOSTILE.into()),
        ..page(Vec::new())
    };
    shown.page("wrong", &hostile);
}

fn tabs(current: &str) -> Vec<StatusTab> {
    let tab = |status: &str| StatusTab {
        status: status.into(),
        path: format!("/dashboard/deliveries?status={status}"),
        current: status == current,
    };
    std::iter::once("").chain(ase_engine::inbox::STATUSES).map(tab).collect()
}

fn replay(shown: &mut Shown<'_>) {
    let page = |count: i64| ReplayPage {
        base: base(Section::Deliveries),
        count,
        all: count < 10_000,
        status: Some("refused".into()),
        source_id: Some("src_7h2k9d4f1s".into()),
        since: None,
        until: Some(at(15, 0, 0)),
        fields: vec![("status", "refused".into()), ("until", "2026-11-22T15:00:00Z".into())],
        back_path: "/dashboard/deliveries?status=refused".into(),
    };
    shown.page("plain", &page(12));
    shown.page("one", &page(1));
    shown.page("many", &page(10_000));
    shown.page("none", &page(0));
    let hostile = ReplayPage {
        base: hostile_base(Section::Deliveries),
        status: Some(HOSTILE.into()),
        source_id: Some(HOSTILE.into()),
        fields: vec![("source_id", HOSTILE.into())],
        back_path: HOSTILE.into(),
        ..page(3)
    };
    shown.page("hostile", &hostile);
}

fn one(shown: &mut Shown<'_>) {
    let read = |outcome: &str, events: Vec<String>, reason: Option<&str>| {
        Some(PreviewView { outcome: outcome.into(), events, reason: reason.map(str::to_owned), newer: false })
    };
    let page = |delivery, preview: Option<PreviewView>| DeliveryPage {
        base: base(Section::Deliveries),
        may_replay: preview.is_some(),
        may_see: preview.is_some(),
        request: None,
        delivery,
        preview,
    };
    let event = "{\n  \"id\": \"evt-1\",\n  \"type\": \"payout.created\"\n}".to_owned();
    shown.page("plain", &page(delivery("done", None), read("events", vec![event], None)));
    let refused = read("refused", Vec::new(), Some("payment.amount is not a number"));
    shown.page("refused", &page(delivery("refused", Some("payment.amount is not a number")), refused));
    shown.page("gone", &page(delivery("done", None), None));
    let sent = |text: &str| RequestView {
        headers: vec![("X-Signature".into(), text.into()), ("Authorization".into(), "***".into())],
        query: text.into(),
        body: Some(text.repeat(20)),
        body_base64: None,
    };
    let seen = page(delivery("ignored", None), read("ignored", Vec::new(), Some("of no concern")));
    let seen = DeliveryPage { may_see: false, request: Some(sent("{\"id\": 1}")), ..seen };
    shown.page("seen", &seen);
    let binary = RequestView { body: None, body_base64: Some("/wAB".into()), ..sent("") };
    shown.page("seen_binary", &DeliveryPage { request: Some(binary), ..seen });
    let newer = read("events", vec![HOSTILE.repeat(20)], Some(HOSTILE));
    let newer = newer.map(|preview| PreviewView { newer: true, ..preview });
    let (base, request) = (hostile_base(Section::Deliveries), Some(sent(HOSTILE)));
    shown.page("hostile", &DeliveryPage { base, request, ..page(hostile(), newer) });
}

//! The inbox in its states.

use super::{HOSTILE, Shown, at, base, hostile_base};
use crate::intake::DeliveryView;
use crate::pages::dashboard::{DeliveriesPage, DeliveryPage, PreviewView, Section};

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
    one(shown);
}

fn list(shown: &mut Shown<'_>) {
    let page = |deliveries, status: Option<&str>| DeliveriesPage {
        base: base(Section::Deliveries),
        status: status.map(str::to_owned),
        statuses: &ase_engine::inbox::STATUSES,
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

fn one(shown: &mut Shown<'_>) {
    let read = |outcome: &str, events: Vec<String>, reason: Option<&str>| {
        Some(PreviewView { outcome: outcome.into(), events, reason: reason.map(str::to_owned), newer: false })
    };
    let page = |delivery, preview: Option<PreviewView>| DeliveryPage {
        base: base(Section::Deliveries),
        may_replay: preview.is_some(),
        delivery,
        preview,
    };
    let event = "{\n  \"id\": \"evt-1\",\n  \"type\": \"payout.created\"\n}".to_owned();
    shown.page("plain", &page(delivery("done", None), read("events", vec![event], None)));
    let refused = read("refused", Vec::new(), Some("payment.amount is not a number"));
    shown.page("refused", &page(delivery("refused", Some("payment.amount is not a number")), refused));
    shown.page("gone", &page(delivery("done", None), None));
    let newer = read("events", vec![HOSTILE.repeat(20)], Some(HOSTILE));
    let newer = newer.map(|preview| PreviewView { newer: true, ..preview });
    shown
        .page("hostile", &DeliveryPage { base: hostile_base(Section::Deliveries), ..page(hostile(), newer) });
}

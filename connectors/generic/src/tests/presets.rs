//! The presets on real bodies of the providers, and the same bodies without any mapping.

use super::given::{self, borrowed, delivery};
use crate::Generic;
use crate::preset::PRESETS;
use crate::wit::{Delivery, Event, Guest, Outcome};

/// The delivery of a public body under its preset; `None` where the bodies are missing.
fn preset(file: &str) -> Option<Delivery> {
    let (_, headers, body) = given::fixtures().into_iter().find(|(name, ..)| name == file)?;
    let settings = given::preset(given::preset_for(file));
    Some(delivery(&borrowed(&headers), &borrowed(&settings), &body))
}

/// One line per event with everything that the presets fill.
fn told(event: &Event) -> String {
    let action = event.action.as_ref();
    let amount = action.and_then(|action| action.amount.as_ref());
    let links = event.links.iter().map(|link| format!("{}={}", link.type_, link.id)).collect::<Vec<_>>();
    let signals = event.signals.iter().map(|signal| format!("{}={}", signal.name, signal.score));
    let attributes = event.attributes.iter().map(|fact| format!("{}={}", fact.name, fact.value));
    let countries = [&event.billing, &event.shipping]
        .map(|address| address.as_ref().and_then(|address| address.country.clone()).unwrap_or_default());
    [
        event.id.clone(),
        event.type_.clone(),
        event.occurred_at.clone().unwrap_or_default(),
        event.subject.id.clone(),
        event.subject.email.clone().unwrap_or_default(),
        event.subject.name.clone().unwrap_or_default(),
        amount.map(|money| format!("{} {}", money.value, money.currency)).unwrap_or_default(),
        countries.join("/"),
        if event.test { "test" } else { "" }.to_owned(),
        links.join(","),
        signals.collect::<Vec<_>>().join(","),
        attributes.collect::<Vec<_>>().join(","),
    ]
    .join(" | ")
}

#[test]
fn every_preset_reads_its_sender() {
    let golden: Vec<_> =
        include_str!("presets.txt").lines().filter_map(|line| line.split_once(": ")).collect();
    assert_eq!(golden.len(), 17);
    for (file, expected) in golden {
        let Some(delivery) = preset(&format!("generic/{file}")) else {
            return;
        };
        let told = match Generic::normalize(delivery) {
            Ok(Outcome::Events(events)) => events.iter().map(told).collect::<Vec<_>>().join(" & "),
            Ok(Outcome::Ignored(reason)) => format!("ignored, {reason}"),
            other => format!("{other:?}"),
        };
        assert_eq!(told, expected, "{file}");
    }
}

#[test]
fn without_a_mapping_every_body_is_accepted_ignored_or_refused_with_a_place() {
    let expected = [
        ("standard-webhooks.contact.created.json", "event contact.created"),
        ("github.push.payload.json", "refused /type"),
        ("github.member.added.json", "refused /type"),
        ("github.secret_scanning_alert.reopened.json", "refused /type"),
        ("github.ping.payload.json", "ignored ping"),
        ("adyen.AUTHORISATION.json", "refused /id"),
        ("paypal.PAYMENT.SALE.COMPLETED.json", "refused /type"),
        ("paypal.CHECKOUT.ORDER.APPROVED.json", "refused /type"),
        ("paypal.VAULT.CREDIT-CARD.CREATED.json", "refused /type"),
        ("checkout.payment_approved.json", "event payment_approved"),
        ("checkout.authentication_approved.json", "refused /data/subject/id"),
        ("paddlebilling.transaction.payment_failed.json", "refused /id"),
        ("bigcommerce.store.order.created.json", "refused /id"),
        ("commercelayer.customers.create.json", "refused /id"),
        ("gitlab.Push_Hook.json", "refused /id"),
        ("woocommerce.coupon.created.json", "refused /type"),
        ("lemonsqueezy.order_created.json", "refused /id"),
    ];
    for (file, headers, body) in given::fixtures() {
        let told = match Generic::normalize(delivery(&borrowed(&headers), &[], &body)) {
            Ok(Outcome::Events(events)) => format!("event {}", events[0].type_),
            Ok(Outcome::Ignored(reason)) => format!("ignored {reason}"),
            Ok(Outcome::Reply(_)) => "reply".to_owned(),
            Err(refusal) => format!("refused {}", refusal.pointer.unwrap()),
        };
        let name = file.trim_start_matches("generic/");
        assert_eq!(
            Some(told.as_str()),
            expected.iter().find(|(file, _)| *file == name).map(|pair| pair.1),
            "{file}"
        );
    }
}

#[test]
fn a_whole_number_amount_of_an_envelope_is_left_alone() {
    for (file, headers, body) in given::fixtures() {
        if file == "generic/checkout.payment_approved.json" {
            let event = given::event(delivery(&borrowed(&headers), &[], &body));
            assert_eq!(event.id, "evt_htpp6niiutrejjz5dov7pm46hy");
            assert_eq!(event.action, None, "88000 may be cents");
        }
    }
}

#[test]
fn every_preset_is_sound_and_told_of() {
    let readme = include_str!("../../README.md");
    for (name, file) in PRESETS {
        assert!(!file.contains('\\'), "{name}: texts are used as they stand, without escapes");
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        let about = file["about"].as_str().unwrap();
        assert!(readme.contains(&format!("| `{name}` | {about} |")), "{name} is not in the README: {about}");
        let settings = [("preset", name)];
        let checked = Generic::normalize(delivery(&[], &settings, b""));
        assert_eq!(checked.unwrap_err().message, "the body is not JSON", "{name}: its settings can be read");
        let said = Generic::authenticate(delivery(&[], &settings, b"")).unwrap_err().message;
        assert!(!said.starts_with("setting "), "{name}: {said}");
    }
}

//! The page of a trial in its states.

use super::{base, hostile_base};
use crate::pages::dashboard::{Section, SettingField, TrialEvent, TrialPage, TrialView};
use crate::pages::samples::{HOSTILE, Shown};

fn setting(name: &str, description: &str, wide: bool, value: &str) -> SettingField {
    SettingField { name: name.into(), description: description.into(), wide, value: value.into() }
}

fn event() -> TrialEvent {
    let fields = [
        ("id", "evt-1042"),
        ("type", "payout.destination_changed"),
        ("subject.id", "user_42"),
        ("action.amount.value", "900.00"),
        ("action.amount.currency", "EUR"),
        ("links.0.type", "order"),
        ("links.0.id", "820982911946154508"),
    ];
    TrialEvent {
        event_type: "payout.destination_changed".into(),
        fields: fields.map(|(name, value)| (name.into(), value.into())).into(),
        json: "{\n  \"id\": \"evt-1042\",\n  \"subject\": { \"id\": \"user_42\" }\n}".into(),
        problem: None,
    }
}

fn plain() -> TrialPage {
    let mapping = "{\n  \"subject.id\": {\"path\": \"/user/id\"}\n}";
    TrialPage {
        base: base(Section::Connectors),
        connector: "acme-pay".into(),
        title: "Acme Pay".into(),
        settings: vec![
            setting("scheme", "How deliveries are signed: hmac (default) or bearer", false, "hmac"),
            setting("mapping", "For each field of the event the rules that find it", true, mapping),
        ],
        samples: vec!["a batch, mapped and split".into(), "an event without a subject".into()],
        headers: "x-signature: 00\n".into(),
        query: String::new(),
        body: "{\n  \"user\": {\"id\": \"user_42\", \"vip\": true}\n}".into(),
        answer: None,
    }
}

pub(super) fn show(shown: &mut Shown<'_>) {
    let answered = |answer| TrialPage { answer: Some(answer), ..plain() };
    let view = TrialView { complete: true, ..TrialView::default() };
    shown.page("plain", &plain());
    let unmapped = vec!["/user/vip".into(), "/list/0/a~1b".into()];
    shown.page("events", &answered(TrialView { events: vec![event(), event()], unmapped, ..view.clone() }));
    let all = TrialView { events: vec![event()], ..view.clone() };
    shown.page("all_used", &answered(all.clone()));
    shown.page("large", &answered(TrialView { complete: false, ..all }));
    let mistake = Some("setting `mapping`: `subject.age`: no field of an event is called so".to_owned());
    shown.page("mistake", &answered(TrialView { refused: mistake.clone(), mistake, ..view.clone() }));
    let refused = Some("setting `mapping`: `subject.id` finds nothing in this delivery".to_owned());
    shown.page("refused", &answered(TrialView { refused, pointer: Some("/user/id".into()), ..view.clone() }));
    shown.page("ignored", &answered(TrialView { ignored: Some("a ping".into()), ..view.clone() }));
    shown.page("reply", &answered(TrialView { reply: true, ..view }));
    shown.page("hostile", &hostile());
}

fn hostile() -> TrialPage {
    let event = TrialEvent {
        event_type: HOSTILE.into(),
        fields: vec![(HOSTILE.into(), HOSTILE.repeat(9)), ("x".repeat(300), "y".repeat(900))],
        json: HOSTILE.repeat(3),
        problem: Some(HOSTILE.into()),
    };
    let answer = TrialView {
        mistake: Some(HOSTILE.into()),
        refused: Some(HOSTILE.repeat(2)),
        pointer: Some(HOSTILE.into()),
        ignored: Some(HOSTILE.into()),
        reply: true,
        events: vec![event],
        unmapped: vec![HOSTILE.into()],
        complete: false,
    };
    TrialPage {
        base: hostile_base(Section::Connectors),
        connector: HOSTILE.into(),
        title: HOSTILE.into(),
        settings: vec![setting("x", HOSTILE, false, HOSTILE), setting("y", HOSTILE, true, HOSTILE)],
        samples: vec![HOSTILE.into()],
        headers: HOSTILE.into(),
        query: HOSTILE.into(),
        body: format!("</textarea>{HOSTILE}"),
        answer: Some(answer),
    }
}

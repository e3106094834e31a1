//! The page of one session in its states.

use super::{base, hostile_base, hostile_row, rows};
use crate::pages::ReasonView;
use crate::pages::dashboard::{
    EventRow, HoldView, LabelView, PolicyView, Section, SessionPage, TimelineEntry, TokenView,
};
use crate::pages::samples::{HOSTILE, Shown, at};

fn reasons() -> Vec<ReasonView> {
    [
        ("NEW_DEVICE", 15, "First event from this device for the subject."),
        ("SCREEN_SHARE", 30, "The platform reports a screen share while the action was made."),
        ("NEW_DESTINATION", 12, "The destination was first seen 4 minutes ago."),
        ("DRAINS_BALANCE", 10, "900.00 EUR is 90 % of the balance of 1000.00 EUR."),
        ("GROUP_CAP", -10, "Device signals count 35 points at most."),
    ]
    .map(|(code, points, detail)| ReasonView { code: code.into(), points, detail: detail.into() })
    .into()
}

fn entry(second: u32, actor: (&str, Option<&str>), action: &str, pairs: &[(&str, &str)]) -> TimelineEntry {
    TimelineEntry {
        occurred_at: at(14, 32, second),
        actor_type: actor.0.into(),
        actor_id: actor.1.map(str::to_owned),
        action: action.into(),
        metadata: pairs.iter().map(|&(name, value)| (name.into(), value.into())).collect(),
    }
}

fn timeline() -> Vec<TimelineEntry> {
    vec![
        entry(
            5,
            ("platform", Some("key_9d2")),
            "event.scored",
            &[("score", "57"), ("outcome", "delay_verify")],
        ),
        entry(5, ("system", None), "checkpoint.created", &[("expires_at", "2026-11-22T14:47:05Z")]),
        entry(31, ("subject", None), "intent.answered", &[("intent", "confirmed")]),
        entry(
            31,
            ("system", None),
            "otp.issued",
            &[("channel", "email"), ("destination", "a••@example.com")],
        ),
        entry(48, ("subject", None), "otp.rejected", &[("attempts_remaining", "4")]),
        entry(57, ("subject", None), "otp.accepted", &[]),
        entry(57, ("system", None), "session.resolved", &[("outcome", "allow"), ("assurance", "email_otp")]),
    ]
}

fn plain() -> SessionPage {
    let first = rows().remove(0);
    SessionPage {
        base: base(Section::Events),
        event: EventRow { session_status: "resolved".into(), session_outcome: Some("allow".into()), ..first },
        occurred_at: Some(at(14, 32, 1)),
        source: "API".into(),
        description: Some("Send payouts to DE89 … 3000".into()),
        amount: Some("900.00 EUR".into()),
        destination: Some("DE89 … 3000".into()),
        expires_at: at(14, 47, 5),
        intent: Some("confirmed".into()),
        assurance: Some("email_otp".into()),
        token: Some(TokenView {
            issued_at: at(14, 32, 57),
            expires_at: at(14, 42, 57),
            used_at: Some(at(14, 33, 2)),
        }),
        policy: PolicyView {
            name: "default".into(),
            version: 3,
            digest: format!("sha256:{}", "9f".repeat(32)),
        },
        reasons: reasons(),
        missing: vec!["subject.created_at".into(), "device.country".into()],
        timeline: timeline(),
        label: None,
        may_label: true,
        refused: None,
        hold: None,
        refused_ruling: None,
    }
}

pub(super) fn show(shown: &mut Shown<'_>) {
    let plain = plain();
    shown.page("plain", &plain);
    let bare = SessionPage {
        event: EventRow {
            score: 0,
            outcome: "allow".into(),
            session_outcome: None,
            session_status: "pending".into(),
            ..plain.event.clone()
        },
        occurred_at: None,
        description: None,
        amount: None,
        destination: None,
        intent: None,
        assurance: None,
        token: None,
        reasons: Vec::new(),
        missing: vec!["subject.created_at".into()],
        timeline: Vec::new(),
        may_label: false,
        ..plain.clone()
    };
    shown.page("bare", &bare);
    let unused = TokenView { issued_at: at(14, 32, 57), expires_at: at(14, 42, 57), used_at: None };
    let guided = SessionPage { intent: Some("guided".into()), token: Some(unused.clone()), ..plain.clone() };
    shown.page("guided", &guided);
    let unsure = SessionPage { intent: Some("unsure".into()), ..plain.clone() };
    shown.page("unsure", &unsure);
    for label in ["scam", "good"] {
        shown.page(label, &SessionPage { label: Some(labelled(label)), ..plain.clone() });
    }
    let refused = Some("`/note` must be at most 500 characters".into());
    shown.page("refused", &SessionPage { refused, ..plain.clone() });
    for releasable in [false, true] {
        let hold = SessionPage {
            event: EventRow {
                session_status: "held".into(),
                session_outcome: Some("block".into()),
                ..plain.event.clone()
            },
            hold: Some(HoldView { ends_at: at(15, 2, 57), releasable }),
            refused_ruling: (!releasable).then(|| "It cannot be released yet.".into()),
            ..plain.clone()
        };
        shown.page(if releasable { "held" } else { "held-for-now" }, &hold);
    }
    shown.page("hostile", &hostile_session(plain));
}

fn labelled(label: &str) -> LabelView {
    LabelView {
        label: label.into(),
        note: Some("The bank called the customer back.".into()),
        by: "analyst@shop.example".into(),
        at: at(15, 2, 11),
    }
}

fn hostile_session(plain: SessionPage) -> SessionPage {
    SessionPage {
        base: hostile_base(Section::Events),
        event: hostile_row(),
        source: HOSTILE.into(),
        description: Some(HOSTILE.repeat(5)),
        amount: Some(HOSTILE.into()),
        destination: Some("x".repeat(300)),
        intent: Some(HOSTILE.into()),
        assurance: Some(HOSTILE.into()),
        policy: PolicyView { name: HOSTILE.into(), version: 1, digest: HOSTILE.into() },
        reasons: vec![ReasonView { code: HOSTILE.into(), points: i32::MAX, detail: HOSTILE.repeat(8) }],
        missing: vec![HOSTILE.into()],
        label: Some(LabelView { note: Some(HOSTILE.into()), by: HOSTILE.into(), ..labelled("scam") }),
        refused: Some(HOSTILE.into()),
        timeline: vec![entry(1, (HOSTILE, Some(HOSTILE)), HOSTILE, &[(HOSTILE, HOSTILE)])],
        ..plain
    }
}

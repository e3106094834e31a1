//! The dashboard and the demo mailbox in their states.

mod connectors;
mod deliveries;
mod session;
mod sources;
mod trial;
mod wordings;

use super::{HOSTILE, Shown, at};
use crate::pages::dashboard::{
    DashboardBase, DemotionView, EventRow, EventsPage, PoliciesPage, PolicyLine, ProblemKind, ProblemPage,
    ReportRow, ReportsPage, Section, SignInMessage, SignInPage, Totals, UserView,
};
use crate::pages::mailbox::{MailboxMessage, MailboxPage};

pub(super) fn show(shown: &mut Shown<'_>) {
    sign_in(shown);
    events(shown);
    session::show(shown);
    reports(shown);
    wordings::show(shown);
    deliveries::show(shown);
    sources::show(shown);
    connectors::show(shown);
    trial::show(shown);
    policies(shown);
    problems(shown);
    mailbox(shown);
}

fn base(active: Section) -> DashboardBase {
    DashboardBase {
        user: UserView { email: "owner@northwind.example".into(), role: "owner".into() },
        org_name: "Northwind Bank".into(),
        form_token: "token".into(),
        active,
    }
}

fn hostile_base(active: Section) -> DashboardBase {
    DashboardBase {
        user: UserView { email: HOSTILE.into(), role: HOSTILE.into() },
        org_name: HOSTILE.into(),
        form_token: HOSTILE.into(),
        active,
    }
}

fn sign_in(shown: &mut Shown<'_>) {
    let page = |email: &str, message| SignInPage { form_token: "token".into(), email: email.into(), message };
    shown.page("plain", &page("", None));
    shown.page("wrong", &page(HOSTILE, Some(SignInMessage::Wrong)));
    shown.page("too_many", &page("", Some(SignInMessage::TooMany)));
    shown.page("stale", &page("", Some(SignInMessage::StaleForm)));
    shown.page("signed_out", &page("", Some(SignInMessage::SignedOut)));
    shown.page("ended", &page("", Some(SignInMessage::SessionEnded)));
}

/// Event type, subject, outcome, score, session status and outcome, and whether it is a test.
type Line = (&'static str, &'static str, &'static str, u8, &'static str, Option<&'static str>, bool);

const LINES: [Line; 7] = [
    ("payout.destination_changed", "user_42", "delay_verify", 57, "pending", None, false),
    ("withdrawal.created", "user_7", "block_escalate", 92, "resolved", Some("block"), false),
    ("order.created", "820982911946154508", "allow", 8, "resolved", Some("allow"), false),
    ("account.email_changed", "user_42", "delay_verify", 44, "break_contact", Some("block"), false),
    ("account.password_reset", "user_19", "delay_verify", 38, "resolved", Some("allow"), false),
    ("payment.failed", "customer-5531", "allow", 0, "resolved", Some("allow"), true),
    ("payout.created", "merchant-20817", "delay_verify", 61, "expired", None, false),
];

fn rows() -> Vec<EventRow> {
    let line = |(minute, line): (u32, &Line)| EventRow {
        received_at: at(14, 32, 5) - chrono::TimeDelta::minutes(i64::from(minute) * 7),
        event_id: format!("evt-{}", 1042 - minute),
        event_type: line.0.into(),
        subject_id: line.1.into(),
        outcome: line.2.into(),
        score: line.3,
        session_id: format!("ses_4fzqk2v7m3x9t1r8{minute}"),
        session_status: line.4.into(),
        session_outcome: line.5.map(str::to_owned),
        test: line.6,
    };
    (0..).zip(&LINES).map(line).collect()
}

fn hostile_row() -> EventRow {
    EventRow {
        received_at: at(9, 0, 0),
        event_id: HOSTILE.repeat(4),
        event_type: HOSTILE.into(),
        subject_id: "x".repeat(200),
        outcome: HOSTILE.into(),
        score: 100,
        session_id: HOSTILE.into(),
        session_status: HOSTILE.into(),
        session_outcome: Some(HOSTILE.into()),
        test: true,
    }
}

fn events(shown: &mut Shown<'_>) {
    let page = |rows, outcome: Option<&str>| EventsPage {
        base: base(Section::Events),
        outcome: outcome.map(str::to_owned),
        totals: Some(Totals { allow: 1284, delay_verify: 37, block_escalate: 4 }),
        rows,
        older_path: Some("/dashboard/events?before=x".into()),
        newest_path: None,
        base_url: "http://127.0.0.1:8080".into(),
    };
    shown.page("plain", &page(rows(), None));
    shown.page(
        "filtered",
        &page(rows().into_iter().filter(|r| r.outcome == "delay_verify").collect(), Some("delay_verify")),
    );
    shown.page("none_of_them", &EventsPage { older_path: None, ..page(Vec::new(), Some("allow")) });
    shown.page("empty", &EventsPage { totals: None, older_path: None, ..page(Vec::new(), None) });
    let hostile = EventsPage {
        base: hostile_base(Section::Events),
        newest_path: Some(HOSTILE.into()),
        ..page(vec![hostile_row(), hostile_row()], Some(HOSTILE))
    };
    shown.page("hostile", &hostile);
}

fn report(channel: &str, contact: &str, claimed_identity: &str, narrative: &str) -> ReportRow {
    ReportRow {
        id: "rep_2kd8".into(),
        created_at: at(13, 5, 0),
        session_id: "ses_4fzqk2v7m3x9t1r8".into(),
        channel: channel.into(),
        contact: contact.into(),
        claimed_identity: claimed_identity.into(),
        narrative: narrative.into(),
    }
}

fn reports(shown: &mut Shown<'_>) {
    let page =
        |reports| ReportsPage { base: base(Section::Reports), reports, older_path: None, newest_path: None };
    let told = "He said he was from the fraud team and that my money had to move to a safe account tonight.\nHe knew my name and the last payment I made.";
    shown.page(
        "plain",
        &ReportsPage {
            older_path: Some("/dashboard/reports?before=x".into()),
            ..page(vec![
                report("phone", "+44 20 7946 0000", "Northwind fraud team", told),
                report("remote_access", "", "", "They asked me to install AnyDesk."),
                report("social", "@northwind_care", "", ""),
            ])
        },
    );
    shown.page("empty", &page(Vec::new()));
    let hostile = report(HOSTILE, HOSTILE, HOSTILE, &HOSTILE.repeat(20));
    shown.page("hostile", &ReportsPage { base: hostile_base(Section::Reports), ..page(vec![hostile]) });
}

fn policies(shown: &mut Shown<'_>) {
    let line = |name: &str, version: i32, status: &str| PolicyLine {
        name: name.into(),
        version,
        status: status.into(),
        digest: format!("sha256:{}", "3c".repeat(32)),
        author: "key_5f2a".into(),
        publisher: (status != "draft").then(|| "key_77c1".into()),
        created_at: at(9, 0, 0),
        live_from: (status == "live").then(|| at(10, 0, 0)),
        demoted_at: (status == "shadow").then(|| at(11, 30, 0)),
    };
    let demotion = |version: &str| DemotionView {
        version: version.into(),
        event_type: "payout.created".into(),
        percent: 64,
        expected_percent: 12,
        at: at(11, 30, 0),
    };
    let page = |policies, demotion| PoliciesPage { base: base(Section::Policies), policies, demotion };
    let versions = vec![line("default", 3, "shadow"), line("default", 2, "live"), line("strict", 1, "draft")];
    shown.page("plain", &page(versions.clone(), None));
    shown.page("demoted", &page(versions, Some(demotion("default version 3"))));
    let hostile = vec![line(HOSTILE, 1, "live")];
    let base = hostile_base(Section::Policies);
    shown.page("hostile", &PoliciesPage { base, policies: hostile, demotion: Some(demotion(HOSTILE)) });
}

fn problems(shown: &mut Shown<'_>) {
    let page = |base, kind| ProblemPage { base, kind };
    shown.page("not_found", &page(Some(base(Section::Events)), ProblemKind::NotFound));
    shown.page("forbidden", &page(Some(hostile_base(Section::Events)), ProblemKind::Forbidden));
    shown.page("stale", &page(None, ProblemKind::StaleForm));
    shown.page("unread", &page(None, ProblemKind::Unread));
    shown.page("unavailable", &page(None, ProblemKind::Unavailable));
}

fn mailbox(shown: &mut Shown<'_>) {
    let message = |subject: &str, text: &str, html_path: Option<&str>| MailboxMessage {
        to: "ana@example.com".into(),
        subject: subject.into(),
        text: text.into(),
        html: format!("<p>{text}</p>"),
        html_path: html_path.map(str::to_owned),
        sent_at: at(14, 32, 1),
    };
    let text =
        "Northwind Bank\n\nYour code:\n\n    483920\n\nOpen http://127.0.0.1:8080/challenge/ses_1 to go on.";
    shown.page(
        "plain",
        &MailboxPage {
            messages: vec![
                message("Your security code from Northwind Bank", text, Some("/demo/mailbox/2.html")),
                message("Northwind Bank: we paused a request, please check it", text, None),
            ],
        },
    );
    shown.page("empty", &MailboxPage { messages: Vec::new() });
    shown.page("hostile", &MailboxPage { messages: vec![message(HOSTILE, HOSTILE, Some(HOSTILE))] });
}

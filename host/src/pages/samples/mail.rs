//! The mails in their states.

use super::{HOSTILE, action, at, bare_base, hostile_base, org};
use crate::pages::challenge::{ActionView, OrgView};
use crate::pages::mail::{ChallengeMail, CodeMail, DemotionMail, MailContext, StoppedMail};

/// A link that would break out of its attribute; such a one is never made.
const HOSTILE_LINK: &str = r#"https://ase.example/"><script>alert(1)</script>"#;

/// Where a mail's receiver can stop it all.
const STOP: &str = "https://ase.example/challenge/ses_4fzqk2v7m3x9t1r8/stop/k3y";

/// Every mail in every state, by name.
pub(in crate::pages) fn mails() -> Vec<(&'static str, MailContext)> {
    let (bare, hostile) = (bare_base(), hostile_base());
    vec![
        ("code", code(org(), action(), "483920")),
        ("code_bare", code(bare.org.clone(), bare.action.clone(), "483920")),
        ("code_hostile", code(hostile.org.clone(), hostile.action.clone(), "483920")),
        ("challenge", challenge(org(), action(), "https://ase.example/challenge/ses_4fzqk2v7m3x9t1r8")),
        ("challenge_bare", challenge(bare.org, bare.action, "https://ase.example/challenge/ses_1")),
        ("challenge_hostile", challenge(hostile.org.clone(), hostile.action, HOSTILE_LINK)),
        ("stopped", stopped(org(), action())),
        ("stopped_hostile", stopped(hostile.org.clone(), hostile_base().action)),
        ("demotion", demotion(org(), "payout.created")),
        ("demotion_hostile", demotion(hostile.org, HOSTILE)),
    ]
}

fn code(org: OrgView, action: ActionView, code: &str) -> MailContext {
    MailContext::Code(CodeMail {
        org,
        action,
        code: code.into(),
        valid_minutes: 5,
        sent_at: at(14, 32, 0),
        stop_url: Some(STOP.into()),
    })
}

fn stopped(org: OrgView, action: ActionView) -> MailContext {
    MailContext::Stopped(StoppedMail { org, action })
}

fn demotion(org: OrgView, event_type: &str) -> MailContext {
    MailContext::Demotion(DemotionMail {
        org,
        demoted: "payouts version 4".into(),
        restored: "payouts version 3".into(),
        event_type: event_type.into(),
        decisions: 61,
        percent: 43,
        expected_from: 2,
        expected_to: 17,
        at: at(14, 32, 0),
        dashboard_url: "https://ase.example/dashboard/policies".into(),
    })
}

fn challenge(org: OrgView, action: ActionView, challenge_url: &str) -> MailContext {
    MailContext::Challenge(ChallengeMail {
        org,
        action,
        challenge_url: challenge_url.into(),
        expires_at: at(14, 47, 0),
        stop_url: Some(STOP.into()),
    })
}

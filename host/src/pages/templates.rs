//! The templates, embedded in the binary: a missing file stops the build.

/// Lists templates by their path below `templates/`, beside their text.
macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../templates/", $name)))),+]
    };
}

/// Every template: its name and its text.
pub(super) const ALL: &[(&str, &str)] = embed![
    "challenge/action.html",
    "challenge/base.html",
    "challenge/blocked.html",
    "challenge/break_contact.html",
    "challenge/code.html",
    "challenge/confirmed.html",
    "challenge/expired.html",
    "challenge/held.html",
    "challenge/languages.html",
    "challenge/not_found.html",
    "challenge/other_browser.html",
    "challenge/problem.html",
    "challenge/question.html",
    "challenge/report.html",
    "challenge/resend.html",
    "challenge/stop.html",
    "challenge/support.html",
    "dashboard/base.html",
    "dashboard/connectors.html",
    "dashboard/deliveries.html",
    "dashboard/delivery.html",
    "dashboard/policies.html",
    "dashboard/document.html",
    "dashboard/events.html",
    "dashboard/parts.html",
    "dashboard/problem.html",
    "dashboard/reports.html",
    "dashboard/session.html",
    "dashboard/sign_in.html",
    "dashboard/trial.html",
    "dashboard/wordings.html",
    "demo/mailbox.html",
    "docs/reference.html",
    "email/challenge/body.html",
    "email/challenge/body.txt",
    "email/challenge/subject.txt",
    "email/code/body.html",
    "email/code/body.txt",
    "email/code/subject.txt",
    "email/demotion/body.html",
    "email/demotion/body.txt",
    "email/demotion/subject.txt",
    "email/facts.html",
    "email/facts.txt",
    "email/letter.html",
    "email/stop.html",
    "email/stop.txt",
    "email/stopped/body.html",
    "email/stopped/body.txt",
    "email/stopped/subject.txt",
    "email/support.txt",
    "sms/code.txt",
];

//! Samples: every page and mail in every state, with kind, long and hostile texts.

mod challenge;
mod dashboard;
#[cfg(test)]
mod mail;
mod reference;

use chrono::{DateTime, TimeZone, Utc};

use super::challenge::{ActionView, ChallengeBase, OrgView, Paint, Voice};
use super::{Language, Page, Pages};

/// The nonce of every sample's script.
pub const NONCE: &str = "bm9uY2U";

/// What a hostile party would write into any field that it controls.
pub(super) const HOSTILE: &str = r#""><script>alert(1)</script><img src=x onerror=alert(2)>'{{ 7*7 }}"#;

/// A rendered sample: `challenge/code.html` in the state `malformed`.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its template.
    pub template: &'static str,
    /// What has come to pass on it.
    pub state: &'static str,
    /// In which language.
    pub language: Language,
    /// The page.
    pub html: String,
}

impl Sample {
    /// A name of its own, fit for files and addresses: `challenge_code_malformed.de`.
    #[must_use]
    pub fn name(&self) -> String {
        let template = self.template.trim_end_matches(".html").replace('/', "_");
        format!("{template}_{}.{}", self.state, self.language.tag())
    }
}

/// Renders all pages in all states: the challenge in every language, the dashboard in its one.
///
/// # Errors
/// Every template that does not fit its sample, by state and language.
pub fn pages(pages: &Pages) -> Result<Vec<Sample>, String> {
    let mut shown = Shown { pages, language: Language::English, samples: Vec::new(), wrong: Vec::new() };
    dashboard::show(&mut shown);
    reference::show(&mut shown);
    for language in Language::ALL {
        shown.language = language;
        challenge::show(&mut shown);
    }
    if shown.wrong.is_empty() { Ok(shown.samples) } else { Err(shown.wrong.join("\n")) }
}

#[cfg(test)]
pub(super) use challenge::code_page;
#[cfg(test)]
pub(super) use mail::mails;

/// Collects samples as they are rendered.
struct Shown<'a> {
    pages: &'a Pages,
    language: Language,
    samples: Vec<Sample>,
    wrong: Vec<String>,
}

impl Shown<'_> {
    fn page<P: Page>(&mut self, state: &'static str, page: &P) {
        match self.pages.render_template(P::TEMPLATE, self.language, page) {
            Ok(html) => {
                self.samples.push(Sample { template: P::TEMPLATE, state, language: self.language, html });
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                let place = format!("{error} ({state}, {})", self.language.tag());
                self.wrong.push(format!("{place}: {}", cause.unwrap_or_default()));
            }
        }
    }
}

/// A moment of the sample day.
fn at(hour: u32, minute: u32, second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, hour, minute, second).unwrap()
}

fn org() -> OrgView {
    OrgView {
        name: "Northwind Bank".into(),
        policy_statement:
            "We never ask you to move money to keep it safe, and never ask you to share your screen.".into(),
        support_url: Some("https://northwind.example/help/".into()),
        support_phone: Some("+49 30 123 4567".into()),
        support_email: Some("help@northwind.example".into()),
        logo: Some(format!("/brands/{}.png", "5e".repeat(32))),
        stylesheet: Some("/brands/1a3f8c-ffffff.css".into()),
        paint: Paint::default(),
    }
}

fn hostile_org() -> OrgView {
    OrgView {
        name: HOSTILE.into(),
        policy_statement: HOSTILE.repeat(6),
        support_url: Some("javascript:alert(1)".into()),
        support_phone: Some(HOSTILE.into()),
        support_email: Some(HOSTILE.into()),
        logo: None,
        stylesheet: None,
        paint: Paint::default(),
    }
}

fn action() -> ActionView {
    ActionView {
        description: "Send payouts to a new bank account".into(),
        kind: None,
        amount: Some("900.00 EUR".into()),
        destination: Some("DE89 … 3000".into()),
    }
}

fn base() -> ChallengeBase {
    ChallengeBase {
        voice: Voice { switch: Some("/challenge/ses_4fzqk2v7m3x9t1r8".into()), ..Voice::default() },
        nonce: NONCE.into(),
        org: org(),
        action: action(),
        account: Some("a••@example.com".into()),
        session_id: "ses_4fzqk2v7m3x9t1r8".into(),
        form_token: "token".into(),
        now: at(14, 33, 10),
        openers: "https://shop.example https://pay.example".into(),
        state: "open",
    }
}

fn bare_base() -> ChallengeBase {
    let mut base = base();
    base.org.support_url = None;
    base.org.support_phone = None;
    base.org.support_email = None;
    base.org.logo = None;
    base.org.stylesheet = None;
    base.org.policy_statement = String::new();
    base.action.kind = Some("destination");
    base.action.amount = None;
    base.action.destination = None;
    base.account = None;
    base
}

fn hostile_base() -> ChallengeBase {
    let hostile = ActionView {
        description: HOSTILE.repeat(4),
        kind: None,
        amount: Some(HOSTILE.into()),
        destination: Some("x".repeat(300)),
    };
    ChallengeBase {
        org: hostile_org(),
        action: hostile,
        account: Some(HOSTILE.into()),
        session_id: HOSTILE.into(),
        form_token: HOSTILE.into(),
        openers: HOSTILE.into(),
        ..base()
    }
}

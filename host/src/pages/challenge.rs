//! The pages of a challenge: what each of them needs to know.
//!
//! None of them carries a score or a reason: whoever guides the person may be watching the screen.

mod break_contact;
mod code;
mod ends;
mod stop;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use break_contact::{BreakContactPage, ReportError, ReportForm};
pub use code::{CodeError, CodePage, OtpView, Resend};
pub use ends::{
    BlockedPage, ConfirmedPage, ExpiredPage, HandOver, HeldPage, NotFoundPage, OtherBrowserPage, ProblemKind,
    ProblemPage,
};
pub use stop::{StopPage, StopState};

use super::{Concealed, LANGUAGE, Page};

/// The organisation as the person knows it. Every text is its own; only `support_url` may become a link.
#[derive(Debug, Clone, Serialize)]
pub struct OrgView {
    /// Its name.
    pub name: String,
    /// Its own sentence or two on what it never asks for.
    pub policy_statement: String,
    /// Official help page, `https`.
    pub support_url: Option<String>,
    /// Official telephone number, as printed.
    pub support_phone: Option<String>,
    /// Official address for mail.
    pub support_email: Option<String>,
}

/// What is about to happen, in words for the person who is asked about it.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// One sentence.
    pub description: String,
    /// How much, with its currency, ready to read.
    pub amount: Option<String>,
    /// Where it goes.
    pub destination: Option<String>,
}

/// What a page needs that belongs to no session: the end pages for unknown links and for trouble use it alone.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// Language of the page.
    pub lang: &'static str,
    /// Nonce of this answer's Content-Security-Policy, for the script.
    pub nonce: String,
    /// The organisation, where it is known.
    pub org: Option<OrgView>,
}

/// What every page of one session carries.
#[derive(Debug, Clone, Serialize)]
pub struct ChallengeBase {
    /// Language of the page: [`LANGUAGE`].
    pub lang: &'static str,
    /// Nonce of this answer's Content-Security-Policy, for the script.
    pub nonce: String,
    /// Who asks.
    pub org: OrgView,
    /// What is asked about.
    pub action: ActionView,
    /// Whose account it is: a masked address.
    pub account: Option<String>,
    /// The session in the address of every form.
    pub session_id: String,
    /// Token against cross-site requests; the hidden field `form_token`.
    pub form_token: Concealed,
    /// The time by which countdowns start, from the database.
    pub now: DateTime<Utc>,
    /// Origins of the pages that may have opened this one in a window and hear of the end, with spaces between them.
    pub openers: String,
    /// `open`, `closed` or `expired`: all that they hear besides the token.
    pub state: &'static str,
}

/// `GET /challenge/{id}`: the one question. Posts `intent` = `confirmed`, `guided` or `unsure` to `/intent`.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Continue was pressed without an answer.
    pub unanswered: bool,
    /// "No" was pressed before the question could be read.
    pub too_soon: bool,
    /// How long the page must have been in front before "no" counts.
    pub look_milliseconds: i64,
}

impl Shell {
    /// The frame of a page for `nonce`, with the organisation where it is known.
    #[must_use]
    pub fn new(nonce: impl Into<String>, org: Option<OrgView>) -> Self {
        Self { lang: LANGUAGE, nonce: nonce.into(), org }
    }
}

/// Names the template of each page.
macro_rules! pages {
    ($($page:ty => $template:literal),+ $(,)?) => {
        $(impl Page for $page { const TEMPLATE: &'static str = $template; })+
    };
}

pages! {
    QuestionPage => "challenge/question.html",
    BreakContactPage => "challenge/break_contact.html",
    CodePage => "challenge/code.html",
    ConfirmedPage => "challenge/confirmed.html",
    HeldPage => "challenge/held.html",
    BlockedPage => "challenge/blocked.html",
    ExpiredPage => "challenge/expired.html",
    OtherBrowserPage => "challenge/other_browser.html",
    NotFoundPage => "challenge/not_found.html",
    ProblemPage => "challenge/problem.html",
    StopPage => "challenge/stop.html",
}

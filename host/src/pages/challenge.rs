//! The pages of a challenge: what each of them needs to know.
//!
//! None of them carries a score or a reason: whoever guides the person may be watching the screen.

use chrono::{DateTime, Utc};
use serde::Serialize;

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
    /// The session in the address of every form.
    pub session_id: String,
    /// Token against cross-site requests; the hidden field `form_token`.
    pub form_token: Concealed,
    /// The time by which countdowns start, from the database.
    pub now: DateTime<Utc>,
}

/// `GET /challenge/{id}`: the one question. Posts `intent` = `confirmed`, `guided` or `unsure` to `/intent`.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Continue was pressed without an answer.
    pub unanswered: bool,
}

/// The Break Contact state. Its form posts `channel`, `contact`, `claimed_identity` and `narrative` to `/report`.
#[derive(Debug, Clone, Serialize)]
pub struct BreakContactPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// The optional report.
    pub report: ReportForm,
}

/// The optional scam report: empty, refused with its answers kept, or sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReportForm {
    /// The report is stored: thanks take the form's place.
    pub sent: bool,
    /// `phone`, `sms`, `email`, `chat`, `social`, `remote_access`, `other`, or empty.
    pub channel: String,
    /// The number, address or account they used.
    pub contact: String,
    /// Who they said they were.
    pub claimed_identity: String,
    /// What happened.
    pub narrative: String,
    /// What is wrong with the answers, at most one error per field.
    pub errors: Vec<ReportError>,
}

/// What is wrong with a report; the sentence stands in the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportError {
    /// No channel was chosen, or an unknown one.
    ChannelMissing,
    /// `contact` has more than 200 characters.
    ContactTooLong,
    /// `claimed_identity` has more than 200 characters.
    IdentityTooLong,
    /// `narrative` has more than 2000 characters.
    NarrativeTooLong,
    /// All fields are empty.
    Empty,
}

/// The code form. Posts `code` to `/code`, and nothing but the token to `/resend`.
#[derive(Debug, Clone, Serialize)]
pub struct CodePage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// The code that was sent; `None` where none could be, which shows the official support route instead.
    pub otp: Option<OtpView>,
    /// Whether and when another code can be asked for.
    pub resend: Resend,
    /// What was wrong with the last answer.
    pub error: Option<CodeError>,
    /// Whether `intent` = `guided` is still taken, which offers "Someone asked me for this code".
    pub can_stop: bool,
}

/// A code under way.
#[derive(Debug, Clone, Serialize)]
pub struct OtpView {
    /// `email` or `sms`.
    pub channel: String,
    /// Where it went, masked: `a••@example.com`.
    pub destination: String,
    /// When it was sent: "use the code sent at 14:32 UTC".
    pub sent_at: DateTime<Utc>,
    /// When it ends.
    pub code_expires_at: DateTime<Utc>,
    /// Wrong codes that are still forgiven.
    pub attempts_remaining: u32,
    /// The code has ended: only a new one helps.
    pub expired: bool,
}

/// Whether another code can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Resend {
    /// At once.
    Ready,
    /// From then on.
    Later {
        /// The end of the pause.
        resend_available_at: DateTime<Utc>,
    },
    /// Never again in this session.
    Exhausted,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeError {
    /// Wrong; an attempt is gone.
    Incorrect,
    /// Not six digits; no attempt is gone.
    Malformed,
    /// It came too late.
    Expired,
    /// A new code was asked for before the pause ended.
    ResendTooEarly,
}

/// The action may go on. Where `hand_over` is given, a form takes the person back.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmedPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Posts the decision token to the platform.
    pub hand_over: Option<HandOver>,
}

/// The form that takes the decision token to the platform: never in an address, always in a body.
#[derive(Debug, Clone, Serialize)]
pub struct HandOver {
    /// The allow-listed address.
    pub return_url: String,
    /// The token.
    pub decision_token: Concealed,
}

/// Confirmed, but a person looks at it first.
#[derive(Debug, Clone, Serialize)]
pub struct HeldPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Takes the person back, where the platform wants it.
    pub hand_over: Option<HandOver>,
}

/// The request was stopped.
#[derive(Debug, Clone, Serialize)]
pub struct BlockedPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// No attempts were left, rather than a decision of the platform.
    pub attempts_exhausted: bool,
}

/// The session ended before an answer.
#[derive(Debug, Clone, Serialize)]
pub struct ExpiredPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
}

/// The link was opened first in another browser: nothing can be answered here.
#[derive(Debug, Clone, Serialize)]
pub struct OtherBrowserPage {
    /// The page's frame; the action is not shown to whoever holds the link.
    #[serde(flatten)]
    pub shell: Shell,
}

/// The same page for every unknown link.
#[derive(Debug, Clone, Serialize)]
pub struct NotFoundPage {
    #[serde(flatten)]
    shell: Shell,
}

/// Nothing can be checked right now, or a form could not be read.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// The page's frame.
    #[serde(flatten)]
    pub shell: Shell,
    /// Which trouble.
    pub kind: ProblemKind,
    /// Where "Try again" leads, such as `/challenge/{id}`.
    pub retry_path: Option<String>,
}

/// Which trouble a [`ProblemPage`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The store or another part is away.
    Unavailable,
    /// The form was stale, came from elsewhere, or was not readable.
    StaleForm,
    /// Too many requests.
    TooMany,
}

impl Shell {
    /// The frame of a page for `nonce`, with the organisation where it is known.
    #[must_use]
    pub fn new(nonce: impl Into<String>, org: Option<OrgView>) -> Self {
        Self { lang: LANGUAGE, nonce: nonce.into(), org }
    }
}

impl NotFoundPage {
    /// Takes nothing but the nonce, so that it cannot tell one unknown link from another.
    #[must_use]
    pub fn new(nonce: impl Into<String>) -> Self {
        Self { shell: Shell::new(nonce, None) }
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
}

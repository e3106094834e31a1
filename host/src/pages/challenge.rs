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
    ProblemPage, Wait,
};
pub use stop::{StopPage, StopState};

use ase_engine::brand::{Brand, Colours};
use ase_engine::event::{Category, EventType};
use ase_engine::org::Org;
use ase_engine::outbox::ActionWords;

use super::{Concealed, Language, Page};

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
    /// Where its logo is shown from: our own origin.
    pub logo: Option<String>,
    /// Where its colours are, as a stylesheet of our own origin.
    pub stylesheet: Option<String>,
    /// Its colours, or ours, for mails.
    pub paint: Paint,
}

/// Colours as `#rrggbb`.
#[derive(Debug, Clone, Serialize)]
pub struct Paint {
    /// Buttons and links.
    pub accent: String,
    /// What is written on buttons.
    pub on_accent: String,
    /// Buttons and links by dark.
    pub dark_accent: String,
    /// What is written on buttons by dark.
    pub dark_on_accent: String,
}

impl Default for Paint {
    /// The colours of `challenge.css`.
    fn default() -> Self {
        let [accent, on_accent, dark_accent, dark_on_accent] =
            ["#0c5c4f", "#ffffff", "#6fd3b9", "#06241d"].map(str::to_owned);
        Self { accent, on_accent, dark_accent, dark_on_accent }
    }
}

impl From<Colours> for Paint {
    fn from(colours: Colours) -> Self {
        let dark = colours.by_dark();
        let [accent, on_accent, dark_accent, dark_on_accent] =
            [colours.accent, colours.on_accent, dark.accent, dark.on_accent].map(|colour| colour.to_string());
        Self { accent, on_accent, dark_accent, dark_on_accent }
    }
}

impl OrgView {
    /// An organisation as it shows itself in `language`.
    #[must_use]
    pub fn of(org: &Org, brand: &Brand, language: Language) -> Self {
        let words = brand.words(language.tag(), org);
        Self {
            name: org.name.clone(),
            policy_statement: words.policy_statement.unwrap_or_default(),
            support_url: words.support_url,
            support_phone: words.support_phone,
            support_email: words.support_email,
            logo: brand.logo.as_ref().map(|digest| format!("/brands/{digest}.png")),
            stylesheet: brand.colours.map(|colours| {
                let pair = format!("{}-{}", colours.accent, colours.on_accent);
                format!("/brands/{}.css", pair.replace('#', ""))
            }),
            paint: brand.colours.map(Paint::from).unwrap_or_default(),
        }
    }
}

/// What is about to happen, in words for the person who is asked about it.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// One sentence.
    pub description: String,
    /// Which sentence of the catalogue stands for it, where the platform gave none.
    pub kind: Option<&'static str>,
    /// How much, with its currency, ready to read.
    pub amount: Option<String>,
    /// Where it goes.
    pub destination: Option<String>,
}

/// In which language a page speaks, and how another is asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Voice {
    /// The language.
    #[serde(skip)]
    pub language: Language,
    /// The person chose it: forms and links of the page carry it on.
    pub chosen: bool,
    /// The address that shows the same in another language, without `?lang=`; `None` for no switch.
    pub switch: Option<String>,
    /// What the form before came to, so that a change of language does not lose it.
    pub note: Option<&'static str>,
}

/// What a page needs that belongs to no session: the end pages for unknown links and for trouble use it alone.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// In which language it speaks.
    #[serde(flatten)]
    pub voice: Voice,
    /// Nonce of this answer's Content-Security-Policy, for the script.
    pub nonce: String,
    /// The organisation, where it is known.
    pub org: Option<OrgView>,
}

/// What every page of one session carries.
#[derive(Debug, Clone, Serialize)]
pub struct ChallengeBase {
    /// In which language it speaks.
    #[serde(flatten)]
    pub voice: Voice,
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

impl ActionView {
    /// The action in the platform's words, or in ours for the type of its event.
    #[must_use]
    pub fn of(action: &ActionWords) -> Self {
        Self {
            description: action.description.clone(),
            kind: action.kind.as_deref().map(sentence),
            amount: action.amount.clone(),
            destination: action.destination.clone(),
        }
    }
}

/// Which sentence of the catalogue's `action` tells of an event type.
fn sentence(event_type: &str) -> &'static str {
    match EventType::new(event_type).category() {
        Category::Payout if event_type == "payout.destination_changed" => "destination",
        Category::Payout => "payout",
        Category::Withdrawal => "withdrawal",
        Category::Contact => "contact",
        Category::Credential => "credential",
        Category::Order => "order",
        Category::Payment => "payment",
        Category::Login => "login",
        Category::Account => "account",
        Category::Aftermath | Category::Notice | Category::Other => "other",
    }
}

/// Names the template of each page, and where its language stands.
macro_rules! pages {
    ($($page:ty: $frame:ident => $template:literal),+ $(,)?) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = $template;

            fn language(&self) -> Language {
                self.$frame.voice.language
            }
        })+
    };
}

pages! {
    QuestionPage: base => "challenge/question.html",
    BreakContactPage: base => "challenge/break_contact.html",
    CodePage: base => "challenge/code.html",
    ConfirmedPage: base => "challenge/confirmed.html",
    HeldPage: base => "challenge/held.html",
    BlockedPage: base => "challenge/blocked.html",
    ExpiredPage: base => "challenge/expired.html",
    OtherBrowserPage: shell => "challenge/other_browser.html",
    NotFoundPage: shell => "challenge/not_found.html",
    ProblemPage: shell => "challenge/problem.html",
    StopPage: shell => "challenge/stop.html",
}

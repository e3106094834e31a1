//! Which page shows a session, and what stands on it.

use axum::http::StatusCode;
use axum::response::Response;

use ase_engine::session::Stage;
use ase_engine::verification::ChallengeView;

use super::voice;
use crate::App;
use crate::http::headers::{nonce, page};
use crate::http::tongues::Tongues;
use crate::pages::Concealed;
use crate::pages::challenge::{
    ActionView, BlockedPage, BreakContactPage, ChallengeBase, CodeError, CodePage, ConfirmedPage,
    ExpiredPage, HandOver, HeldPage, OrgView, OtherBrowserPage, OtpView, QuestionPage, ReportForm, Resend,
    Shell, Voice,
};

/// What a form may have come to.
const NOTES: [&str; 7] =
    ["unanswered", "too_soon", "incorrect", "malformed", "code_expired", "too_early", "report_sent"];

/// What the form that led here came to.
pub(super) enum Said<'a> {
    /// What the address says of it.
    Note(Option<&'a str>),
    /// A report was refused: all that was typed, and why.
    Refused(ReportForm),
}

/// The page for a session as it stands.
pub(super) fn respond(
    app: &App,
    session_id: &str,
    view: &ChallengeView,
    form_token: &str,
    said: Said<'_>,
    tongues: &Tongues,
) -> Response {
    let (note, refused) = match said {
        Said::Note(note) => (note, None),
        Said::Refused(report) => (None, Some(report)),
    };
    let nonce = nonce();
    let switch = Some(format!("/challenge/{session_id}"));
    let voice = Voice { note: known(note), ..voice(tongues, view.locale.as_deref(), switch) };
    let org = OrgView::of(&view.tenant.org, &view.tenant.brand, voice.language);
    if view.other_browser {
        let shell = Shell { voice, nonce: nonce.clone(), org: Some(org) };
        return page(&app.pages, StatusCode::FORBIDDEN, &OtherBrowserPage { shell }, &nonce, None);
    }
    let base = ChallengeBase {
        voice,
        nonce: nonce.clone(),
        org,
        action: ActionView::of(&view.action),
        account: view.account.clone(),
        session_id: session_id.to_owned(),
        form_token: Concealed::from(form_token),
        now: view.now,
        openers: view.openers.join(" "),
        state: view.stage.standing(),
    };
    let hand_over = hand_over(view);
    let target = hand_over.as_ref().and_then(|hand_over| origin(&hand_over.return_url));
    let ok = StatusCode::OK;
    match view.stage {
        Stage::Question => {
            let question = QuestionPage {
                base,
                unanswered: note == Some("unanswered"),
                too_soon: note == Some("too_soon"),
                look_milliseconds: app.engine.look().num_milliseconds(),
            };
            page(&app.pages, ok, &question, &nonce, None)
        }
        Stage::Code => page(&app.pages, ok, &code_page(base, view, note), &nonce, None),
        Stage::Allowed => page(&app.pages, ok, &ConfirmedPage { base, hand_over }, &nonce, target.as_deref()),
        Stage::Held => page(&app.pages, ok, &HeldPage { base, hand_over }, &nonce, target.as_deref()),
        Stage::BreakContact => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { ok };
            let sent = ReportForm { sent: note == Some("report_sent"), ..ReportForm::default() };
            let shown = break_contact(base, view, refused.unwrap_or(sent));
            page(&app.pages, status, &shown, &nonce, None)
        }
        Stage::Locked => page(&app.pages, ok, &BlockedPage { base, attempts_exhausted: true }, &nonce, None),
        Stage::Blocked | Stage::Revoked => {
            page(&app.pages, ok, &BlockedPage { base, attempts_exhausted: false }, &nonce, None)
        }
        Stage::Expired => page(&app.pages, StatusCode::GONE, &ExpiredPage { base }, &nonce, None),
    }
}

/// Notes that a change of language keeps. Any other is left behind, whatever it says.
fn known(note: Option<&str>) -> Option<&'static str> {
    NOTES.into_iter().find(|known| note == Some(known))
}

fn code_page(base: ChallengeBase, view: &ChallengeView, note: Option<&str>) -> CodePage {
    let resend = match view.otp.as_ref().map(|otp| otp.resend_available_at) {
        Some(None) => Resend::Exhausted,
        Some(Some(at)) if at > view.now => Resend::Later { resend_available_at: at },
        None | Some(Some(_)) => Resend::Ready,
    };
    let error = match note {
        Some("incorrect") => Some(CodeError::Incorrect),
        Some("malformed") => Some(CodeError::Malformed),
        Some("code_expired") => Some(CodeError::Expired),
        Some("too_early") => Some(CodeError::ResendTooEarly),
        _ => None,
    };
    CodePage {
        base,
        otp: view.otp.as_ref().map(|otp| OtpView {
            channel: otp.channel.clone(),
            destination: otp.destination.clone(),
            sent_at: otp.sent_at,
            code_expires_at: otp.expires_at,
            attempts_remaining: u32::try_from(otp.attempts_remaining).unwrap_or(0),
            expired: otp.expires_at <= view.now,
        }),
        resend,
        other_channel: other_channel(view),
        error,
        can_stop: true,
    }
}

fn break_contact(base: ChallengeBase, view: &ChallengeView, report: ReportForm) -> BreakContactPage {
    let (variant, pause_ends_at) = (view.variant, view.pause_ends_at);
    BreakContactPage { base, variant, pause_ends_at, report }
}

fn other_channel(view: &ChallengeView) -> Option<String> {
    Some(view.otp.as_ref()?.other_channels.first()?.as_str().to_owned())
}

/// The form that hands the token to the platform's own page.
fn hand_over(view: &ChallengeView) -> Option<HandOver> {
    let (return_url, token) = view.after.clone()?;
    Some(HandOver { return_url, decision_token: Concealed::from(token?) })
}

/// Scheme and authority of a URL, as a CSP names them.
fn origin(url: &str) -> Option<String> {
    Some(url::Url::parse(url).ok()?.origin().ascii_serialization())
}

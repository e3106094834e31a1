//! The challenge pages in their states.

use ase_engine::variant::Variant;

use super::{HOSTILE, NONCE, Shown, at, bare_base, base, hostile_base, hostile_org, org};
use crate::pages::challenge::{
    BlockedPage, BreakContactPage, ChallengeBase, CodeError, CodePage, ConfirmedPage, ExpiredPage, HandOver,
    HeldPage, NotFoundPage, OrgView, OtherBrowserPage, OtpView, ProblemKind, ProblemPage, QuestionPage,
    ReportError, ReportForm, Resend, Shell, StopPage, StopState, Voice, Wait,
};

pub(super) fn show(shown: &mut Shown<'_>) {
    for (state, base) in [("plain", base()), ("bare", bare_base()), ("hostile", hostile_base())] {
        shown.page(state, &question(base.clone()));
        shown.page(state, &HeldPage { base: base.clone(), hand_over: None });
        shown.page(state, &BlockedPage { base: base.clone(), attempts_exhausted: false });
        shown.page(state, &ExpiredPage { base });
    }
    shown.page("unanswered", &QuestionPage { unanswered: true, ..question(base()) });
    shown.page("too_soon", &QuestionPage { too_soon: true, ..question(base()) });
    shown.page("exhausted", &BlockedPage { base: base(), attempts_exhausted: true });
    break_contact(shown);
    code(shown);
    ends(shown);
}

fn question(base: ChallengeBase) -> QuestionPage {
    QuestionPage { base, unanswered: false, too_soon: false, look_milliseconds: 800 }
}

fn break_contact(shown: &mut Shown<'_>) {
    let page = |base: ChallengeBase, report| BreakContactPage {
        base,
        variant: Variant::Default,
        pause_ends_at: None,
        report,
    };
    let pause_ends_at = Some(at(14, 33, 20));
    let plain = || page(base(), ReportForm::default());
    shown.page("pause", &BreakContactPage { pause_ends_at, ..plain() });
    shown.page("counter_script", &BreakContactPage { variant: Variant::CounterScript, ..plain() });
    shown.page("own_control", &BreakContactPage { variant: Variant::OwnControl, ..plain() });
    let bare = page(bare_base(), ReportForm::default());
    shown.page("own_control_bare", &BreakContactPage { variant: Variant::OwnControl, ..bare });
    shown.page("plain", &plain());
    shown.page("bare", &page(bare_base(), ReportForm::default()));
    shown.page("sent", &page(base(), ReportForm { sent: true, ..ReportForm::default() }));
    let empty = ReportForm { errors: vec![ReportError::Empty], ..ReportForm::default() };
    shown.page("empty", &page(base(), empty));
    let refused = ReportForm {
        sent: false,
        channel: HOSTILE.into(),
        contact: HOSTILE.repeat(3),
        claimed_identity: HOSTILE.into(),
        narrative: format!("</textarea>{}", HOSTILE.repeat(30)),
        errors: vec![
            ReportError::ChannelMissing,
            ReportError::ContactTooLong,
            ReportError::IdentityTooLong,
            ReportError::NarrativeTooLong,
        ],
    };
    let hostile = BreakContactPage { variant: Variant::OwnControl, ..page(hostile_base(), refused) };
    shown.page("hostile", &hostile);
    let kept = ReportForm {
        channel: "remote_access".into(),
        narrative: "They said my account was under attack.".into(),
        errors: vec![ReportError::ContactTooLong],
        ..ReportForm::default()
    };
    shown.page("refused", &page(base(), kept));
}

fn otp() -> OtpView {
    OtpView {
        channel: "email".into(),
        destination: "a••@example.com".into(),
        sent_at: at(14, 32, 0),
        code_expires_at: at(14, 37, 0),
        attempts_remaining: 5,
        expired: false,
    }
}

/// The code form with a pause before the next code.
pub(in crate::pages) fn code_page(voice: Voice) -> CodePage {
    let resend = Resend::Later { resend_available_at: at(14, 33, 52) };
    CodePage {
        base: ChallengeBase { voice, ..base() },
        otp: Some(otp()),
        resend,
        other_channel: None,
        error: None,
        can_stop: true,
    }
}

fn code(shown: &mut Shown<'_>) {
    let later = Resend::Later { resend_available_at: at(14, 33, 52) };
    let page = |otp, resend, error| CodePage {
        base: base(),
        otp,
        resend,
        other_channel: None,
        error,
        can_stop: true,
    };
    let by_text = OtpView { channel: "sms".into(), destination: "•••• 56".into(), ..otp() };
    let other = CodePage { other_channel: Some("email".into()), ..page(Some(by_text), Resend::Ready, None) };
    shown.page("by_text", &other);
    shown.page("plain", &code_page(base().voice));
    shown.page("ready", &page(Some(otp()), Resend::Ready, None));
    shown.page("exhausted", &page(Some(otp()), Resend::Exhausted, None));
    let last = OtpView { attempts_remaining: 1, ..otp() };
    shown.page("incorrect", &page(Some(last), later, Some(CodeError::Incorrect)));
    shown.page("malformed", &page(Some(otp()), later, Some(CodeError::Malformed)));
    shown.page("stale", &page(Some(otp()), later, Some(CodeError::Expired)));
    shown.page("too_early", &page(Some(otp()), later, Some(CodeError::ResendTooEarly)));
    let expired = OtpView { expired: true, ..otp() };
    shown.page("expired", &page(Some(expired.clone()), Resend::Ready, Some(CodeError::Expired)));
    shown.page("expired_exhausted", &page(Some(expired), Resend::Exhausted, None));
    shown.page("unsent", &page(None, Resend::Exhausted, None));
    shown.page("unsent_ready", &page(None, Resend::Ready, None));
    let hostile = OtpView { channel: HOSTILE.into(), destination: HOSTILE.into(), ..otp() };
    shown.page(
        "hostile",
        &CodePage {
            base: hostile_base(),
            otp: Some(hostile),
            resend: later,
            other_channel: Some(HOSTILE.into()),
            error: None,
            can_stop: false,
        },
    );
}

fn voice(switch: Option<String>) -> Voice {
    Voice { switch, chosen: true, ..Voice::default() }
}

fn shell(org: Option<OrgView>) -> Shell {
    Shell { voice: voice(None), nonce: NONCE.into(), org }
}

fn ends(shown: &mut Shown<'_>) {
    let hand_over = |return_url: &str, token: &str| {
        Some(HandOver { return_url: return_url.into(), decision_token: token.into() })
    };
    shown.page("plain", &ConfirmedPage { base: base(), hand_over: None });
    shown.page(
        "return",
        &ConfirmedPage { base: base(), hand_over: hand_over("https://shop.example/after", "t.o.k") },
    );
    shown.page("hostile", &ConfirmedPage { base: hostile_base(), hand_over: hand_over(HOSTILE, HOSTILE) });
    shown.page(
        "return",
        &HeldPage { base: base(), hand_over: hand_over("https://shop.example/after", "t.o.k") },
    );
    shown.page("plain", &NotFoundPage::new(NONCE, voice(Some(String::new()))));
    for (state, org) in [("plain", Some(org())), ("unknown", None), ("hostile", Some(hostile_org()))] {
        shown.page(state, &OtherBrowserPage { shell: shell(org) });
    }
    let stops = [
        ("open", StopState::Open, base()),
        ("stopped", StopState::Stopped, base()),
        ("late", StopState::Late, bare_base()),
        ("hostile", StopState::Open, hostile_base()),
    ];
    for (name, state, base) in stops {
        let path = "/challenge/ses_1/stop/k3y".to_owned();
        let page = StopPage {
            shell: Shell { voice: voice(Some(path.clone())), ..shell(Some(base.org)) },
            action: base.action,
            path,
            form_token: "k3y".into(),
            state,
        };
        shown.page(name, &page);
    }
    problems(shown);
}

/// With the official ways wherever a session is known, and without them where none is: as people get them.
fn problems(shown: &mut Shown<'_>) {
    let again = || Some("/challenge/ses_1".to_owned());
    let problem = |org, kind, wait: Option<u64>| ProblemPage {
        shell: shell(org),
        kind,
        retry_path: again(),
        wait: wait.map(Wait::of),
    };
    shown.page("plain", &problem(Some(org()), ProblemKind::Unavailable, None));
    shown.page("unknown", &problem(None, ProblemKind::Unavailable, Some(1)));
    shown.page("stale", &problem(Some(org()), ProblemKind::StaleForm, None));
    shown.page("stale_unknown", &problem(None, ProblemKind::StaleForm, None));
    shown.page("minutes", &problem(Some(org()), ProblemKind::TooMany, Some(1500)));
    shown.page("hours", &problem(Some(org()), ProblemKind::TooMany, Some(7000)));
    shown.page("tomorrow", &problem(Some(org()), ProblemKind::TooMany, Some(86_000)));
    shown.page("too_many_unknown", &problem(None, ProblemKind::TooMany, None));
    shown.page("too_long", &problem(None, ProblemKind::TooLong, None));
    shown.page("unread", &problem(None, ProblemKind::Unread, None));
    let hostile = problem(Some(hostile_org()), ProblemKind::TooMany, Some(60));
    shown.page("hostile", &ProblemPage { retry_path: Some(HOSTILE.into()), ..hostile });
}

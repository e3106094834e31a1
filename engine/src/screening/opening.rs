//! The session that a decision opens, with what is written beside it.

use serde_json::json;

use super::{Origin, ScreeningError};
use crate::Engine;
use crate::audit::action;
use crate::challenge::SESSION_TTL;
use crate::contact::Contact;
use crate::decision::{Decision, Outcome};
use crate::directory::Tenant;
use crate::event::Event;
use crate::history::History;
use crate::id::random_id;
use crate::issue::{Bound, issue};
use crate::journal::{Journal, engine_actor};
use crate::outbox::{Channel, Kind, Payload, Reader};
use crate::session::Stage;
use crate::store::decision_tokens::NewToken;
use crate::store::outbox::NewMessage;
use crate::store::sessions::NewSession;
use crate::token::Assurance;

/// A session about to be written, with its token, its mail and its audit entries.
pub(super) struct Opening {
    pub(super) session: NewSession,
    pub(super) token: Option<NewToken>,
    /// The token as the caller gets it.
    pub(super) signed: Option<String>,
    pub(super) message: Option<NewMessage>,
    pub(super) journal: Journal,
}

impl Engine {
    pub(super) fn open(
        &self,
        tenant: &Tenant,
        origin: &Origin,
        event: &Event,
        history: &History,
        decision: &Decision,
    ) -> Result<Opening, ScreeningError> {
        let now = history.now;
        // only who is challenged is written to
        let contact = (decision.outcome == Outcome::DelayVerify)
            .then(|| Contact::of(event, &tenant.org, history.first_seen_at.is_some()));
        let session = new_session(tenant, decision, contact.as_ref(), history)?;
        let issued = session
            .outcome
            .map(|outcome| {
                let bound = Bound::of(event, &session.session_id);
                issue(tenant, &self.public_url, &bound, outcome, Assurance::ScoreOnly, now)
            })
            .transpose()
            .or(Err(ScreeningError::Writing("token")))?;
        let message = match contact.filter(|_| origin.invite) {
            Some(contact) => self.invitation(tenant, contact, &session, history)?,
            None => None,
        };
        let mut opening = Opening {
            journal: Journal::new(&tenant.org.org_id, Some(&session.session_id), now),
            token: None,
            signed: None,
            session,
            message,
        };
        if let Some((token, signed)) = issued {
            opening.token = Some(token);
            opening.signed = Some(signed);
        }
        tell(&mut opening, tenant, origin, event, decision);
        Ok(opening)
    }

    /// The mail with the challenge link, where the subject can be reached.
    fn invitation(
        &self,
        tenant: &Tenant,
        contact: Contact,
        session: &NewSession,
        history: &History,
    ) -> Result<Option<NewMessage>, ScreeningError> {
        let Some(to) = contact.email else { return Ok(None) };
        let message_id = random_id("msg_", &mut rand::rng());
        let payload = Payload {
            to,
            name: contact.name,
            locale: contact.locale,
            reader: Reader::default(),
            action: contact.action,
            code: None,
            challenge_url: Some(self.challenge_url(&session.session_id)),
            stop_url: Some(self.stop_url(&tenant.vault, &session.session_id)),
            demotion: None,
            expires_at: session.expires_at,
            created_at: history.now,
        };
        let payload = payload.seal(&tenant.vault, &message_id).ok_or(ScreeningError::Writing("mail"))?;
        Ok(Some(NewMessage { message_id, kind: Kind::Challenge, channel: Channel::Email, payload }))
    }
}

fn new_session(
    tenant: &Tenant,
    decision: &Decision,
    contact: Option<&Contact>,
    history: &History,
) -> Result<NewSession, ScreeningError> {
    let session_id = random_id("ses_", &mut rand::rng());
    let stage = match decision.outcome {
        Outcome::Allow => Stage::Allowed,
        Outcome::DelayVerify => Stage::Question,
        Outcome::BlockEscalate => Stage::Blocked,
    };
    let challenged = stage == Stage::Question;
    // somebody guided the person a short while ago: whatever they say now, a person looks first
    let prior_break_contact = challenged && history.broke_contact();
    let sealed = contact
        .map(|contact| contact.seal(&tenant.vault, &session_id).ok_or(ScreeningError::Writing("contact")))
        .transpose()?;
    Ok(NewSession {
        session_id,
        status: stage.status(),
        stage,
        outcome: stage.outcome(),
        assurance: stage.outcome().map(|_| Assurance::ScoreOnly),
        challenged,
        otp_required: challenged && decision.otp_required,
        hold: challenged && (decision.hold || prior_break_contact),
        prior_break_contact,
        contact: sealed,
        expires_at: history.now + SESSION_TTL,
        resolved_at: (!challenged).then_some(history.now),
    })
}

/// Notes what a screening does, without personal data.
fn tell(opening: &mut Opening, tenant: &Tenant, origin: &Origin, event: &Event, decision: &Decision) {
    let session = &opening.session;
    let journal = &mut opening.journal;
    let codes: Vec<&str> = decision.score.reasons.iter().map(|reason| reason.code.as_str()).collect();
    journal.note(
        &origin.actor,
        action::CHECKPOINT_CREATED,
        json!({
            "source_id": origin.source_id, "event_id": event.id, "event_type": event.event_type,
            "prior_break_contact": session.prior_break_contact,
        }),
    );
    journal.note(
        &engine_actor(),
        action::EVENT_SCORED,
        json!({
            "outcome": decision.outcome.as_str(), "score": decision.score.points, "reasons": codes,
            "policy": tenant.policy.name, "policy_version": tenant.policy.version,
            "policy_digest": tenant.policy.digest,
        }),
    );
    if let Some(outcome) = session.outcome {
        let resolved = json!({ "outcome": outcome.as_str(), "stage": session.stage.as_str() });
        journal.note(&engine_actor(), action::SESSION_RESOLVED, resolved);
    }
    if let Some(token) = &opening.token {
        journal.note(&engine_actor(), action::TOKEN_ISSUED, json!({ "token_id": token.token_id }));
    }
    if let Some(message) = &opening.message {
        let queued = json!({ "message_id": message.message_id, "kind": message.kind.as_str() });
        journal.note(&engine_actor(), action::EMAIL_QUEUED, queued);
    }
}

//! Flow 2: a subject's answer comes in, a decision token comes out, and the platform redeems it.
//!
//! Every step is one transaction that begins with the session's row locked: parallel answers queue up, and each
//! sees what the one before it did. Pages and API come through here alike and share every counter.

mod answer;
mod code;
mod expiry;
mod lost;
mod notice;
mod redemption;
mod renewal;
mod report;
mod ruling;
mod sending;
mod stop;
mod view;

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use thiserror::Error;

pub use answer::{IntentAnswer, Next};
pub use code::RespondAnswer;
pub use lost::Fate;
pub use redemption::{Expectation, ExpectedAmount, Redemption, VerifyAnswer};
pub use renewal::Renewed;
pub use report::Report;
pub use ruling::{NewRuling, Ruling, hold_ends_at};
pub use stop::{StopView, Stoppable};
pub use view::{ChallengeView, OtpView, SessionView, Standing};

use crate::Engine;
use crate::access::Caller;
use crate::audit::{Actor, ActorType, action};
use crate::challenge::BREAK_CONTACT_FOR;
use crate::contact::Contact;
use crate::directory::Tenant;
use crate::issue::{Bound, issue};
use crate::journal::{Journal, engine_actor};
use crate::limit::{EVERYWHERE, network};
use crate::outbox::Reader;
use crate::problem::FieldError;
use crate::session::{Demands, InvalidTransition, Stage};
use crate::store::history::subject_lock;
use crate::store::rate_limits::Refusal;
use crate::store::sessions::{Move, SessionRow};
use crate::store::{self, Scope, StoreError, Tx};
use crate::token::{Assurance, TokenOutcome};
use crate::variant::Variant;
use crate::vault::OrgVault;

/// Who answers for a session.
#[derive(Debug, Clone, Copy)]
pub enum Access<'a> {
    /// The organisation's back end.
    Key(&'a Caller),
    /// A browser, known by its cookie. The first to answer is the only one that may go on.
    Browser(&'a Visitor),
}

/// A browser that was shown a challenge.
#[derive(Clone)]
pub struct Visitor {
    /// Its cookie.
    pub cookie: String,
    /// Where it asks from, for the limits per network.
    pub address: Option<IpAddr>,
    /// What it says of languages, for the mails that follow.
    pub reader: Reader,
    /// When it was shown the page whose form it sends; `None` for what is no form of a page.
    pub shown_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Visitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visitor").finish_non_exhaustive()
    }
}

/// Why a step was not taken.
#[derive(Debug, Error)]
pub enum VerificationError {
    /// No such session, or another organisation's.
    #[error("there is no such session")]
    NotFound,
    /// Its time is over.
    #[error("the session's time is over")]
    Expired,
    /// Out of order.
    #[error("the session does not take this step now")]
    InvalidTransition,
    /// The question was not shown for long enough to be read.
    #[error("the answer came too soon after the question")]
    TooSoon,
    /// Another browser answered first.
    #[error("the session belongs to another browser")]
    OtherBrowser,
    /// Not six digits; no attempt was burnt.
    #[error("the code must be six digits")]
    OtpMalformed,
    /// The wrong six digits.
    #[error("the code is not right")]
    OtpIncorrect {
        /// Tries left on this code.
        attempts_remaining: i32,
    },
    /// The code's time is over; another can be sent.
    #[error("the code's time is over")]
    OtpExpired,
    /// No tries left: the session is blocked.
    #[error("no attempts are left")]
    OtpExhausted,
    /// Another code can be sent later.
    #[error("another code can be sent later")]
    ResendTooEarly {
        /// When.
        available_at: DateTime<Utc>,
        /// In how many seconds.
        seconds: i64,
    },
    /// As many codes as a session gets were sent.
    #[error("no more codes can be sent in this session")]
    SendsExhausted,
    /// It happened too often lately.
    #[error("it happened too often lately")]
    Limited(Refusal),
    /// The person was just asked to hang up, and to do nothing else for now.
    #[error("the pause is not over")]
    Paused {
        /// Seconds until it is.
        seconds: i64,
    },
    /// A hold lasts a while before anybody may let it through.
    #[error("the hold cannot be released yet")]
    HoldNotOver {
        /// From when on it can be.
        available_at: DateTime<Utc>,
    },
    /// The platform went ahead already.
    #[error("it went ahead already")]
    WentAhead,
    /// The session was not stopped, so there is nothing to report of it.
    #[error("the session was not stopped")]
    NothingToReport,
    /// As many reports as a session takes were filed.
    #[error("no more reports can be filed in this session")]
    ReportsExhausted,
    /// A field is wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The store did not answer: nothing happened.
    #[error(transparent)]
    Store(StoreError),
    /// What was to be written could not be put into words or signed.
    #[error("the answer could not be written: {0}")]
    Writing(&'static str),
}

impl From<StoreError> for VerificationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Transition => Self::InvalidTransition,
            other => Self::Store(other),
        }
    }
}

impl From<InvalidTransition> for VerificationError {
    fn from(_: InvalidTransition) -> Self {
        Self::InvalidTransition
    }
}

/// A session whose row is locked, with all that a step needs.
struct Opened {
    tenant: Arc<Tenant>,
    tx: Tx,
    session: SessionRow,
    contact: Option<Contact>,
    journal: Journal,
    actor: Actor,
    /// Digest of the browser's cookie, for the first answer.
    binding: Option<[u8; 32]>,
    /// Where the browser asks from, as limits count it.
    network: Option<String>,
    /// The languages of whoever reads the next mail.
    reader: Reader,
    /// The deployment can send text messages.
    texts: bool,
    /// Keys for what is counted over all organisations.
    shared: OrgVault,
}

impl Opened {
    fn org_id(&self) -> &str {
        &self.session.org_id
    }

    fn demands(&self) -> Demands {
        Demands {
            otp_required: self.session.otp_required,
            hold: self.session.hold,
            reachable: !self.ways().is_empty(),
        }
    }

    /// The wording that whoever breaks off contact reads, from now on in every view of the session.
    fn choose_variant(&self) -> Variant {
        self.tenant.variants.pick(&self.tenant.vault.variant_digest(&self.session.session_id))
    }

    fn note(&mut self, action: &str, metadata: serde_json::Value) {
        let actor = self.actor.clone();
        self.journal.note(&actor, action, metadata);
    }

    /// Writes the journal and makes everything so.
    async fn commit(mut self) -> Result<(), VerificationError> {
        store::audit_entries::append(&mut self.tx, &self.session.org_id, self.journal.entries()).await?;
        Ok(self.tx.commit().await?)
    }
}

impl Engine {
    /// The tenant of a session, whoever asks; `None` when there is no such session.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn tenant_of(&self, session_id: &str) -> Result<Option<Arc<Tenant>>, StoreError> {
        match self.store.org_of_session(session_id).await? {
            Some(org_id) => self.directory.tenant(&org_id).await,
            None => Ok(None),
        }
    }

    /// Locks a session for a step of `access`.
    async fn unlock(&self, session_id: &str, access: Access<'_>) -> Result<Opened, VerificationError> {
        let mut opened = match access {
            Access::Key(caller) => {
                self.locked(session_id, Some(&caller.tenant.org.org_id), caller.actor()).await?
            }
            Access::Browser(_) => {
                let actor = Actor { actor_type: ActorType::Subject, id: String::new() };
                self.locked(session_id, None, actor).await?
            }
        };
        let Access::Browser(visitor) = access else { return Ok(opened) };
        opened.actor.id.clone_from(&opened.session.subject_id);
        opened.network = visitor.address.map(network);
        opened.reader = visitor.reader.clone();
        let binding = opened.tenant.vault.binding_hash(session_id, &visitor.cookie);
        let bound = opened.session.binding_hash.as_ref();
        let stranger = bound.is_some_and(|bound| !crate::challenge::otp::code_matches(bound, &binding));
        opened.binding = Some(binding);
        if stranger {
            opened.note(action::SESSION_BINDING_MISMATCH, json!({}));
            opened.commit().await?;
            return Err(VerificationError::OtherBrowser);
        }
        Ok(opened)
    }

    /// A challenged session, and everything about its subject, kept from all others until the transaction ends: what
    /// is said in one session must be known in the next. `owner` is the organisation that it must belong to.
    async fn locked(
        &self,
        session_id: &str,
        owner: Option<&str>,
        actor: Actor,
    ) -> Result<Opened, VerificationError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let found = store::sessions::owner_of(&mut tx, session_id).await?;
        tx.commit().await?;
        let (org_id, subject_id) = found.ok_or(VerificationError::NotFound)?;
        if owner.is_some_and(|owner| owner != org_id) {
            return Err(VerificationError::NotFound);
        }
        let tenant = self.directory.tenant(&org_id).await?.ok_or(VerificationError::NotFound)?;
        let mut tx = self.store.begin_serialized(&org_id, subject_lock(&org_id, &subject_id)).await?;
        let session = store::sessions::find_locked(&mut tx, &org_id, session_id).await?;
        let session = session.filter(|session| session.challenged).ok_or(VerificationError::NotFound)?;
        Ok(Opened {
            contact: Contact::open(&tenant.vault, session_id, session.contact.as_deref()),
            journal: Journal::new(&org_id, Some(session_id), session.now),
            tenant,
            tx,
            session,
            actor,
            binding: None,
            network: None,
            reader: Reader::default(),
            texts: self.texts,
            shared: self.master.org(EVERYWHERE),
        })
    }

    /// Whoever broke off contact in another session a short while ago gets nothing but a hold in this one.
    async fn inherit(&self, opened: &mut Opened) -> Result<(), VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let subject_id = opened.session.subject_id.clone();
        let hours = i32::try_from(BREAK_CONTACT_FOR.num_hours()).unwrap_or(24);
        let broke =
            store::sessions::broke_contact(&mut opened.tx, &org_id, &subject_id, &session_id, hours).await?;
        if broke && !opened.session.hold {
            store::sessions::inherit_break_contact(&mut opened.tx, &org_id, &session_id).await?;
            opened.session.hold = true;
            opened.journal.note(&engine_actor(), action::SESSION_BREAK_CONTACT_INHERITED, json!({}));
        }
        Ok(())
    }

    /// Moves a session and, where that resolves it, issues its token. The token is returned.
    async fn advance(
        &self,
        opened: &mut Opened,
        to: Stage,
        assurance: Option<Assurance>,
    ) -> Result<Option<String>, VerificationError> {
        let variant = (to == Stage::BreakContact).then(|| opened.choose_variant());
        let step = Move {
            org_id: &opened.tenant.org.org_id,
            session_id: &opened.session.session_id,
            from: opened.session.stage,
            to,
            intent: opened.session.intent,
            assurance,
            binding_hash: opened.binding.as_ref(),
            variant,
            reviewed_by: None,
        };
        let held = step.from == Stage::Held;
        let resolved_at = store::sessions::advance(&mut opened.tx, &step).await?;
        if to == Stage::BreakContact {
            revoke_unused(opened).await?;
        }
        opened.session.variant = opened.session.variant.or(variant);
        opened.session.stage = to;
        opened.session.status = to.status();
        opened.session.outcome = to.outcome();
        opened.session.assurance = assurance.or(opened.session.assurance);
        opened.session.resolved_at = resolved_at;
        let (Some(outcome), Some(assurance)) = (to.outcome(), assurance) else { return Ok(None) };
        let mut resolved =
            json!({ "outcome": outcome.as_str(), "stage": to.as_str(), "assurance": assurance.as_str() });
        if let (Some(variant), Some(resolved)) = (variant, resolved.as_object_mut()) {
            resolved.insert("break_contact_variant".to_owned(), variant.as_str().into());
        }
        opened.journal.note(&engine_actor(), action::SESSION_RESOLVED, resolved);
        // what was held has its token, which says block whatever comes after it
        if held {
            return Ok(None);
        }
        self.issue_token(opened, outcome, assurance).await.map(Some)
    }

    async fn issue_token(
        &self,
        opened: &mut Opened,
        outcome: TokenOutcome,
        assurance: Assurance,
    ) -> Result<String, VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let action_row = store::events::bound_action(&mut opened.tx, &org_id, &session_id).await?;
        let bound = Bound::of_row(&action_row, &session_id);
        let (token, signed) =
            issue(&opened.tenant, &self.public_url, &bound, outcome, assurance, opened.session.now)
                .or(Err(VerificationError::Writing("token")))?;
        store::decision_tokens::insert(&mut opened.tx, &org_id, &session_id, &token, opened.session.now)
            .await?;
        opened.journal.note(&engine_actor(), action::TOKEN_ISSUED, json!({ "token_id": token.token_id }));
        Ok(signed)
    }
}

/// What the person was let through with elsewhere, and not gone ahead with yet, falls with this session.
async fn revoke_unused(opened: &mut Opened) -> Result<(), VerificationError> {
    let SessionRow { org_id, session_id, subject_id, now, .. } = &opened.session;
    let revoked = store::sessions::revoke_unused(&mut opened.tx, org_id, subject_id, session_id).await?;
    for other in revoked {
        let mut journal = Journal::new(org_id, Some(&other), *now);
        let noted = json!({ "stage": Stage::Allowed.as_str(), "told_in": session_id });
        journal.note(&engine_actor(), action::SESSION_REVOKED, noted);
        store::audit_entries::append(&mut opened.tx, org_id, journal.entries()).await?;
    }
    Ok(())
}

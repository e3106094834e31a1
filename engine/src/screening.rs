//! Flow 1: an event comes in, a decision and a session come out.
//!
//! One transaction: serialize by subject, deduplicate, read history, score, decide, open the session, audit,
//! queue mail, commit, answer.

mod answer;
mod judged;
mod notice;
mod opening;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use answer::{DecisionAnswer, PolicyRef, SessionRef};
pub use notice::NoticeAnswer;

use self::judged::Judged;
use self::opening::Opening;
use crate::Engine;
use crate::audit::Actor;
use crate::decision::{Decision, decide};
use crate::directory::Tenant;
use crate::event::{Category, Event};
use crate::features::Features;
use crate::inbox::Arrival;
use crate::shadow::Made;
use crate::signal::Group;
use crate::store::history::{self, Earlier, Query};
use crate::store::{self, StoreError};
use crate::trace::Keymaker;

/// The source of direct calls: the organisation itself, by one of its keys.
pub const API_SOURCE: &str = "api";

/// Where an event came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The source; [`API_SOURCE`] for direct calls.
    pub source_id: String,
    /// Who brought it.
    pub actor: Actor,
    /// Digest of the delivery's body and the event's place in it, so that the same body under another id is
    /// recognized. `None` for direct calls.
    pub delivery: Option<([u8; 32], i32)>,
    /// The delivery itself, with its first event: it is kept in the same transaction.
    pub arrival: Option<Arrival>,
    /// The subject is mailed the challenge link: nobody shows it to them.
    pub invite: bool,
    /// The time to judge at, in a simulation; `None` everywhere else, where time is the database's.
    pub now: Option<DateTime<Utc>>,
}

/// What an event became.
#[derive(Debug)]
pub enum Screened {
    /// It was scored.
    Decision(Box<DecisionAnswer>),
    /// It was recorded.
    Notice(NoticeAnswer),
}

/// Why an event was not screened.
#[derive(Debug, Error)]
pub enum ScreeningError {
    /// The same id came before with another body.
    #[error("an event with this id was screened before and differs")]
    Conflict,
    /// The store did not answer: nothing happened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was to be written could not be put into words or signed.
    #[error("the decision could not be written: {0}")]
    Writing(&'static str),
}

impl Engine {
    /// Screens one event. The same event (source, id) gives the same decision, however often it comes.
    ///
    /// # Errors
    /// [`ScreeningError`]; then nothing was written.
    pub async fn screen(
        &self,
        tenant: &Arc<Tenant>,
        origin: &Origin,
        event: Event,
    ) -> Result<Screened, ScreeningError> {
        if event.event_type.category() == Category::Notice {
            return self.record_notice(tenant, origin, &event).await.map(Screened::Notice);
        }
        match self.screen_once(tenant, origin, &event).await {
            // another subject's event took the id between the reading and the writing: read again
            Err(ScreeningError::Store(StoreError::Taken(_))) => {
                self.screen_once(tenant, origin, &event).await
            }
            other => other,
        }
        .map(|answer| Screened::Decision(Box::new(answer)))
    }

    async fn screen_once(
        &self,
        tenant: &Arc<Tenant>,
        origin: &Origin,
        event: &Event,
    ) -> Result<DecisionAnswer, ScreeningError> {
        let org_id = tenant.org.org_id.as_str();
        let written = serde_json::to_vec(event).or(Err(ScreeningError::Writing("event")))?;
        let request_digest: [u8; 32] = Sha256::digest(&written).into();
        let delivery = origin.delivery.as_ref().map(|(digest, ordinal)| (digest, *ordinal));

        let lock = history::subject_lock(org_id, &event.subject.id);
        let mut tx = self.store.begin_serialized(org_id, lock).await?;
        let keymaker = Keymaker::new(&tenant.vault, event.test);
        let keys = keymaker.keys(event);
        let query =
            Query { org_id, source_id: &origin.source_id, event, keys: &keys, delivery, now: origin.now };
        let past = history::read(&mut tx, query).await?;
        if let Some(earlier) = past.earlier {
            let answer = self.answer_again(tenant, &mut tx, &earlier, &request_digest).await?;
            if let Some(arrival) = &origin.arrival {
                store::deliveries::keep(&mut tx, &arrival.row("done", None)).await?;
                tx.commit().await?;
            }
            return Ok(answer);
        }
        let judged = Judged::new(event, past.history, &past.account, &past.linked, &keys, keymaker);
        let features = &judged.features;
        let decision = decide(features, &tenant.policy.policy, &tenant.policy.rules);
        let opening = self.open(tenant, origin, event, &features.history, &decision)?;
        let arrival = origin.arrival.as_ref().map(|arrival| arrival.row("done", None));
        let record = store::screening::Record {
            org_id,
            source_id: &origin.source_id,
            event,
            personal: &tenant.vault.seal(
                &format!("event/{}", opening.session.session_id),
                &written,
                &mut rand::rng(),
            ),
            request_digest: &request_digest,
            delivery,
            occurred_at: judged.occurred_at,
            features,
            keys: &keys,
            tainted: &judged.tainted,
            confirmed: if judged.complains { &past.linked.sessions } else { &[] },
            account: judged.account.as_ref(),
            device: past.linked.device.as_ref(),
            card: past.linked.card.as_ref(),
            decision: &decision,
            policy: &tenant.policy,
            session: &opening.session,
            token: opening.token.as_ref(),
            message: opening.message.as_ref(),
            arrival: arrival.as_ref(),
            entries: opening.journal.entries(),
        };
        store::screening::write(&mut tx, &record).await?;
        tx.commit().await?;
        if !event.test {
            self.shadows.offer(made(tenant, judged.features, &decision, &opening));
        }
        Ok(self.first_answer(tenant, event, decision, opening))
    }

    /// The answer to an event that was screened before.
    async fn answer_again(
        &self,
        tenant: &Tenant,
        tx: &mut store::Tx,
        earlier: &Earlier,
        request_digest: &[u8; 32],
    ) -> Result<DecisionAnswer, ScreeningError> {
        if earlier.same_id && earlier.request_digest != request_digest {
            return Err(ScreeningError::Conflict);
        }
        let org_id = tenant.org.org_id.as_str();
        let row = store::events::of_session(tx, org_id, &earlier.session_id)
            .await?
            .ok_or(StoreError::Corrupt("duplicate event"))?;
        let token = self.token_of(tenant, tx, &earlier.session_id).await?;
        Ok(self.repeated_answer(row, token))
    }
}

/// What is handed on of a decision, for what happens beside it.
fn made(tenant: &Arc<Tenant>, features: Features, decision: &Decision, opening: &Opening) -> Made {
    Made {
        session_id: opening.session.session_id.clone(),
        outcome: decision.outcome,
        demanded: is_demanded(tenant, &features, decision),
        decided_at: features.history.now,
        failed_rules: decision.score.failed.len() as u64,
        event_type: features.event.event_type.as_str().to_owned(),
        features: (!tenant.shadows.is_empty()).then(|| Box::new(features)),
        tenant: Arc::clone(tenant),
    }
}

/// True when somebody seems to guide the person, or a list names them, and a floor of the policy demands the delay for
/// that alone. Other floors are a version's own doing.
fn is_demanded(tenant: &Tenant, features: &Features, decision: &Decision) -> bool {
    let policy = &tenant.policy.policy;
    let delay_from = policy.bands(&features.event.event_type).delay_from;
    let grave = |code: &str| {
        let signals = policy.signals.all();
        let signal = signals.iter().find(|signal| signal.code() == code);
        signal.is_some_and(|signal| matches!(signal.group(), Group::Coercion | Group::Lists))
    };
    let found = |code: &str| decision.score.reasons.iter().any(|reason| reason.code == code);
    let category = features.event.category();
    let mut floors = policy.floors.iter().filter(|floor| floor.score >= delay_from && floor.covers(category));
    floors.any(|floor| found(&floor.when_reason) && grave(&floor.when_reason))
}

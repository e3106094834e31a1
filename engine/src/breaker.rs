//! `Breaker`: takes a new policy version back when it stops far more, or far fewer, people than what was before it.
//!
//! It compares the share of delays and blocks of the last hour with that of the seven days before the version went
//! live, per event type. What a floor demands does not count: a wave of real scams is no fault of a version. The
//! version goes on in shadow, so that its author sees what it would have done.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::id::random_id;
use crate::journal::{Journal, engine_actor};
use crate::outbox::{ActionWords, Channel, DemotionWords, Kind, Payload, Reader};
use crate::policy::Status;
use crate::store::decision_counts::Window;
use crate::store::outbox::NewMessage;
use crate::store::policies::PolicyRow;
use crate::store::{self, Scope, StoreError, Tx};
use crate::vault::OrgVault;

/// With fewer decisions of a type than this, nothing is said of it.
const DECISIONS_MIN: i64 = 50;
/// A share leaves its band above this multiple of the earlier one, and below its inverse.
const TIMES: f64 = 3.0;
/// A share never leaves its band by less than this.
const MARGIN: f64 = 0.05;
/// How long it is worth telling somebody that a version was taken back.
const NEWS: TimeDelta = TimeDelta::days(1);
/// Without an earlier share, at most so many may be stopped.
const UNKNOWN_BASE: f64 = 0.5;

/// A version that left its band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tripped {
    /// For which event type.
    pub event_type: String,
    /// Decisions of the last hour.
    pub decisions: i64,
    /// The share of them that was delayed or blocked.
    pub share: f64,
    /// From where the band begins.
    pub band_from: f64,
    /// To where it goes.
    pub band_to: f64,
}

/// A version that was taken back.
#[derive(Debug, Clone)]
pub struct Demotion {
    /// Whose.
    pub org_id: String,
    /// The version that decided until now.
    pub demoted: String,
    /// The version that decides again.
    pub restored: PolicyRow,
    /// What was seen.
    pub seen: Tripped,
}

/// Looks at one type of a version.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "shares of counts far below 2^52")]
pub fn look(window: &Window) -> Option<Tripped> {
    if window.decisions < DECISIONS_MIN {
        return None;
    }
    let share = window.stopped as f64 / window.decisions as f64;
    let (band_from, band_to) = if window.base_decisions < DECISIONS_MIN {
        (0.0, UNKNOWN_BASE)
    } else {
        let base = window.base_stopped as f64 / window.base_decisions as f64;
        ((base / TIMES).min(base - MARGIN).max(0.0), (base * TIMES).max(base + MARGIN).min(1.0))
    };
    let tripped = share > band_to || share < band_from;
    tripped.then(|| Tripped {
        event_type: window.event_type.clone(),
        decisions: window.decisions,
        share,
        band_from,
        band_to,
    })
}

impl Engine {
    /// Looks at every live version of less than a day, and takes back those that left their band.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; what was taken back until then stays so.
    pub async fn run_breaker(&self) -> Result<Vec<Demotion>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let windows = store::decision_counts::windows(&mut tx).await?;
        tx.commit().await?;
        let mut demotions: Vec<Demotion> = Vec::new();
        for window in windows {
            let again = demotions.iter().any(|done| done.org_id == window.org_id);
            if let Some(seen) = look(&window).filter(|_| !again) {
                demotions.extend(self.demote(&window, seen).await?);
            }
        }
        Ok(demotions)
    }

    /// Takes a live version back, unless another node did or there is nothing to go back to. Whoever answers for the
    /// organisation is written to.
    async fn demote(&self, window: &Window, seen: Tripped) -> Result<Option<Demotion>, StoreError> {
        let org_id = window.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::policies::queue(&mut tx, org_id).await?;
        let judging = store::policies::judging(&mut tx, org_id).await?;
        let live = judging.into_iter().find(|row| row.status == Status::Live.as_str());
        let Some(live) = live.filter(|live| live.digest == window.policy_digest) else { return Ok(None) };
        let Some(restored) = store::policies::previous(&mut tx, org_id).await? else { return Ok(None) };
        let noted = json!({
            "policy_digest": window.policy_digest, "restored": restored.name, "version": restored.version,
            "restored_digest": restored.digest, "seen": seen,
        });
        store::policies::note_demotion(&mut tx, org_id, &noted).await?;
        let after = Status::Shadow.as_str();
        store::policies::make_live(&mut tx, org_id, &restored.name, restored.version, "breaker", after)
            .await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let actor = Actor { actor_type: ActorType::System, id: "breaker".to_owned() };
        journal.note(&actor, action::POLICY_DEMOTED, noted);
        let words = DemotionWords {
            name: live.name,
            version: live.version,
            restored_name: restored.name.clone(),
            restored_version: restored.version,
            seen: seen.clone(),
        };
        tell(&mut tx, &self.master.org(org_id), org_id, &words, &mut journal).await?;
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        let demoted = window.policy_digest.clone();
        Ok(Some(Demotion { org_id: org_id.to_owned(), demoted, restored, seen }))
    }
}

/// Queues a mail to each of those who answer for the organisation.
async fn tell(
    tx: &mut Tx,
    vault: &OrgVault,
    org_id: &str,
    words: &DemotionWords,
    journal: &mut Journal,
) -> Result<(), StoreError> {
    let now = tx.now().await?;
    for to in store::users::operators(tx, org_id).await? {
        let message = message(vault, to, words.clone(), now)?;
        store::outbox::queue(tx, org_id, None, &message, now).await?;
        let queued = json!({ "message_id": message.message_id, "kind": message.kind.as_str() });
        journal.note(&engine_actor(), action::EMAIL_QUEUED, queued);
    }
    Ok(())
}

fn message(
    vault: &OrgVault,
    to: String,
    words: DemotionWords,
    now: DateTime<Utc>,
) -> Result<NewMessage, StoreError> {
    let message_id = random_id("msg_", &mut rand::rng());
    let payload = Payload {
        to,
        name: None,
        locale: None,
        reader: Reader::default(),
        action: ActionWords::default(),
        code: None,
        challenge_url: None,
        stop_url: None,
        demotion: Some(words),
        expires_at: now + NEWS,
        created_at: now,
    };
    let payload = payload.seal(vault, &message_id).ok_or(StoreError::Corrupt("message"))?;
    Ok(NewMessage { message_id, kind: Kind::Demotion, channel: Channel::Email, payload })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(decisions: i64, stopped: i64, base_decisions: i64, base_stopped: i64) -> Window {
        Window {
            org_id: "org_a".to_owned(),
            policy_digest: "sha256:a".to_owned(),
            event_type: "payout.created".to_owned(),
            decisions,
            stopped,
            base_decisions,
            base_stopped,
        }
    }

    #[test]
    fn a_share_far_from_the_earlier_one_trips() {
        let table = [
            (window(49, 49, 1000, 10), false),
            (window(50, 50, 1000, 10), true),
            // 1 % before: the band ends at 6 %
            (window(100, 6, 1000, 10), false),
            (window(100, 7, 1000, 10), true),
            // 20 % before: from a fifteenth to sixty in a hundred
            (window(100, 60, 1000, 200), false),
            (window(100, 61, 1000, 200), true),
            (window(100, 7, 1000, 200), false),
            (window(100, 6, 1000, 200), true),
            // nothing before
            (window(100, 50, 0, 0), false),
            (window(100, 51, 0, 0), true),
            (window(100, 0, 1000, 10), false),
        ];
        for (window, tripped) in table {
            assert_eq!(look(&window).is_some(), tripped, "{window:?}");
        }
    }
}

//! What the caller is told of a decision: the shape of the public contract.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::opening::Opening;
use crate::Engine;
use crate::decision::Decision;
use crate::directory::Tenant;
use crate::event::Event;
use crate::score::Reason;
use crate::store::events::ScreenedRow;
use crate::vault::OrgVault;

/// The answer to an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecisionAnswer {
    /// As given.
    pub event_id: String,
    /// `allow`, `delay_verify` or `block_escalate`.
    pub outcome: String,
    /// 0 to 100: the sum of the reasons' points.
    pub score: i32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Fields that would have told more.
    pub missing: Vec<String>,
    /// What the outcome would have been, had the policy not only watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// Until when a passed challenge is held for an analyst.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<DateTime<Utc>>,
    /// Under which policy.
    pub policy: PolicyRef,
    /// The session it opened.
    pub session: SessionRef,
    /// Signed, single use; absent while a challenge is open.
    pub decision_token: Option<String>,
    /// The event was screened before.
    pub duplicate: bool,
}

/// A policy version by name and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyRef {
    /// Its name.
    pub name: String,
    /// Its number.
    pub version: i32,
    /// `sha256:` and the digest of its canonical form.
    pub digest: String,
}

/// A session as callers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionRef {
    /// `ses_...`.
    pub id: String,
    /// `pending`, `resolved` or `expired`.
    pub status: String,
    /// The hosted page.
    pub challenge_url: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl Engine {
    /// The hosted page of a session.
    #[must_use]
    pub fn challenge_url(&self, session_id: &str) -> String {
        format!("{}/challenge/{session_id}", self.public_url)
    }

    /// Where a mail's receiver can stop what a session is about.
    pub(crate) fn stop_url(&self, vault: &OrgVault, session_id: &str) -> String {
        format!("{}/challenge/{session_id}/stop/{}", self.public_url, vault.stop_key(session_id))
    }

    pub(super) fn first_answer(
        &self,
        tenant: &Tenant,
        event: &Event,
        decision: Decision,
        opening: Opening,
    ) -> DecisionAnswer {
        DecisionAnswer {
            event_id: event.id.clone(),
            outcome: decision.outcome.as_str().to_owned(),
            score: decision.score.points,
            reasons: decision.score.reasons,
            missing: decision.score.missing,
            observed: decision.observed.map(|outcome| outcome.as_str().to_owned()),
            // the store keeps microseconds, and a repeated answer is the same
            hold_until: decision.hold_until,
            policy: PolicyRef {
                name: tenant.policy.name.clone(),
                version: tenant.policy.version,
                digest: tenant.policy.digest.clone(),
            },
            session: SessionRef {
                challenge_url: self.challenge_url(&opening.session.session_id),
                status: opening.session.status.as_str().to_owned(),
                expires_at: opening.session.expires_at,
                id: opening.session.session_id,
            },
            decision_token: opening.signed,
            duplicate: false,
        }
    }

    pub(super) fn repeated_answer(&self, row: ScreenedRow, token: Option<String>) -> DecisionAnswer {
        DecisionAnswer {
            event_id: row.event_id,
            outcome: row.decision,
            score: row.score,
            reasons: serde_json::from_value(row.reasons).unwrap_or_default(),
            missing: row.missing,
            observed: row.observed,
            hold_until: row.hold_until,
            policy: PolicyRef {
                name: row.policy_name,
                version: row.policy_version,
                digest: row.policy_digest,
            },
            session: SessionRef {
                challenge_url: self.challenge_url(&row.session_id),
                id: row.session_id,
                status: row.status,
                expires_at: row.expires_at,
            },
            decision_token: token,
            duplicate: true,
        }
    }
}

//! Redeeming a decision token: the platform's back end asks once whether it may go on.

use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Engine;
use crate::access::Caller;
use crate::audit::{Actor, ActorType, action};
use crate::journal::Journal;
use crate::session::Stage;
use crate::store::decision_tokens::{TokenRow, Use};
use crate::store::{self, Scope, StoreError};
use crate::token::{Assurance, Claims, TokenError, TokenOutcome, unverified_org};

/// How long a repeated call with the same idempotency key gets the same answer.
const REPEAT_FOR: Duration = Duration::minutes(10);

/// What a platform asks.
#[derive(Debug, Clone, Default)]
pub struct Redemption {
    /// The token as the page handed it over.
    pub token: String,
    /// What the platform is about to do.
    pub expected: Expectation,
    /// Repeats with the same key get the same answer.
    pub idempotency_key: Option<String>,
}

/// What the platform is about to do; whatever is given must be what was decided.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Expectation {
    /// The event's id.
    pub event_id: Option<String>,
    /// The subject's id.
    pub subject_id: Option<String>,
    /// The event's type.
    pub action: Option<String>,
    /// The amount.
    pub amount: Option<ExpectedAmount>,
}

/// An amount as the platform is about to pay it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ExpectedAmount {
    /// Decimal string.
    pub value: Decimal,
    /// ISO 4217.
    pub currency: String,
}

/// The answer to a platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum VerifyAnswer {
    /// The token is good and was unused until now.
    Valid(Box<Verified>),
    /// It is not.
    Invalid(Refused),
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// True.
    pub valid: bool,
    /// True when the platform may go on: the outcome is `allow`.
    pub proceed: bool,
    /// `allow` or `block`.
    pub outcome: TokenOutcome,
    /// The session.
    pub session_id: String,
    /// The organisation.
    pub org_id: String,
    /// The event.
    pub event_id: String,
    /// The subject.
    pub subject_id: String,
    /// The event's type.
    pub action: String,
    /// What the outcome rests on.
    pub assurance: Assurance,
    /// When the token was issued.
    pub issued_at: DateTime<Utc>,
    /// When it would have ended.
    pub expires_at: DateTime<Utc>,
    /// When it was used: now.
    pub used_at: DateTime<Utc>,
}

/// Why a token does not let the platform go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// False.
    pub valid: bool,
    /// False.
    pub proceed: bool,
    /// `token_malformed`, `token_invalid`, `token_expired`, `token_used`, `expectation_mismatch` or
    /// `session_revoked`.
    pub error: String,
    /// When it was used first, of a used one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub used_at: Option<DateTime<Utc>>,
}

impl Engine {
    /// Redeems a token: at most one call ever gets `valid`, repeats with its idempotency key aside.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then the token is as it was.
    pub async fn redeem(&self, caller: &Caller, ask: &Redemption) -> Result<VerifyAnswer, StoreError> {
        let tenant = &caller.tenant;
        match tenant.keyring.read(&ask.token, &self.public_url, &tenant.org.org_id) {
            Ok((claims, _)) => self.redeem_own(caller, ask, &claims).await,
            Err(TokenError::Malformed) => Ok(refused("token_malformed", None)),
            Err(_) => {
                self.tell_owner(caller, &ask.token).await?;
                Ok(refused("token_invalid", None))
            }
        }
    }

    async fn redeem_own(
        &self,
        caller: &Caller,
        ask: &Redemption,
        claims: &Claims,
    ) -> Result<VerifyAnswer, StoreError> {
        let org_id = caller.tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(row) = store::decision_tokens::find_locked(&mut tx, org_id, &claims.jti).await? else {
            return Ok(refused("token_invalid", None));
        };
        if let Some(answer) = repeated(&row, ask) {
            return Ok(answer);
        }
        let mut journal = Journal::new(org_id, Some(&row.session_id), row.now);
        let actor = caller.actor();
        let answer = match objection(&row, claims, ask) {
            Some(error) => refused(error, row.used_at.filter(|_| error == "token_used")),
            None => verified(claims, &row),
        };
        match &answer {
            VerifyAnswer::Valid(verified) => {
                let stored = serde_json::to_value(&answer).or(Err(StoreError::Corrupt("answer")))?;
                let use_ = Use {
                    org_id,
                    token_id: &row.token_id,
                    used_by: &caller.key_id,
                    idempotency_key: ask.idempotency_key.as_deref(),
                    answer: &stored,
                };
                if !store::decision_tokens::consume(&mut tx, row.now, &use_).await? {
                    // it ended between the reading and now
                    return Ok(refused("token_expired", None));
                }
                let noted = json!({ "token_id": row.token_id, "proceed": verified.proceed });
                journal.note(&actor, action::TOKEN_VERIFIED, noted);
            }
            VerifyAnswer::Invalid(refusal) => {
                let noted = json!({ "token_id": row.token_id, "error": refusal.error });
                journal.note(&actor, action::TOKEN_REFUSED, noted);
            }
        }
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Another organisation's token leaves an entry in its owner's log; who asks learns nothing.
    async fn tell_owner(&self, caller: &Caller, token: &str) -> Result<(), StoreError> {
        let Some(owner_id) = unverified_org(token).filter(|id| *id != caller.tenant.org.org_id) else {
            return Ok(());
        };
        if !owner_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Ok(());
        }
        let Some(owner) = self.directory.tenant(&owner_id).await? else { return Ok(()) };
        let Ok((claims, _)) = owner.keyring.read(token, &self.public_url, &owner_id) else { return Ok(()) };
        let mut tx = self.store.begin(Scope::Org(&owner_id)).await?;
        let mut journal = Journal::new(&owner_id, Some(&claims.session_id), tx.now().await?);
        let actor = Actor { actor_type: ActorType::Platform, id: "another organisation".to_owned() };
        journal.note(&actor, action::TOKEN_FOREIGN_VERIFY_ATTEMPT, json!({ "token_id": claims.jti }));
        store::audit_entries::append(&mut tx, &owner_id, journal.entries()).await?;
        tx.commit().await
    }
}

/// The stored answer, when this is the same call again.
fn repeated(row: &TokenRow, ask: &Redemption) -> Option<VerifyAnswer> {
    let same = ask.idempotency_key.is_some() && row.idempotency_key == ask.idempotency_key;
    let recent = row.used_at.is_some_and(|used_at| row.now - used_at <= REPEAT_FOR);
    row.answer.clone().filter(|_| same && recent).and_then(|answer| serde_json::from_value(answer).ok())
}

fn objection(row: &TokenRow, claims: &Claims, ask: &Redemption) -> Option<&'static str> {
    if row.used_at.is_some() {
        Some("token_used")
    } else if row.expires_at <= row.now {
        Some("token_expired")
    } else if row.stage == Stage::Revoked.as_str()
        || (claims.outcome == TokenOutcome::Allow && row.stage != Stage::Allowed.as_str())
    {
        Some("session_revoked")
    } else if !meets(&ask.expected, claims, row) {
        Some("expectation_mismatch")
    } else {
        None
    }
}

fn meets(expected: &Expectation, claims: &Claims, row: &TokenRow) -> bool {
    let same = |given: &Option<String>, claim: &str| given.as_deref().is_none_or(|given| given == claim);
    let same_amount = expected.amount.as_ref().is_none_or(|amount| {
        row.amount == Some(amount.value)
            && row.currency.as_deref().is_some_and(|currency| currency.eq_ignore_ascii_case(&amount.currency))
    });
    same(&expected.event_id, &claims.event_id)
        && same(&expected.subject_id, &claims.sub)
        && same(&expected.action, &claims.action)
        && same_amount
}

fn verified(claims: &Claims, row: &TokenRow) -> VerifyAnswer {
    VerifyAnswer::Valid(Box::new(Verified {
        valid: true,
        proceed: claims.outcome == TokenOutcome::Allow,
        outcome: claims.outcome,
        session_id: claims.session_id.clone(),
        org_id: claims.org_id.clone(),
        event_id: claims.event_id.clone(),
        subject_id: claims.sub.clone(),
        action: claims.action.clone(),
        assurance: claims.assurance,
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        used_at: row.now,
    }))
}

fn refused(error: &str, used_at: Option<DateTime<Utc>>) -> VerifyAnswer {
    VerifyAnswer::Invalid(Refused { valid: false, proceed: false, error: error.to_owned(), used_at })
}

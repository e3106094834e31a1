//! Issuing a decision token: claims bound to the action, signed, ready to be stored.

use chrono::{DateTime, Utc};

use crate::Engine;
use crate::challenge::TOKEN_TTL;
use crate::directory::Tenant;
use crate::event::{Event, Money};
use crate::id::random_id;
use crate::store::decision_tokens::{NewToken, SessionToken};
use crate::store::events::BoundAction;
use crate::store::{self, StoreError, Tx};
use crate::token::{Assurance, Claims, Env, TokenError, TokenOutcome, action_hash};

/// The action that a token speaks of.
pub(crate) struct Bound<'a> {
    pub(crate) session_id: &'a str,
    pub(crate) event_id: &'a str,
    pub(crate) event_type: &'a str,
    pub(crate) subject_id: &'a str,
    pub(crate) amount: Option<Money>,
    pub(crate) destination_id: Option<&'a str>,
    pub(crate) test: bool,
}

impl<'a> Bound<'a> {
    pub(crate) fn of(event: &'a Event, session_id: &'a str) -> Self {
        Self {
            session_id,
            event_id: &event.id,
            event_type: event.event_type.as_str(),
            subject_id: &event.subject.id,
            amount: event.action.amount.clone(),
            destination_id: event.action.destination.as_ref().map(|destination| destination.id.as_str()),
            test: event.test,
        }
    }

    pub(crate) fn of_row(row: &'a BoundAction, session_id: &'a str) -> Self {
        let amount = row.amount.zip(row.currency.clone());
        Self {
            session_id,
            event_id: &row.event_id,
            event_type: &row.event_type,
            subject_id: &row.subject_id,
            amount: amount.map(|(value, currency)| Money { value, currency }),
            destination_id: row.destination_id.as_deref(),
            test: row.test,
        }
    }
}

/// Signs a token for `bound`; the row to store and the token itself.
pub(crate) fn issue(
    tenant: &Tenant,
    issuer: &str,
    bound: &Bound<'_>,
    outcome: TokenOutcome,
    assurance: Assurance,
    now: DateTime<Utc>,
) -> Result<(NewToken, String), TokenError> {
    let issued_at = now.timestamp();
    let ends_at = issued_at.saturating_add(TOKEN_TTL.num_seconds());
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: tenant.org.org_id.clone(),
        sub: bound.subject_id.to_owned(),
        jti: random_id("tok_", &mut rand::rng()),
        iat: issued_at,
        nbf: issued_at,
        exp: ends_at,
        session_id: bound.session_id.to_owned(),
        org_id: tenant.org.org_id.clone(),
        outcome,
        expires_at: ends_at,
        event_id: bound.event_id.to_owned(),
        action: bound.event_type.to_owned(),
        action_hash: action_hash(
            bound.event_type,
            bound.subject_id,
            bound.amount.as_ref(),
            bound.destination_id,
        ),
        assurance,
        env: if bound.test { Env::Test } else { Env::Live },
    };
    let signed = tenant.keyring.mint(&claims)?;
    let row = NewToken {
        token_id: claims.jti.clone(),
        kid: tenant.kid.clone(),
        expires_at: DateTime::from_timestamp(ends_at, 0).ok_or(TokenError::Invalid)?,
        claims: serde_json::to_value(&claims).or(Err(TokenError::Invalid))?,
    };
    Ok((row, signed))
}

impl Engine {
    /// The token of a session, signed again: the same bytes as ever. `None` without one, or when its key is retired.
    pub(crate) async fn token_of(
        &self,
        tenant: &Tenant,
        tx: &mut Tx,
        session_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let row = store::decision_tokens::of_session(tx, &tenant.org.org_id, session_id).await?;
        let Some(SessionToken { kid, claims, .. }) = row else { return Ok(None) };
        let claims: Claims = serde_json::from_value(claims).or(Err(StoreError::Corrupt("token")))?;
        // a key that has been retired signed only tokens that are over
        Ok(tenant.keyring.mint_with(&kid, &claims).ok())
    }
}

//! `GET /decisions/{session_id}`: why a decision is what it is. For analysts alone: the person never sees any of it.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use ase_engine::access::KeyScope;
use ase_engine::review::Explained;
use ase_engine::score::Reason;

use super::access::Key;
use super::problem::Problem;
use crate::App;

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::SessionsRead)?;
    let found = app.engine.explain(&caller.tenant.org.org_id, &session_id).await?;
    explained(&found.ok_or_else(Problem::not_found)?).map(Json)
}

fn explained(found: &Explained) -> Result<Value, Problem> {
    let row = &found.row;
    let features: Value = serde_json::from_str(&row.features).map_err(|_error| Problem::internal())?;
    let hex = |bytes: &[u8]| format!("sha256:{}", data_encoding::HEXLOWER.encode(bytes));
    let candidates = found.candidates.iter().map(|candidate| {
        json!({
            "policy_digest": candidate.policy_digest, "outcome": candidate.outcome, "score": candidate.score,
            "reasons": candidate.reasons,
        })
    });
    Ok(json!({
        "session_id": row.session_id,
        "event": { "id": row.event_id, "type": row.event_type },
        "decided_at": row.decided_at,
        "outcome": row.outcome, "observed": row.observed, "hold_until": row.hold_until,
        "score": row.score, "waterfall": waterfall(&found.reasons), "missing": row.missing,
        "on_trial": row.shadow, "failed_rules": row.failed_rules,
        "policy": { "name": row.policy_name, "version": row.policy_version, "digest": row.policy_digest },
        "digests": {
            "event": hex(&row.request_digest), "features": hex(&Sha256::digest(row.features.as_bytes())),
            "policy": row.policy_digest,
        },
        "features": features,
        "candidates": candidates.collect::<Vec<_>>(),
    }))
}

/// The reasons in their order, each with where the score stands after it.
fn waterfall(reasons: &[Reason]) -> Vec<Value> {
    let mut total = 0;
    let step = |reason: &Reason| {
        total += reason.points;
        json!({ "code": reason.code, "points": reason.points, "detail": reason.detail, "total": total })
    };
    reasons.iter().map(step).collect()
}

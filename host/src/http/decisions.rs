//! `POST /decisions/verify`: the platform's back end asks once whether it may go on.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;

use ase_engine::access::KeyScope;
use ase_engine::problem::FieldError;
use ase_engine::verification::{Expectation, Redemption, VerifyAnswer};

use super::access::Key;
use super::checkpoint::read;
use super::problem::Problem;
use crate::App;

/// Longest idempotency key, in bytes.
const IDEMPOTENCY_KEY_MAX: usize = 255;

#[derive(Deserialize)]
struct VerifyAsk {
    token: String,
    expected: Option<Expectation>,
    idempotency_key: Option<String>,
}

pub(super) async fn verify(
    State(app): State<App>,
    key: Key,
    body: Bytes,
) -> Result<Json<VerifyAnswer>, Problem> {
    let caller = key.with(KeyScope::DecisionsVerify)?;
    let ask: VerifyAsk = read(&body)?;
    if ask.idempotency_key.as_ref().is_some_and(|key| key.is_empty() || key.len() > IDEMPOTENCY_KEY_MAX) {
        let detail = format!("must be 1 to {IDEMPOTENCY_KEY_MAX} bytes");
        return Err(FieldError::new("/idempotency_key", detail).into());
    }
    let redemption = Redemption {
        token: ask.token,
        expected: ask.expected.unwrap_or_default(),
        idempotency_key: ask.idempotency_key,
    };
    let answer = app.engine.redeem(&caller, &redemption).await?;
    let result = match &answer {
        VerifyAnswer::Valid(verified) if verified.proceed => "proceed",
        VerifyAnswer::Valid(_) => "blocked",
        VerifyAnswer::Invalid(_) => "invalid",
    };
    metrics::counter!("ase_verifications_total", "result" => result).increment(1);
    Ok(Json(answer))
}

//! `GET /challenge/{id}/status`: whether a challenge is over, for the page that opened it and cannot hear its window.
//!
//! It never says how a challenge ended: nothing that a browser learns here lets anybody go on.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::App;
use crate::http::problem::Problem;

pub(in crate::http) async fn status(
    State(app): State<App>,
    Path(session_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let standing = app.engine.challenge_standing(&session_id).await?;
    let mut response = ([(header::VARY, "origin")], Json(json!({ "state": standing.state }))).into_response();
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let known = origin.and_then(|origin| standing.openers.iter().find(|opener| *opener == origin));
    // pages of other sites cannot read the answer; no cookie is looked at, so none may be sent along
    if let Some(value) = known.and_then(|opener| HeaderValue::from_str(opener).ok()) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    Ok(response)
}

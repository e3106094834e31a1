//! `/healthz`, `/readyz`, `/metrics`: for whoever keeps the server running.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::access::bearer;
use super::problem::Problem;
use crate::App;

/// The process answers.
pub(super) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// The process can do its work: the store answers and connectors are loaded.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let store = app.engine.store().ping().await.is_ok();
    let connectors = app.connectors.list().iter().filter(|status| status.version.is_some()).count();
    let ready = store && connectors > 0;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |good: bool| if good { "ok" } else { "down" };
    let body = json!({ "status": word(ready), "store": word(store), "connectors": connectors });
    (status, Json(body)).into_response()
}

/// Prometheus text, for the operator alone: without a configured token there is nothing to see.
pub(super) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(token) = &app.site.metrics_token else { return Err(Problem::not_found()) };
    let given = bearer(&headers).unwrap_or_default();
    if !bool::from(given.as_bytes().ct_eq(token.expose_secret().as_bytes())) {
        return Err(Problem::unauthorized());
    }
    let text = app.site.metrics.render();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

//! The layers around every handler: limits, time, names for requests, logs without personal data.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use ase_engine::id::random_id;

use super::problem::Problem;
use super::{headers, refusals};
use crate::App;
use crate::config::Limits;

/// The header that names a request, in and out.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long a request may take that compiles a component before it is answered: an embedded Python needs 12 s on two
/// busy processors, and up to 32 MiB have to arrive first.
const COMPILING: Duration = Duration::from_mins(1);

/// The routes, by what they may use.
pub(super) struct Routes {
    /// All that are not among the others.
    pub(super) ordinary: Router<App>,
    /// What may compile a component before it answers.
    pub(super) compiling: Router<App>,
    /// What is the same for everybody, and so may be compressed.
    pub(super) files: Router<App>,
    /// What answers also when everything else is at its limit.
    pub(super) operations: Router<App>,
}

/// The longest time that any request may take.
pub(crate) fn longest(limits: &Limits) -> Duration {
    limits.request_timeout.max(COMPILING)
}

/// Wraps the routes. From the outside in: headers, request id and log, refusals as pages, panics, plain refusals, time,
/// concurrency, size.
///
/// Pages and data are never compressed: they hold tokens beside words that others chose, and the size of what is
/// compressed tells of both (BREACH).
pub(super) fn around(routes: Routes, app: App) -> Router {
    let limits = app.site.limits;
    let turns = Arc::new(Semaphore::new(limits.concurrent_requests));
    let within = |time| from_fn_with_state(Gate { turns: Arc::clone(&turns), time }, limit);
    let ordinary = routes.ordinary.layer(within(limits.request_timeout));
    let compiling = routes.compiling.layer(within(longest(&limits)));
    let files = routes.files.layer(CompressionLayer::new()).layer(within(limits.request_timeout));
    ordinary
        .merge(compiling)
        .merge(files)
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .merge(routes.operations)
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn_with_state(app.clone(), explain))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), refusals::on_pages))
        .layer(from_fn(observe))
        .layer(from_fn_with_state(app.clone(), headers::shelter))
        .with_state(app)
}

/// How many requests at once, and for how long each.
#[derive(Clone)]
struct Gate {
    turns: Arc<Semaphore>,
    time: Duration,
}

/// At most so many requests at once, each for at most so long: more are told to come again.
async fn limit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_turn) = gate.turns.try_acquire() else {
        let webhook = request.uri().path().starts_with("/webhooks/");
        let status = if webhook { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::SERVICE_UNAVAILABLE };
        return Problem::new(status, "too_many_requests", "the server is at its limit; try again")
            .retry_after(1)
            .into_response();
    };
    match tokio::time::timeout(gate.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed_out", "the server took too long; try again")
                .retry_after(1)
                .into_response()
        }
    }
}

/// Gives the framework's own refusals (too large, wrong method, bad path) the shape of a problem.
async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut explained = match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::body_too_large(app.site.limits.body_bytes),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method_not_allowed", format!("`{method}` is not a method of this path"))
        }
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::internal(),
        _ => Problem::new(status, "bad_request", "the request does not have the right shape"),
    }
    .into_response();
    if let Some(allow) = allow {
        explained.headers_mut().insert(header::ALLOW, allow);
    }
    explained
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Problem::internal().into_response()
}

/// Names the request and logs its end: method, route (never the path, which holds session ids), status, time.
async fn observe(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let taken = begun.elapsed();
    let status = response.status().as_u16();
    tracing::info!(request.id = %id, %method, route, status, micros = taken.as_micros(), "request");
    metrics::histogram!("ase_request_seconds", "route" => route, "status" => status.to_string())
        .record(taken.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's id for the request, where it is a plain one, else one of ours.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    given.filter(plain).map_or_else(|| random_id("req_", &mut rand::rng()), str::to_owned)
}

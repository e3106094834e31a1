//! `GET /connectors`, `POST /connectors` and the life of installed versions. They read everybody's deliveries, so the
//! scopes of these routes are the deployment's: no key has them unless its maker named them.

use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::audit::Actor;
use ase_engine::channel::Seat;
use ase_engine::problem::from_json;
use ase_engine::provisioning::{Comparison, Moved};
use ase_engine::store::connectors::NewVersion;

use super::access::Key;
use super::problem::Problem;
use crate::App;
use crate::connectors::{Connectors, LoadError, MAX_COMPONENT};

/// Where a new version goes; everything, unless something is said.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wanted {
    canary: Option<i32>,
    shadow: bool,
}

/// A version, by its digest or the first digits of it; without one, what is on trial.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Named {
    digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    digest: Option<String>,
    percent: i32,
}

/// A version that has to be named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct One {
    pub(super) digest: String,
}

/// What this node has in use.
pub(super) async fn list(State(app): State<App>, key: Key) -> Result<Json<Value>, Problem> {
    key.with(KeyScope::ConnectorsRead)?;
    Ok(Json(json!({ "connectors": app.connectors.list() })))
}

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    key.with(KeyScope::ConnectorsRead)?;
    let installed = app.engine.installed_connector(&id).await?;
    let node = app.connectors.list().into_iter().find(|status| status.id == id);
    if node.is_none() && installed.is_none() {
        return Err(Problem::not_found());
    }
    Ok(Json(json!({ "id": id, "node": node, "installed": installed })))
}

/// How a shadow reads beside what is live.
pub(super) async fn comparison(
    State(app): State<App>,
    key: Key,
    Path(id): Path<String>,
) -> Result<Json<Comparison>, Problem> {
    key.with(KeyScope::ConnectorsRead)?;
    Ok(Json(app.engine.connector_comparison(&id).await?))
}

/// Proves a component here, and installs it for every node.
pub(super) async fn install(
    State(app): State<App>,
    key: Key,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Result<(StatusCode, Json<Moved>), Response> {
    // who may not do this is told so before the body is read, and what is left of it ends with the connection
    let admitted = key.with(KeyScope::ConnectorsWrite).and_then(|caller| Ok((caller, wanted.seat()?)));
    let (caller, seat) = admitted.map_err(closing)?;
    let component = component(request).await.map_err(closing)?;
    let moved = keep(&app, &component, seat, &caller.actor()).await.map_err(Problem::into_response)?;
    Ok((StatusCode::CREATED, Json(moved)))
}

impl Wanted {
    fn seat(&self) -> Result<Seat, Problem> {
        match self {
            Self { canary: Some(_), shadow: true } => {
                let detail = "a version is either a canary or a shadow";
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail))
            }
            Self { canary: Some(percent), .. } => Ok(Seat::Canary(*percent)),
            Self { shadow: true, .. } => Ok(Seat::Shadow),
            Self { .. } => Ok(Seat::Live),
        }
    }
}

async fn keep(app: &App, component: &[u8], seat: Seat, actor: &Actor) -> Result<Moved, Problem> {
    let proven = app.connectors.check(component).await.map_err(refused)?;
    let manifest = serde_json::to_value(&*proven.manifest).or(Err(Problem::internal()))?;
    let new = NewVersion {
        connector_id: &proven.manifest.id,
        digest: &proven.digest,
        version: &proven.manifest.version,
        manifest: &manifest,
        component,
        signed_by: proven.signed_by.as_deref(),
    };
    let moved = app.engine.install_connector(new, seat, actor).await?;
    follow(app).await;
    Ok(moved)
}

fn closing(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

/// The body, which may be larger here than anywhere else.
async fn component(request: Request) -> Result<Bytes, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).map(header::HeaderValue::as_bytes);
    if !matches!(kind, Some(b"application/wasm" | b"application/octet-stream")) {
        let detail = "send the component as it is, with `Content-Type: application/wasm`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    to_bytes(request.into_body(), MAX_COMPONENT)
        .await
        .map_err(|_error| Problem::body_too_large(MAX_COMPONENT))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` asks for")]
fn refused(error: LoadError) -> Problem {
    let detail = format!("the component {error}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "connector_refused", detail)
}

/// One step of an installed connector: `promote`, `canary`, `shadow`, `withdraw`, `rollback` or `retire`.
pub(super) async fn step(
    State(app): State<App>,
    key: Key,
    Path((id, step)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Moved>, Problem> {
    let actor = key.with(KeyScope::ConnectorsWrite)?.actor();
    let engine = &app.engine;
    let moved = match step.as_str() {
        "promote" => {
            let Named { digest } = said(&body)?;
            engine.seat_connector(&id, digest.as_deref(), Seat::Live, &actor).await
        }
        "canary" => {
            let Share { digest, percent } = said(&body)?;
            engine.seat_connector(&id, digest.as_deref(), Seat::Canary(percent), &actor).await
        }
        "shadow" => {
            let One { digest } = said(&body)?;
            engine.seat_connector(&id, Some(&digest), Seat::Shadow, &actor).await
        }
        "withdraw" => engine.withdraw_connector(&id, &actor).await,
        "rollback" => engine.roll_back_connector(&id, Connectors::is_bundled(&id), &actor).await,
        "retire" => {
            let One { digest } = said(&body)?;
            engine.retire_connector(&id, &digest, &actor).await
        }
        _ => return Err(Problem::not_found()),
    };
    let moved = moved?;
    follow(&app).await;
    Ok(Json(moved))
}

/// Whoever changed something here finds it changed here. The others hear of it, and so does this node once more.
pub(super) async fn follow(app: &App) {
    if let Err(error) = app.connectors.sync(&app.engine).await {
        tracing::warn!(%error, "installed connectors cannot be looked at");
    }
}

/// What a body says; none says nothing.
pub(super) fn said<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    Ok(from_json(body)?)
}

//! `/sources/{id}/pin`: the version of its connector that a source stays with, whatever becomes live. Versions are the
//! deployment's and not an organisation's, so the scopes are those of connectors.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};

use ase_engine::access::KeyScope;
use ase_engine::provisioning::Pinned;

use super::access::Key;
use super::connectors::{One, follow, said};
use super::problem::Problem;
use crate::App;
use crate::connectors::Connectors;

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path(source_id): Path<String>,
) -> Result<Json<Pinned>, Problem> {
    key.with(KeyScope::ConnectorsRead)?;
    let source = app.engine.directory().source(&source_id).await?.ok_or_else(Problem::not_found)?;
    let (connector, connector_digest) = (source.connector.clone(), source.pin.clone());
    Ok(Json(Pinned { source_id, connector, connector_digest }))
}

pub(super) async fn put(
    State(app): State<App>,
    key: Key,
    Path(source_id): Path<String>,
    body: Bytes,
) -> Result<Json<Pinned>, Problem> {
    let actor = key.with(KeyScope::ConnectorsWrite)?.actor();
    let One { digest } = said(&body)?;
    let pinned = Connectors::pin(&app.engine, (None, &source_id), Some(&digest), &actor).await?;
    follow(&app).await;
    Ok(Json(pinned))
}

pub(super) async fn remove(
    State(app): State<App>,
    key: Key,
    Path(source_id): Path<String>,
) -> Result<Json<Pinned>, Problem> {
    let actor = key.with(KeyScope::ConnectorsWrite)?.actor();
    let pinned = Connectors::pin(&app.engine, (None, &source_id), None, &actor).await?;
    follow(&app).await;
    Ok(Json(pinned))
}

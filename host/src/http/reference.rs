//! `/openapi.json` and `/docs`: the API described.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::headers::{nonce, page};
use crate::App;
use crate::pages::reference::ReferencePage;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("reference/openapi.json")).unwrap_or_default());

pub(super) async fn openapi(State(app): State<App>) -> Json<Value> {
    Json(document(&app))
}

pub(super) async fn docs(State(app): State<App>) -> Response {
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &ReferencePage::new(&document(&app)), &nonce, None)
}

/// The document, with this server as its server.
fn document(app: &App) -> Value {
    let mut document = DOCUMENT.clone();
    if let Some(object) = document.as_object_mut() {
        object.insert("servers".to_owned(), json!([{ "url": app.site.public_url }]));
    }
    document
}

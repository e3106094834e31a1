//! `/brand`: how an organisation looks and speaks, for its back end; `/brands/{file}`: its colours and its logo, for
//! browsers. A file is named by what stands in it, so browsers may keep it for ever.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use ase_engine::access::{Caller, KeyScope};
use ase_engine::brand::{Brand, Colours, LOGO_FILE_MAX, Logo, Texts};
use ase_engine::problem::from_json;

use super::access::Key;
use super::problem::Problem;
use crate::App;
use crate::brand;

/// Colours and default language; what is left out is plain.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    accent: Option<String>,
    on_accent: Option<String>,
    default_language: Option<String>,
}

pub(super) async fn one(State(app): State<App>, key: Key) -> Result<Json<Brand>, Problem> {
    let caller = key.with(KeyScope::BrandRead)?;
    shown(&app, &caller).await
}

pub(super) async fn paint(
    State(app): State<App>,
    key: Key,
    body: axum::body::Bytes,
) -> Result<Json<Brand>, Problem> {
    let caller = key.with(KeyScope::BrandWrite)?;
    let look: Look = from_json(&body)?;
    let colours = brand::colours(look.accent.as_deref(), look.on_accent.as_deref())?;
    let language = brand::language("/default_language", look.default_language.as_deref().unwrap_or("en"))?;
    app.engine.paint(org(&caller), language, colours, &caller.actor()).await?;
    shown(&app, &caller).await
}

pub(super) async fn put_logo(State(app): State<App>, key: Key, body: Body) -> Result<Json<Brand>, Problem> {
    let caller = key.with(KeyScope::BrandWrite)?;
    let file = to_bytes(body, LOGO_FILE_MAX).await.or(Err(Problem::body_too_large(LOGO_FILE_MAX)))?;
    // pixels are work for a thread that may be busy for a while
    let read = tokio::task::spawn_blocking(move || Logo::read(&file)).await;
    let logo = read.or(Err(Problem::internal()))??;
    app.engine.show_logo(org(&caller), Some(&logo), &caller.actor()).await?;
    shown(&app, &caller).await
}

pub(super) async fn remove_logo(State(app): State<App>, key: Key) -> Result<StatusCode, Problem> {
    let caller = key.with(KeyScope::BrandWrite)?;
    app.engine.show_logo(org(&caller), None, &caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn put_texts(
    State(app): State<App>,
    key: Key,
    Path(language): Path<String>,
    body: axum::body::Bytes,
) -> Result<Json<Brand>, Problem> {
    let caller = key.with(KeyScope::BrandWrite)?;
    let texts: Texts = from_json(&body)?;
    let language = brand::language("/language", &language)?;
    app.engine.say_in(org(&caller), language, &texts, &caller.actor()).await?;
    shown(&app, &caller).await
}

pub(super) async fn remove_texts(
    State(app): State<App>,
    key: Key,
    Path(language): Path<String>,
) -> Result<StatusCode, Problem> {
    let caller = key.with(KeyScope::BrandWrite)?;
    let language = brand::language("/language", &language)?;
    app.engine.unsay_in(org(&caller), language, &caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `{sha256}.png` or `{accent}-{on_accent}.css`.
pub(super) async fn file(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    match name.rsplit_once('.') {
        Some((digest, "png")) if is_digest(digest) => {
            let picture = app.engine.logo(digest).await?.ok_or_else(Problem::not_found)?;
            Ok(kept("image/png", picture))
        }
        Some((pair, "css")) => sheet(pair),
        _ => Err(Problem::not_found()),
    }
}

/// The stylesheet of `{accent}-{on_accent}`.
pub(super) fn sheet(pair: &str) -> Result<Response, Problem> {
    let (accent, on_accent) = pair.split_once('-').ok_or_else(Problem::not_found)?;
    let colours = Colours::read(&format!("#{accent}"), &format!("#{on_accent}"));
    let sheet = brand::stylesheet(colours.or(Err(Problem::not_found()))?);
    Ok(kept("text/css; charset=utf-8", sheet.into_bytes()))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A file that never changes and can do nothing but be shown.
pub(super) fn kept(content_type: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn shown(app: &App, caller: &Caller) -> Result<Json<Brand>, Problem> {
    Ok(Json(app.engine.brand(org(caller)).await?))
}

fn org(caller: &Caller) -> &str {
    &caller.tenant.org.org_id
}

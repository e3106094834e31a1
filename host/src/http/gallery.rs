//! A site that shows samples of pages with the headers, styles and script of the real ones, for browser tests.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use super::problem::Problem;
use super::{assets, brands, headers};
use crate::pages::samples::{NONCE, Sample};

/// A logo as wide as logos become, and so the hardest to place. Samples have no store that would keep one.
const LOGO: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100" rx="16" fill="#1a3f8c"/><circle cx="50" cy="50" r="28" fill="#fff"/></svg>"##;

/// Pages by name.
type Shown = Arc<HashMap<String, String>>;

/// Shows each of `samples` at `/samples/{name}`.
pub fn gallery(samples: &[Sample]) -> Router {
    let shown: Shown = Arc::new(samples.iter().map(|sample| (sample.name(), sample.html.clone())).collect());
    Router::new()
        .route("/samples/{name}", get(show))
        .route("/assets/{name}", get(assets::get))
        .route("/brands/{file}", get(brand))
        // a form that sends itself leaves its page where it is
        .fallback(|| async { StatusCode::NO_CONTENT })
        .with_state(shown)
}

async fn show(State(shown): State<Shown>, Path(name): Path<String>) -> Result<Response, Problem> {
    let html = shown.get(&name).cloned().ok_or_else(Problem::not_found)?;
    let mut response = Html(html).into_response();
    headers::protect(response.headers_mut(), NONCE, None);
    Ok(response)
}

async fn brand(Path(file): Path<String>) -> Result<Response, Problem> {
    match file.rsplit_once('.') {
        Some((pair, "css")) => brands::sheet(pair),
        Some((_, "png")) => Ok(brands::kept("image/svg+xml", LOGO.to_vec())),
        _ => Err(Problem::not_found()),
    }
}

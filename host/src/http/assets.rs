//! `/assets/{name}`: styles, the script and the mark, named by their digest and kept for a year.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use crate::pages::Assets;

pub(super) async fn get(Path(name): Path<String>) -> Result<Response, Problem> {
    let asset = Assets::get(&name).ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, asset.bytes.as_slice()).into_response())
}

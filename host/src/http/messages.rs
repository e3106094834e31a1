//! `POST /messages/{id}/status`: what the provider of text messages tells of one that it took.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};

use ase_engine::verification::Fate;

use super::problem::Problem;
use crate::App;
use crate::sms::is_signed;

/// Takes the provider's word, once it is known to be the provider's: nothing is looked up before that.
pub(super) async fn status(
    State(app): State<App>,
    uri: Uri,
    Path(message_id): Path<String>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<StatusCode, Problem> {
    let Some(service) = app.texter.service() else { return Err(Problem::not_found()) };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let given = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    // by the address that people and providers know, whatever this node is called behind its proxy
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", app.site.public_url);
    if !is_signed(service.token(), &url, &form, given) {
        let detail = "the signature is missing or not the provider's";
        return Err(Problem::new(StatusCode::FORBIDDEN, "invalid_signature", detail));
    }
    let field = |name: &str| form.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let fate = match field("MessageStatus").or_else(|| field("SmsStatus")) {
        Some("delivered" | "read") => Fate::Delivered,
        Some("undelivered" | "failed" | "canceled") => Fate::Undelivered,
        // on its way
        _ => return Ok(StatusCode::NO_CONTENT),
    };
    // a number of a table of errors, and nothing else that may stand there
    let plain = |code: &&str| (1..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let reason = field("ErrorCode").filter(plain);
    if app.engine.message_told(&message_id, fate, reason).await? && fate == Fate::Undelivered {
        metrics::counter!("ase_sms_undelivered_total").increment(1);
    }
    Ok(StatusCode::NO_CONTENT)
}

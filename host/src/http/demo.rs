//! `/demo/mailbox`: the mail that a demo without an SMTP server would have sent. It exists in a demo alone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};

use ase_engine::store::demo_messages::{self, DemoMessage};
use ase_engine::store::{Scope, StoreError};

use super::headers::{nonce, page};
use super::problem::Problem;
use crate::App;
use crate::pages::mailbox::{MailboxMessage, MailboxPage};

/// Messages shown.
const SHOWN: i64 = 100;

pub(super) async fn mailbox(State(app): State<App>) -> Result<Response, Problem> {
    let messages = messages(&app).await?.into_iter().map(|message| MailboxMessage {
        html_path: Some(format!("/demo/mailbox/{}.html", message.message_id)),
        to: message.address,
        subject: message.subject,
        text: message.text_body,
        html: message.html_body,
        sent_at: message.sent_at,
    });
    let nonce = nonce();
    Ok(page(&app.pages, StatusCode::OK, &MailboxPage { messages: messages.collect() }, &nonce, None))
}

pub(super) async fn mailbox_json(State(app): State<App>) -> Result<Json<Value>, Problem> {
    let messages = messages(&app).await?.into_iter().map(|message| {
        json!({
            "id": message.message_id, "to": message.address, "subject": message.subject,
            "text": message.text_body, "html": message.html_body, "sent_at": message.sent_at,
        })
    });
    Ok(Json(messages.collect()))
}

/// One mail as it would look, in a sandbox.
pub(super) async fn message(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Problem> {
    let id = file.strip_suffix(".html").unwrap_or(&file);
    let found = messages(&app).await?.into_iter().find(|message| message.message_id == id);
    let found = found.ok_or_else(Problem::not_found)?;
    let mut response = Html(found.html_body).into_response();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn messages(app: &App) -> Result<Vec<DemoMessage>, StoreError> {
    let mut tx = app.engine.store().begin(Scope::System).await?;
    let messages = demo_messages::list(&mut tx, SHOWN).await?;
    tx.commit().await?;
    Ok(messages)
}

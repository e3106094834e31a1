//! A provider of text messages on loopback: takes them over HTTP, refuses or delays them when it is told to, and calls
//! back what became of them, signed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::client::{Answer, http};
use super::until::within;

/// The account that it knows.
pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
/// What opens the account, and signs callbacks.
pub const TOKEN: &str = "token-of-the-text-message-stories";
/// Who sends.
pub const SENDER: &str = "+15005550006";

/// A running provider.
#[derive(Debug)]
pub struct Provider {
    /// Where its API is.
    pub url: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    texts: Mutex<Vec<Sms>>,
    read: Mutex<usize>,
    /// Status and error number of the next answers, before messages are taken again.
    refusals: Mutex<VecDeque<(u16, i64)>>,
    /// Grows with every message.
    arrived: watch::Sender<usize>,
    /// Grows with every refusal.
    refused: watch::Sender<usize>,
    /// While true, no request gets an answer.
    held: watch::Sender<bool>,
}

/// A text message as it was taken.
#[derive(Debug, Clone)]
pub struct Sms {
    /// The provider's name for it.
    pub sid: String,
    /// Everything that was asked for.
    pub fields: BTreeMap<String, String>,
}

impl Provider {
    /// Starts listening. Call it on the runtime of the ground.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let api = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(take))
            .with_state(Arc::clone(&shared));
        let serving = tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
        Self { url, shared, serving }
    }

    /// Answers the next requests with this status and error number, in this order.
    pub fn refuse_next(&self, answers: &[(u16, i64)]) {
        self.shared.refusals.lock().unwrap().extend(answers);
    }

    /// From now on no request gets an answer, until [`Self::release`].
    pub fn hold(&self) {
        self.shared.held.send_replace(true);
    }

    /// Answers what was held.
    pub fn release(&self) {
        self.shared.held.send_replace(false);
    }

    /// Waits until so many requests were refused.
    pub async fn refused(&self, count: usize) {
        let mut refused = self.shared.refused.subscribe();
        within("refused text messages", async {
            refused.wait_for(|so_far| *so_far >= count).await.map(|_| ())
        })
        .await
        .unwrap();
    }

    /// The next message that nobody has read, as soon as it is there.
    pub async fn text(&self) -> Sms {
        let mut arrived = self.shared.arrived.subscribe();
        within("a text message", async {
            loop {
                arrived.borrow_and_update();
                if let Some(text) = self.unread() {
                    return text;
                }
                arrived.changed().await.unwrap();
            }
        })
        .await
    }

    /// Every message so far.
    #[must_use]
    pub fn texts(&self) -> Vec<Sms> {
        self.shared.texts.lock().unwrap().clone()
    }

    fn unread(&self) -> Option<Sms> {
        let mut read = self.shared.read.lock().unwrap();
        let text = self.shared.texts.lock().unwrap().get(*read).cloned()?;
        *read += 1;
        Some(text)
    }

    /// Calls back what became of a message, signed as it should be.
    pub async fn tell(&self, text: &Sms, status: &str) -> Answer {
        let form = text.told(status);
        call_back(
            &text.fields["StatusCallback"],
            &form,
            &signed(TOKEN, &text.fields["StatusCallback"], &form),
        )
        .await
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Sms {
    /// The number that it went to.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.fields["To"]
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.fields["Body"]
    }

    /// The code, as the last line binds it to `host`.
    #[must_use]
    pub fn code(&self, host: &str) -> String {
        let last = self.body().lines().last().unwrap_or_default();
        let code =
            last.strip_prefix(&format!("@{host} #")).unwrap_or_else(|| panic!("unbound: {}", self.body()));
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{last}");
        code.to_owned()
    }

    /// The form of a callback about it.
    #[must_use]
    pub fn told(&self, status: &str) -> Vec<(String, String)> {
        let mut form = vec![
            ("AccountSid", ACCOUNT),
            ("MessageSid", &self.sid),
            ("MessageStatus", status),
            ("To", self.to()),
            ("From", SENDER),
            ("ApiVersion", "2010-04-01"),
        ];
        if matches!(status, "undelivered" | "failed") {
            form.push(("ErrorCode", "30003"));
        }
        form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// The signature of a callback: HMAC-SHA-1 over its URL and, by name, every field.
#[must_use]
pub fn signed(token: &str, url: &str, form: &[(String, String)]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    for (name, value) in form.iter().collect::<std::collections::BTreeSet<_>>() {
        mac.update(format!("{name}{value}").as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Sends a callback.
pub async fn call_back(url: &str, form: &[(String, String)], signature: &str) -> Answer {
    let client = http().build().unwrap();
    Answer::of(client.post(url).form(form).header("x-twilio-signature", signature)).await
}

async fn take(
    State(shared): State<Arc<Shared>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut held = shared.held.subscribe();
    // it ends only with the provider
    let _ = held.wait_for(|held| !held).await;
    let refused = |status: u16, code: i64| {
        shared.refused.send_modify(|count| *count += 1);
        // its words name the number, as the real ones do
        let message =
            format!("The 'To' number {} is not good", fields.get("To").cloned().unwrap_or_default());
        (
            StatusCode::from_u16(status).unwrap(),
            Json(json!({ "code": code, "message": message, "status": status })),
        )
    };
    if let Some((status, code)) = shared.refusals.lock().unwrap().pop_front() {
        return refused(status, code);
    }
    let known = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
    let given = headers.get("authorization").map(|value| value.to_str().unwrap());
    if account != ACCOUNT || given != Some(known.as_str()) {
        return refused(401, 20003);
    }
    let number = fields.get("To").map(String::as_str).unwrap_or_default();
    if number.strip_prefix('+').is_none_or(|rest| !rest.bytes().all(|byte| byte.is_ascii_digit())) {
        return refused(400, 21211);
    }
    if fields.get("From").map(String::as_str) != Some(SENDER) {
        return refused(400, 21606);
    }
    if fields.get("Body").is_none_or(|body| body.is_empty() || body.chars().count() > 1600) {
        return refused(400, 21602);
    }
    let mut texts = shared.texts.lock().unwrap();
    let sid = format!("SM{:032x}", texts.len() + 1);
    texts.push(Sms { sid: sid.clone(), fields });
    drop(texts);
    shared.arrived.send_modify(|count| *count += 1);
    (StatusCode::CREATED, Json(json!({ "sid": sid, "status": "queued", "error_code": null })))
}

//! A platform's back end: it calls the API with a key and reads what comes back.

use std::sync::Once;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::sign::Headers;

/// A caller of one server with one key.
#[derive(Debug, Clone)]
pub struct Platform {
    http: reqwest::Client,
    url: String,
    /// `ase_sk_...`; empty for a caller without one.
    pub key: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
}

impl Platform {
    /// A caller of the server at `url`.
    #[must_use]
    pub fn new(url: &str, key: &str) -> Self {
        let http = http().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, url: url.to_owned(), key: key.to_owned() }
    }

    /// The same with another key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    /// A request with the key, to be finished and sent by [`Answer::of`].
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let request = self.http.request(method.parse().unwrap(), url);
        if self.key.is_empty() { request } else { request.bearer_auth(&self.key) }
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request("GET", path)).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request("POST", path).json(body)).await
    }

    /// Sends an event.
    pub async fn ingest(&self, event: &Value) -> Answer {
        self.post("/events/ingest", event).await
    }

    /// Answers the question on the subject's behalf.
    pub async fn intent(&self, session: &str, intent: &str) -> Answer {
        self.post("/checkpoint/intent", &json!({ "session_id": session, "intent": intent })).await
    }

    /// Hands a code in on the subject's behalf.
    pub async fn respond(&self, session: &str, code: &str) -> Answer {
        self.post("/checkpoint/respond", &json!({ "session_id": session, "code": code })).await
    }

    /// Asks for another code.
    pub async fn resend(&self, session: &str) -> Answer {
        self.post("/checkpoint/resend", &json!({ "session_id": session })).await
    }

    /// Redeems a decision token.
    pub async fn verify(&self, token: &str) -> Value {
        self.post("/decisions/verify", &json!({ "token": token })).await.json(200)
    }

    /// The timeline of a session.
    pub async fn audit(&self, session: &str) -> Vec<Value> {
        let answer = self.get(&format!("/sessions/{session}/audit")).await.json(200);
        answer["entries"].as_array().unwrap().clone()
    }

    /// The actions of a session's timeline, in order.
    pub async fn actions(&self, session: &str) -> Vec<String> {
        self.audit(session).await.iter().map(|entry| text(&entry["action"])).collect()
    }

    /// Sends a webhook, byte for byte, without a key; it is JSON unless its headers say otherwise.
    pub async fn webhook(&self, url: &str, headers: &Headers, body: &[u8]) -> Answer {
        let request = self.with_key("").request("POST", url).body(body.to_vec());
        let typed = headers.iter().any(|(name, _)| name == "content-type");
        let request = if typed { request } else { request.header("content-type", "application/json") };
        let signed = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        Answer::of(signed).await
    }
}

impl Answer {
    /// Sends a request.
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        Self::try_of(request).await.expect("the server answers")
    }

    /// Sends a request to a server that may be gone.
    ///
    /// # Errors
    /// No whole answer came.
    pub async fn try_of(request: reqwest::RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, text: response.text().await? })
    }

    /// The JSON body of an answer with this status.
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The problem with this status and code (RFC 9457), checked for everything that each problem has.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.json(status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(
            (body["code"].as_str(), body["status"].as_u64()),
            (Some(code), Some(status.into())),
            "{body}"
        );
        assert!(body["type"].is_string() && body["title"].is_string(), "{body}");
        assert!(body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{body}");
        body
    }

    /// A header as text; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// An HTTP client that speaks to loopback alone. It never needs TLS, but must be told so: some other crate of this
/// build turned it on.
pub fn http() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // somebody else's provider is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().tls_certs_only([])
}

/// A JSON string as text.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_owned()
}

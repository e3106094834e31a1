//! A request as it came, for people to look at: all of it but what would let them sign another one.

use ase_engine::Engine;
use ase_engine::inbox::KeptRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::Serialize;

/// What stands in place of a secret.
const MASK: &str = "***";
/// Headers that are nothing but a secret.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestView {
    /// Names and values, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The query string.
    pub query: String,
    /// The body, where it is text.
    pub body: Option<String>,
    /// The body in base64, where it is not.
    pub body_base64: Option<String>,
}

impl RequestView {
    /// A request of a source. Some platforms send the secret itself in a header or in the address: what a source takes
    /// as proof now is masked there.
    pub async fn of(engine: &Engine, source_id: &str, request: &KeptRequest) -> Self {
        let source = engine.directory().source(source_id).await.ok().flatten();
        let secrets = source.iter().flat_map(|source| source.secrets.iter());
        let secrets: Vec<&str> = secrets.map(ExposeSecret::expose_secret).collect();
        Self::masked(request, &secrets)
    }

    fn masked(request: &KeptRequest, secrets: &[&str]) -> Self {
        let mask = |text: &str| {
            let secrets = secrets.iter().filter(|secret| !secret.is_empty());
            secrets.fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
        };
        let header = |(name, value): &(String, Vec<u8>)| {
            let hidden = SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str());
            let shown = if hidden { MASK.to_owned() } else { mask(&String::from_utf8_lossy(value)) };
            (name.clone(), shown)
        };
        let text = std::str::from_utf8(&request.body).ok();
        Self {
            headers: request.headers.iter().map(header).collect(),
            query: mask(&request.query),
            body: text.map(str::to_owned),
            body_base64: text.is_none().then(|| STANDARD.encode(&request.body)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &[u8]) -> KeptRequest {
        let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        KeptRequest {
            headers: vec![
                header("X-Token", "hunter2hunter2"),
                header("Authorization", "Basic dXNlcjpodW50ZXIy"),
                header("X-Id", "msg_1"),
            ],
            query: "token=hunter2hunter2&page=1".to_owned(),
            body: body.to_vec(),
        }
    }

    #[test]
    fn what_proves_a_delivery_is_masked_and_the_rest_is_shown() {
        let shown = RequestView::masked(&request(b"{\"id\":1}"), &["hunter2hunter2", ""]);
        let values: Vec<&str> = shown.headers.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, [MASK, MASK, "msg_1"]);
        assert_eq!(shown.query, "token=***&page=1");
        assert_eq!((shown.body.as_deref(), shown.body_base64), (Some("{\"id\":1}"), None));
    }

    #[test]
    fn a_body_that_is_no_text_is_shown_byte_for_byte() {
        let shown = RequestView::masked(&request(&[0xff, 0, 1]), &[]);
        assert_eq!((shown.body, shown.body_base64.as_deref()), (None, Some("/wAB")));
    }
}

//! `Request`: a webhook request as it was recorded, one per file, readable and complete.
//!
//! `NAME.request.json` holds what came in, and what the source that took it knows: its secrets and settings. The body
//! is sent as it was signed, byte for byte, in whichever form it stands.

mod secrets;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::KitError;
use crate::connectors::{Delivery, Trust};

/// How the name of such a file ends.
pub(super) const SUFFIX: &str = ".request.json";
/// Bytes of such a file, and of a body beside it; a server takes less.
const MAX_FILE: u64 = 8 << 20;

/// One recorded request with what its source knows.
pub struct Request {
    /// What it shows, in the words of whoever recorded it.
    pub about: String,
    /// Which topic of the manifest it exercises, where the file says so.
    pub topic: Option<String>,
    /// What came in.
    pub(super) delivery: Delivery,
    /// What the source takes for proof.
    pub(super) trust: Trust,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Request").field("delivery", &self.delivery).finish_non_exhaustive()
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    about: String,
    topic: Option<String>,
    received_at: DateTime<Utc>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    headers: BTreeMap<String, Values>,
    body: Option<Box<RawValue>>,
    body_base64: Option<String>,
    body_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "secrets::read")]
    secrets: Vec<SecretString>,
    #[serde(default)]
    settings: BTreeMap<String, Value>,
    #[serde(default = "five_minutes")]
    tolerance_s: u64,
    #[serde(default)]
    allow_sha1: bool,
    #[serde(default)]
    accept_partial: bool,
}

/// A header is given once or several times.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

fn five_minutes() -> u64 {
    300
}

impl Request {
    /// Reads one file, and the body beside it if it names one.
    ///
    /// # Errors
    /// The file cannot be read, or the field that is wrong; never with what a secret is.
    pub fn read(path: &Path) -> Result<Self, KitError> {
        let wrong = |problem: String| KitError::Request { path: path.to_owned(), problem };
        let text = read_some(path)?;
        let mut reader = serde_json::Deserializer::from_slice(&text);
        let written: Written = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let (at, problem) = (error.path().to_string(), error.inner().to_string());
            wrong(if matches!(at.as_str(), "." | "?") { problem } else { format!("{at}: {problem}") })
        })?;
        reader.end().map_err(|error| wrong(error.to_string()))?;
        let body = body(&written, path)?;
        Ok(Self::new(written, body, stem(path)))
    }

    fn new(written: Written, body: Bytes, name: &str) -> Self {
        let headers = written.headers.into_iter().flat_map(|(name, values)| {
            let values = match values {
                Values::One(value) => vec![value],
                Values::Several(values) => values,
            };
            values.into_iter().map(move |value| (name.clone(), value.into_bytes()))
        });
        let setting = |value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let delivery = Delivery {
            id: format!("fixture: {name}"),
            received_at: written.received_at,
            headers: headers.collect(),
            url: written.url,
            query: written.query,
            body,
            settings: written.settings.into_iter().map(|(name, value)| (name, setting(value))).collect(),
            pin: None,
        };
        let trust = Trust {
            secrets: written.secrets,
            tolerance: Duration::from_secs(written.tolerance_s),
            allow_sha1: written.allow_sha1,
            accept_partial: written.accept_partial,
        };
        Self { about: written.about, topic: written.topic, delivery, trust }
    }

    /// Bytes of the body.
    #[must_use]
    pub fn body_bytes(&self) -> usize {
        self.delivery.body.len()
    }

    /// Number of headers, of settings and of secrets.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.delivery.headers.len(), self.delivery.settings.len(), self.trust.secrets.len())
    }

    /// The text with every secret of this request taken out of it.
    #[must_use]
    pub fn conceal(&self, text: &str) -> String {
        secrets::conceal(&self.trust.secrets, text)
    }

    /// True when the text shows a secret of this request.
    pub(super) fn shows_secret(&self, text: &str) -> bool {
        secrets::shown(&self.trust.secrets, text)
    }

    /// The same request as the platform would send it once more: another delivery, a minute later.
    pub(super) fn redelivered(&self) -> Delivery {
        Delivery {
            id: format!("{}, once more", self.delivery.id),
            received_at: self.delivery.received_at + chrono::TimeDelta::minutes(1),
            ..self.delivery.clone()
        }
    }
}

/// The name without its suffix.
pub(super) fn stem(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_suffix(SUFFIX).unwrap_or(name)
}

/// The body in whichever of its forms it stands; at most one may be given.
fn body(written: &Written, path: &Path) -> Result<Bytes, KitError> {
    let wrong = |problem: &str| KitError::Request { path: path.to_owned(), problem: problem.to_owned() };
    match (&written.body, &written.body_base64, &written.body_file) {
        (None, None, None) => Ok(Bytes::new()),
        (Some(raw), None, None) => match raw.get().as_bytes().first() {
            Some(b'"') => {
                let text: String =
                    serde_json::from_str(raw.get()).map_err(|error| wrong(&error.to_string()))?;
                Ok(text.into())
            }
            Some(b'{' | b'[') => Ok(raw.get().to_owned().into()),
            _ => Err(wrong("body: must be a text, which is sent as it reads, or a JSON object or array")),
        },
        (None, Some(text), None) => {
            STANDARD.decode(text).map(Bytes::from).map_err(|error| wrong(&format!("body_base64: {error}")))
        }
        (None, None, Some(file)) if file.components().all(|part| matches!(part, Component::Normal(_))) => {
            Ok(read_some(&path.with_file_name("").join(file))?.into())
        }
        (None, None, Some(_)) => {
            Err(wrong("body_file: must be a path below the directory of the request, without `..`"))
        }
        _ => Err(wrong("only one of body, body_base64 and body_file may be given")),
    }
}

/// A whole file, unless it is larger than any webhook.
fn read_some(path: &Path) -> Result<Vec<u8>, KitError> {
    let size = std::fs::metadata(path).map_err(KitError::file(path))?.len();
    if size > MAX_FILE {
        let problem = format!("is {size} bytes, at most {MAX_FILE}");
        return Err(KitError::Request { path: path.to_owned(), problem });
    }
    std::fs::read(path).map_err(KitError::file(path))
}

#[cfg(test)]
mod tests;

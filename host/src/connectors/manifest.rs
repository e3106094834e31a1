//! `Manifest`: what a connector says about itself, as data. No guest code runs to read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::limits::{MAX_DEADLINE_MS, MAX_MEMORY_MIB};
use super::versions::{SPOKEN, Version, spoken};

/// A connector's `connector.toml`, which travels as JSON in the custom section `ase:manifest`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Stable id, the `{connector}` of `POST /webhooks/{connector}/{source_id}`.
    pub id: String,
    /// Version of the connector.
    pub version: String,
    /// Version of `ase:connector` that it was written for: `0.1` or `0.2`.
    pub api: String,
    /// Name for people.
    pub title: String,
    /// Whose webhooks it reads.
    pub provider: String,
    /// One or two sentences for the operator.
    #[serde(default)]
    pub description: String,
    /// SPDX expression.
    #[serde(default)]
    pub license: String,
    /// How much of a delivery the signatures cover.
    #[serde(default)]
    pub signs: Coverage,
    /// Answers a platform's unsigned greeting, such as the ping after a webhook was made. Since `0.2`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub greets: bool,
    /// What it knows how to read.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// What an operator may set per source.
    #[serde(default)]
    pub settings: Vec<SettingSpec>,
    /// What a call may use.
    #[serde(default)]
    pub limits: LimitsSpec,
    /// Which of the withheld headers it needs.
    #[serde(default)]
    pub headers: HeadersSpec,
    /// Deliveries that prove the component before it is used.
    #[serde(default)]
    pub samples: Vec<Sample>,
    /// How to try a fresh source out.
    #[serde(default)]
    pub demo: Option<DemoSpec>,
}

/// How much of a delivery the signatures cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Coverage {
    /// Every signature covers the whole body.
    #[default]
    Full,
    /// Some do not; the operator of each source has to accept that.
    Partial,
}

/// One kind of delivery that a connector knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The provider's own name for it.
    pub name: String,
    /// What it tells.
    #[serde(default)]
    pub description: String,
}

/// One setting that an operator may give a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingSpec {
    /// Name as the guest receives it.
    pub name: String,
    /// How the value is written.
    #[serde(rename = "type", default)]
    pub setting_type: SettingType,
    /// True when a source cannot do without.
    #[serde(default)]
    pub required: bool,
    /// What it does.
    #[serde(default)]
    pub description: String,
}

/// How a setting's value is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingType {
    /// Any text.
    #[default]
    Text,
    /// A JSON document.
    Json,
    /// `true` or `false`.
    Bool,
}

/// What a call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSpec {
    /// MiB of all linear memories together, at most 128.
    pub memory_mib: u32,
    /// Milliseconds a call may run for, at most 250.
    pub deadline_ms: u32,
}

impl Default for LimitsSpec {
    fn default() -> Self {
        Self { memory_mib: 32, deadline_ms: 20 }
    }
}

/// Which of the withheld headers a connector needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadersSpec {
    /// Lower-case names, such as `authorization`.
    pub allow: Vec<String>,
    /// The header that holds the platform's own id of a delivery, where there is one: the same id with another body
    /// raises an alarm.
    pub delivery_id: Option<String>,
    /// The headers that name the topic of a delivery, where its body does not; the first that is there counts. The
    /// same body under another of the connector's topics is another delivery.
    pub topic: Vec<String>,
}

/// One delivery with the answer that the connector must give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What it shows.
    pub name: String,
    /// The body.
    pub body: String,
    /// The query string.
    #[serde(default)]
    pub query: String,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Settings of the source.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// What `normalize` must say.
    pub expect: Expectation,
}

/// How to try a fresh source out: `ase demo` writes a script of it for people to run. It says nothing about what the
/// component may do, and no program but that script ever runs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSpec {
    /// What the delivery shows, in a few words.
    pub title: String,
    /// Settings of the source.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// The body: text of a here-document of `sh`, in which `$id` is a fresh number, `$now` the time in seconds since
    /// 1970 and `$time` the same in RFC 3339.
    pub body: String,
    /// Portable `sh` with `openssl` that prints the headers, `name: value` one per line. It finds `$secret`, `$body`,
    /// `$id`, `$now` and `$time`.
    pub sign: String,
}

/// What `normalize` must say to a sample. Exactly one is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expectation {
    /// Events of these types, in order.
    Events(Vec<String>),
    /// Ignored, if true.
    Ignored(bool),
    /// A synchronous answer, if true.
    Reply(bool),
    /// A refusal for this reason, as `wit/` spells it.
    Refused(String),
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The component carries none.
    #[error(
        "has no custom section `ase:manifest`: build it with `ase connector build` or append connector.toml as JSON"
    )]
    Missing,
    /// The component carries two, and which one counts would be a guess.
    #[error("has more than one custom section `ase:manifest`")]
    Repeated,
    /// The section is not the JSON of a manifest.
    #[error("manifest: {at}: {problem}")]
    Unreadable {
        /// Path of the field.
        at: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A field has a value that cannot be used.
    #[error("manifest: {field} {problem}")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// It was written for another interface.
    #[error("speaks ase:connector {found}, and this build speaks {}: {}", spoken(), remedy(.found))]
    Api {
        /// The version it asks for.
        found: String,
    },
}

/// What to do about a component of another interface version.
fn remedy(found: &str) -> &'static str {
    let minor = |version: &str| {
        let mut parts = version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    };
    let newest = SPOKEN.last().map_or((0, 0), |version| minor(version.as_str()));
    if minor(found) > newest {
        "upgrade ase, or build the connector against the wit/ of this release"
    } else {
        "build the connector against the wit/ of this release"
    }
}

impl Manifest {
    /// Reads the JSON of the custom section and checks every field.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub fn from_json(json: &[u8]) -> Result<Self, ManifestError> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let manifest: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            ManifestError::Unreadable { at: error.path().to_string(), problem: error.inner().to_string() }
        })?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The version of the interface that it was written for.
    ///
    /// # Errors
    /// This build does not speak it.
    pub(super) fn version(&self) -> Result<Version, ManifestError> {
        Version::named(&self.api).ok_or_else(|| ManifestError::Api { found: self.api.clone() })
    }

    fn check(&self) -> Result<(), ManifestError> {
        self.version()?;
        let named = |field, problem: &str| Err(ManifestError::Field { field, problem: problem.to_owned() });
        if !is_id(&self.id) {
            return named("id", "must be 1 to 64 lower-case letters, digits or hyphens");
        }
        if self.version.is_empty() || self.version.len() > 64 {
            return named("version", "must be 1 to 64 characters");
        }
        if self.title.is_empty() || self.title.len() > 200 {
            return named("title", "must be 1 to 200 characters");
        }
        if !(1..=MAX_MEMORY_MIB).contains(&self.limits.memory_mib) {
            return named("limits.memory_mib", "must be 1 to 128");
        }
        if !(1..=MAX_DEADLINE_MS).contains(&self.limits.deadline_ms) {
            return named("limits.deadline_ms", "must be 1 to 250");
        }
        if !self.headers.allow.iter().all(|name| is_header(name)) {
            return named("headers.allow", "must hold names in lower case");
        }
        if !self.headers.topic.iter().all(|name| is_header(name)) {
            return named("headers.topic", "must hold names in lower case");
        }
        if !self.headers.topic.is_empty() && self.topics.is_empty() {
            return named("headers.topic", "needs the topics themselves, each in a [[topics]] of its own");
        }
        Ok(())
    }
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && *name == name.to_ascii_lowercase()
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

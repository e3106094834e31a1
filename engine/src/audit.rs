//! Audit entries: who did what, when, in a form whose hash everybody computes alike.
//!
//! It owns the entry and its leaf hash. It never orders, signs or stores entries, and nothing personal belongs
//! into one in the clear.

pub mod action;
mod number;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// Version of the entry's shape.
pub const VERSION: u8 = 1;

/// Before the content of a leaf, so that no leaf can pass for an inner node: RFC 6962 section 2.1.
const LEAF_PREFIX: [u8; 1] = [0];

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorType {
    /// The organisation's back end, with an API key.
    Platform,
    /// The person whose account it is.
    Subject,
    /// Somebody at the dashboard.
    Analyst,
    /// This system itself.
    System,
    /// A connector, for a delivery of its source.
    Connector,
}

/// Who acted, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// What kind of actor.
    #[serde(rename = "type")]
    pub actor_type: ActorType,
    /// Id of the key, subject, user, source or part of the system.
    pub id: String,
}

/// One thing that happened. Its JSON is what is hashed, exported and checked; every member is always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`VERSION`].
    #[serde(deserialize_with = "known_version")]
    pub v: u8,
    /// Whose log it stands in.
    pub org_id: String,
    /// `aud_...`
    pub id: String,
    /// The session it is about, if any.
    #[serde(deserialize_with = "Option::deserialize")]
    pub session_id: Option<String>,
    /// When, by the database's clock; whole microseconds, written with six digits and `Z`.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub occurred_at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What, see [`action`].
    pub action: String,
    /// Further facts, nothing personal in the clear. Numbers that a double cannot hold as a whole (beyond 2^53)
    /// are written as text, as RFC 8785 appendix D advises; canonical JSON would round them.
    #[serde(serialize_with = "number::write")]
    pub metadata: Map<String, Value>,
}

impl ActorType {
    /// The word used in entries and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Subject => "subject",
            Self::Analyst => "analyst",
            Self::System => "system",
            Self::Connector => "connector",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Platform, Self::Subject, Self::Analyst, Self::System, Self::Connector];
        all.into_iter().find(|actor_type| actor_type.as_str() == text)
    }
}

impl Entry {
    /// `SHA-256(0x00 ‖ canonical JSON)`: RFC 6962 section 2.1 over RFC 8785.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "text, JSON values and a time always serialise"
    )]
    pub fn leaf_hash(&self) -> [u8; 32] {
        let canonical = serde_json_canonicalizer::to_vec(self).expect("an entry is JSON");
        Sha256::new().chain_update(LEAF_PREFIX).chain_update(canonical).finalize().into()
    }
}

fn known_version<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::deserialize(from)? {
        VERSION => Ok(VERSION),
        other => Err(de::Error::custom(format_args!("unknown version {other} of an audit entry"))),
    }
}

fn time_text(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn write_time<S: Serializer>(time: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time_text(time))
}

/// Another spelling of the same time would hash differently, so there is only one.
fn read_time<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse::<DateTime<Utc>>() {
        Ok(time) if time_text(&time) == text => Ok(time),
        _ => Err(de::Error::custom(
            "must be a UTC time with six digits of a second, such as 2026-11-22T10:00:00.000000Z",
        )),
    }
}

#[cfg(test)]
mod tests;

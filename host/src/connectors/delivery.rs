//! What goes into a call and what comes out of it, in words that know nothing of wasm.

use std::time::Duration;

use ase_engine::event::Draft;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// One webhook request as received.
#[derive(Clone, Default)]
pub struct Delivery {
    /// The host's own id of it.
    pub id: String,
    /// When the host received it. Signed times are held against this.
    pub received_at: DateTime<Utc>,
    /// Headers in order, repeated ones repeatedly; names in any case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The address it was sent to as its sender knows it, with the query; empty where nobody knows.
    pub url: String,
    /// The query string without its question mark.
    pub query: String,
    /// The body, byte for byte.
    pub body: Bytes,
    /// Non-secret settings of the source: name and value.
    pub settings: Vec<(String, String)>,
    /// The version of its connector that the source stays with, by digest.
    pub pin: Option<String>,
}

impl Delivery {
    /// What a header says, where it was sent and is text.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name))?;
        String::from_utf8(value.clone()).ok()
    }
}

impl std::fmt::Debug for Delivery {
    /// Without headers, query, body and settings, which may hold what no log should.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Delivery")
            .field("id", &self.id)
            .field("received_at", &self.received_at)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a source takes for proof.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Every active secret; during a rotation there are two. Without any, nothing is authentic.
    pub secrets: Vec<SecretString>,
    /// How far a signed time may be from the time of receipt, in either direction, inclusive.
    pub tolerance: Duration,
    /// True when the operator of the source accepts HMAC-SHA-1.
    pub allow_sha1: bool,
    /// True when the operator accepts signatures that do not cover the whole body, where the manifest says so.
    pub accept_partial: bool,
}

/// What the headers of a delivery say of it, as the manifest of the connector that read it tells where to look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The platform's own id of it.
    pub provider_id: Option<String>,
    /// Its topic, where the body does not hold it. Nothing signs most headers, so only a topic that the manifest lists
    /// counts: one body cannot be kept under any number of names.
    pub topic: Option<String>,
}

/// What a connector made of a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What the delivery became.
    pub received: Received,
    /// `sha256:` and the digest of the connector that read it.
    pub connector_digest: String,
    /// What its headers say of the delivery.
    pub named: Named,
    /// The place of the secret that proved it, among those of the source.
    pub secret: Option<usize>,
}

/// What a delivery became.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// These events, in order; at least one.
    Events(Vec<Draft>),
    /// A synchronous answer for the platform and nothing else.
    Reply {
        /// HTTP status, 200 to 299.
        status: u16,
        /// Media type of the body, printable ASCII.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// An answer to an unsigned greeting: nothing was verified and nothing comes of it.
    Greeted {
        /// HTTP status, 200 to 299.
        status: u16,
        /// `text/plain` or `application/json`.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// Of no concern.
    Ignored {
        /// Why, in one cleaned sentence.
        reason: String,
    },
    /// An authentic delivery that the connector cannot or will not read.
    Refused(Refusal),
    /// Not authentic: which check failed, without secrets. Also what a connector refuses before the check.
    Unauthenticated(String),
}

impl Received {
    /// One word for counters.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Events(_) => "events",
            Self::Reply { .. } => "reply",
            Self::Greeted { .. } => "greeted",
            Self::Ignored { .. } => "ignored",
            Self::Refused(_) => "refused",
            Self::Unauthenticated(_) => "unauthenticated",
        }
    }
}

/// A connector's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind.
    pub reason: RefusalReason,
    /// One sentence for the operator: at most 500 characters, none of them control characters.
    pub message: String,
    /// RFC 6901 pointer into the body.
    pub pointer: Option<String>,
}

/// Why a connector said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalReason {
    /// The body is not what the topic promises.
    Malformed,
    /// The topic is not one of the manifest's.
    UnsupportedTopic,
    /// The payload is of a version that the connector does not read.
    UnsupportedVersion,
    /// A header or the account is missing or wrong.
    Unauthenticated,
}

impl RefusalReason {
    /// As `wit/` spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnsupportedTopic => "unsupported-topic",
            Self::UnsupportedVersion => "unsupported-version",
            Self::Unauthenticated => "unauthenticated",
        }
    }
}

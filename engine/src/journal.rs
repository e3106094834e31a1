//! `Journal`: the audit entries of one transaction, in the order in which things happened.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value};

use crate::audit::{Actor, ActorType, Entry};
use crate::id::random_id;

/// Collects entries; each comes a microsecond after the one before, so that time alone orders them.
#[derive(Debug)]
pub(crate) struct Journal {
    org_id: String,
    session_id: Option<String>,
    now: DateTime<Utc>,
    entries: Vec<Entry>,
}

impl Journal {
    pub(crate) fn new(org_id: &str, session_id: Option<&str>, now: DateTime<Utc>) -> Self {
        Self {
            org_id: org_id.to_owned(),
            session_id: session_id.map(str::to_owned),
            now,
            entries: Vec::with_capacity(4),
        }
    }

    /// Notes that `actor` did `action`. `metadata` is an object without personal data.
    pub(crate) fn note(&mut self, actor: &Actor, action: &str, metadata: Value) {
        let metadata = match metadata {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let place = i64::try_from(self.entries.len()).unwrap_or(i64::MAX);
        self.entries.push(Entry {
            v: 1,
            org_id: self.org_id.clone(),
            id: random_id("aud_", &mut rand::rng()),
            session_id: self.session_id.clone(),
            occurred_at: self.now + Duration::microseconds(place),
            actor: actor.clone(),
            action: action.to_owned(),
            metadata,
        });
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// The engine itself, as an actor.
pub(crate) fn engine_actor() -> Actor {
    Actor { actor_type: ActorType::System, id: "engine".to_owned() }
}

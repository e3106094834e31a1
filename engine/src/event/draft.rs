//! `Draft`: an event as a caller or a connector wrote it, before its fields are read.

mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::problem::{FieldError, from_json};

/// An event as written: every field optional, every value text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Identity within the source.
    pub id: Option<String>,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// RFC 3339.
    pub occurred_at: Option<String>,
    /// Whose account it touches.
    pub subject: DraftSubject,
    /// What is about to happen.
    pub action: Option<DraftAction>,
    /// The device and session that acted.
    pub device: Option<DraftDevice>,
    /// Who pays.
    pub billing: Option<DraftAddress>,
    /// Who receives.
    pub shipping: Option<DraftAddress>,
    /// What else it is about.
    pub links: Vec<DraftLink>,
    /// What others said.
    pub signals: Vec<DraftSignal>,
    /// What changed.
    pub changes: Vec<DraftChange>,
    /// Further facts.
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// A test or sandbox event.
    pub test: bool,
    /// Where the person goes after the challenge.
    pub return_url: Option<String>,
}

/// See [`super::Subject`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Subject`, as text")]
pub struct DraftSubject {
    pub id: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub name: Option<String>,
    pub created_at: Option<String>,
    pub locale: Option<String>,
}

/// See [`super::Action`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Action`, as text")]
pub struct DraftAction {
    pub description: Option<String>,
    pub amount: Option<DraftMoney>,
    pub balance: Option<DraftMoney>,
    pub destination: Option<DraftDestination>,
}

/// See [`super::Money`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Money`, as text")]
pub struct DraftMoney {
    pub value: String,
    pub currency: String,
}

/// See [`super::Destination`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Destination`, as text")]
pub struct DraftDestination {
    pub id: Option<String>,
    pub label: Option<String>,
    pub created_at: Option<String>,
    pub name_match: Option<String>,
}

/// See [`super::Device`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Device`, as text")]
pub struct DraftDevice {
    pub id: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub country: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub session_started_at: Option<String>,
    pub flags: Vec<String>,
}

/// The part of a postal address that risk looks at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftAddress {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// See [`super::Link`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `Link`")]
pub struct DraftLink {
    #[serde(rename = "type")]
    pub link_type: String,
    pub id: String,
}

/// See [`super::ProviderSignal`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of `ProviderSignal`")]
pub struct DraftSignal {
    pub name: String,
    pub score: f64,
}

/// One thing that changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftChange {
    /// Name of the field.
    pub field: String,
}

impl Draft {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// A [`FieldError`] whose pointer names the field of the wrong type; the root pointer when it is not JSON.
    pub fn from_json(body: &[u8]) -> Result<Self, FieldError> {
        from_json(body)
    }

    /// Reads every field as the API demands it.
    ///
    /// # Errors
    /// The first bad field.
    pub fn strict(self) -> Result<Event, FieldError> {
        read::read(self, false)
    }

    /// Reads what can be read; a bad optional field is unknown. `id`, `type` and `subject.id` must be good.
    ///
    /// # Errors
    /// The first of the three that is missing or bad.
    pub fn lenient(self) -> Result<Event, FieldError> {
        read::read(self, true)
    }
}

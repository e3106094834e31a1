//! `Draft`: an event as a caller or a connector wrote it, before its fields are read.

mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::problem::{FieldError, from_json};

/// An event as written: every field optional, every value text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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

/// Whose account it touches.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftSubject {
    /// The platform's id.
    pub id: Option<String>,
    /// Address for mails to the subject.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Name for mails and pages.
    pub name: Option<String>,
    /// When the account was made, RFC 3339.
    pub created_at: Option<String>,
    /// Language as a BCP 47 tag.
    pub locale: Option<String>,
}

/// What is about to happen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftAction {
    /// One sentence for the person who is asked about it.
    pub description: Option<String>,
    /// How much.
    pub amount: Option<DraftMoney>,
    /// What the subject had before.
    pub balance: Option<DraftMoney>,
    /// Where it goes.
    pub destination: Option<DraftDestination>,
}

/// An amount of money.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftMoney {
    /// A decimal number as text, such as `900.00`.
    pub value: String,
    /// ISO 4217 code.
    pub currency: String,
}

/// Where money or goods would go.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftDestination {
    /// Stable id.
    pub id: Option<String>,
    /// What a person may see of it.
    pub label: Option<String>,
    /// When the platform first saw it, RFC 3339.
    pub created_at: Option<String>,
    /// What a payee-name check said: `none`, `close` or `full`.
    pub name_match: Option<String>,
}

/// The device and session that acted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftDevice {
    /// The platform's id or fingerprint of the device.
    pub id: Option<String>,
    /// Address of the user, never of the platform.
    pub ip: Option<String>,
    /// The browser's own description.
    pub user_agent: Option<String>,
    /// ISO 3166-1 alpha-2 country of the connection.
    pub country: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// When the session began, RFC 3339.
    pub session_started_at: Option<String>,
    /// `call_active`, `screen_share`, `remote_control`, `emulator`, `automation`, `vpn`, `tor` or others.
    pub flags: Vec<String>,
}

/// The part of a postal address that risk looks at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftAddress {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// Another thing an event is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftLink {
    /// What it is: `order`, `payment`, `customer`, ...
    #[serde(rename = "type")]
    pub link_type: String,
    /// Its id at the platform.
    pub id: String,
}

/// What somebody else already said about the risk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct DraftSignal {
    /// Who says what, dotted.
    pub name: String,
    /// 0 to 100.
    pub score: f64,
}

/// One thing that changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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

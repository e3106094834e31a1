//! `Event`: one thing a subject did or is about to do, in neutral words.
//!
//! An event is made from a [`Draft`], strictly for callers of the API (a bad field is an error that names it)
//! and leniently for connectors (a bad optional field is unknown). It knows nothing of platforms.

mod draft;
mod kind;
mod money;
mod text;

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use draft::{
    Draft, DraftAction, DraftAddress, DraftChange, DraftDestination, DraftDevice, DraftLink, DraftMoney,
    DraftSignal, DraftSubject,
};
pub use kind::{Category, EventType};
pub use money::{Money, MoneyError};
pub(crate) use text::{is_domain, is_unsafe_char};
pub use text::{is_email as is_email_address, mask_email};

/// One normalized event. What is not known is `None` or empty, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Unique per source: the idempotency identity is (source, `id`).
    pub id: String,
    /// What happened, such as `payout.destination_changed`.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened, if the sender said so.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Whose account it touches.
    pub subject: Subject,
    /// What is about to happen.
    pub action: Action,
    /// The device and session that acted.
    pub device: Device,
    /// ISO 3166-1 alpha-2 country of the payer.
    pub billing_country: Option<String>,
    /// ISO 3166-1 alpha-2 country of the recipient.
    pub shipping_country: Option<String>,
    /// What else the event is about.
    pub links: Vec<Link>,
    /// What others already said of the risk.
    pub signals: Vec<ProviderSignal>,
    /// Names of the fields that changed: `email`, `phone`, `password`, ...
    pub changes: Vec<String>,
    /// Further facts.
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// A test or sandbox event.
    pub test: bool,
    /// Where the person goes after the challenge; checked against the organisation's allow-list.
    pub return_url: Option<String>,
}

/// Whose account an event touches.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The platform's id.
    pub id: String,
    /// Address for mails to the subject.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Name for mails and pages.
    pub name: Option<String>,
    /// When the account was made.
    pub created_at: Option<DateTime<Utc>>,
    /// Language as a BCP 47 tag.
    pub locale: Option<String>,
}

/// What is about to happen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// One sentence for the person who is asked about it.
    pub description: Option<String>,
    /// How much.
    pub amount: Option<Money>,
    /// What the subject had before.
    pub balance: Option<Money>,
    /// Where it goes.
    pub destination: Option<Destination>,
}

/// Where money or goods would go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// Stable id.
    pub id: String,
    /// What a person may see of it.
    pub label: Option<String>,
    /// When the platform first saw it.
    pub created_at: Option<DateTime<Utc>>,
    /// What a payee-name check said.
    pub name_match: Option<NameMatch>,
}

/// What a payee-name check said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// The names differ.
    None,
    /// They are alike.
    Close,
    /// They are the same.
    Full,
}

/// The device and session that acted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// The platform's id or fingerprint of the device.
    pub id: Option<String>,
    /// Address of the user, never of the platform.
    pub ip: Option<IpAddr>,
    /// The browser's own description.
    pub user_agent: Option<String>,
    /// ISO 3166-1 alpha-2 country of the connection.
    pub country: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// When the session began.
    pub session_started_at: Option<DateTime<Utc>>,
    /// Known flags, each once: `call_active`, `screen_share`, `remote_control`, `emulator`, `virtual_machine`,
    /// `headless`, `automation`, `replayed_token`, `vpn`, `tor`, `hosting`, `relay`, `proxy`, `passkey`. Others are
    /// kept as given.
    pub flags: Vec<String>,
}

/// Another thing an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is: `order`, `payment`, `customer`, ...
    #[serde(rename = "type")]
    pub link_type: String,
    /// Its id at the platform.
    pub id: String,
}

/// What somebody else already said about the risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderSignal {
    /// Who says what, dotted.
    pub name: String,
    /// 0 to 100.
    pub score: f64,
}

impl Event {
    /// True when `flag` is among the device's flags.
    #[must_use]
    pub fn has_flag(&self, flag: &str) -> bool {
        self.device.flags.iter().any(|known| known == flag)
    }

    /// Fingerprint of the card that pays, where the event is linked to one.
    #[must_use]
    pub fn card(&self) -> Option<&str> {
        self.links.iter().find(|link| link.link_type == "card").map(|link| link.id.as_str())
    }

    /// True when this event changes how the subject is reached: e-mail, phone or address.
    #[must_use]
    pub fn changes_contact(&self) -> bool {
        self.event_type.category() == Category::Contact
            || self.changes.iter().any(|field| matches!(field.as_str(), "email" | "phone" | "address"))
    }
}

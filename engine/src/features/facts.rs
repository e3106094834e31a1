//! `Facts`: what an event says, without who it speaks of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::words::fact;
use crate::event::{Category, Event, EventType, Money, NameMatch, ProviderSignal};

/// How many attributes of an event are kept.
const ATTRIBUTES_MAX: usize = 32;

/// The event as signals and rules see it. Ids, addresses and names are not among it: what they match was looked up
/// and stands in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one id was given")]
pub struct Facts {
    /// What happened, such as `payout.destination_changed`.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// A test or sandbox event.
    pub test: bool,
    /// When it happened, if the sender said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the account was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_created_at: Option<DateTime<Utc>>,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What the subject had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Money>,
    /// Where money or goods would go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationFacts>,
    /// The device is known by an id, its own or that of an event it is linked to.
    pub has_device: bool,
    /// The address of the connection was given.
    pub has_ip: bool,
    /// A card is known by its fingerprint.
    pub has_card: bool,
    /// Coordinates of the connection were given.
    pub has_place: bool,
    /// ISO 3166-1 alpha-2 country of the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Of the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_country: Option<String>,
    /// Of the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_country: Option<String>,
    /// When the session began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_started_at: Option<DateTime<Utc>>,
    /// Hours that the sun at the place of the connection is ahead of UTC, -12 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sun_offset: Option<i32>,
    /// The device's flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// What others already said of the risk.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<ProviderSignal>,
    /// Names of the fields that changed, as the event told or as the account's state shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// Further facts: numbers, booleans and plain words alone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Fact>,
}

/// What is known of a destination besides its id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DestinationFacts {
    /// When the platform first saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<Utc>>,
    /// What a payee-name check said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_match: Option<NameMatch>,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// `true` or `false`.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// A plain word such as `disabled`.
    Word(String),
}

impl Facts {
    /// What may be kept of `event`.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let device = &event.device;
        Self {
            event_type: event.event_type.clone(),
            test: event.test,
            occurred_at: event.occurred_at,
            account_created_at: event.subject.created_at,
            amount: event.action.amount.clone(),
            balance: event.action.balance.clone(),
            destination: event.action.destination.as_ref().map(|destination| DestinationFacts {
                created_at: destination.created_at,
                name_match: destination.name_match,
            }),
            has_device: device.id.is_some(),
            has_ip: device.ip.is_some(),
            has_card: event.card().is_some(),
            has_place: device.latitude.is_some() && device.longitude.is_some(),
            country: device.country.clone(),
            billing_country: event.billing_country.clone(),
            shipping_country: event.shipping_country.clone(),
            session_started_at: device.session_started_at,
            sun_offset: device.longitude.map(sun_offset),
            flags: device.flags.clone(),
            signals: event.signals.clone(),
            changes: event.changes.clone(),
            attributes: event
                .attributes
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), fact(value)?)))
                .take(ATTRIBUTES_MAX)
                .collect(),
        }
    }

    /// The kind of action behind the type.
    #[must_use]
    pub fn category(&self) -> Category {
        self.event_type.category()
    }

    /// True when `flag` is among the device's flags.
    #[must_use]
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }

    /// True when this event changes how the subject is reached: e-mail, phone or address.
    #[must_use]
    pub fn changes_contact(&self) -> bool {
        self.category() == Category::Contact
            || self.changes.iter().any(|field| matches!(field.as_str(), "email" | "phone" | "address"))
    }

    /// True for what a scammer wants done. A change of contact counts whatever type it comes under.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.category().is_sensitive() || self.changes_contact()
    }

    /// True for what a scammer wants done or bought.
    #[must_use]
    pub fn is_sensitive_or_order(&self) -> bool {
        self.is_sensitive() || self.category() == Category::Order
    }

    /// True for what should have an amount.
    #[must_use]
    pub fn carries_money(&self) -> bool {
        matches!(
            self.category(),
            Category::Payout | Category::Withdrawal | Category::Order | Category::Payment
        )
    }

    /// An attribute that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.attributes.get(name) {
            Some(Fact::Number(number)) => Some(*number),
            _ => None,
        }
    }
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            event_type: EventType::new("other"),
            test: false,
            occurred_at: None,
            account_created_at: None,
            amount: None,
            balance: None,
            destination: None,
            has_device: false,
            has_ip: false,
            has_card: false,
            has_place: false,
            country: None,
            billing_country: None,
            shipping_country: None,
            session_started_at: None,
            sun_offset: None,
            flags: Vec::new(),
            signals: Vec::new(),
            changes: Vec::new(),
            attributes: BTreeMap::new(),
        }
    }
}

/// 15 degrees of longitude are one hour.
#[expect(clippy::cast_possible_truncation, reason = "at most 12 either way")]
fn sun_offset(longitude: f64) -> i32 {
    (longitude / 15.0).round().clamp(-12.0, 12.0) as i32
}

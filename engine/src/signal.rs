//! Signals: what speaks for a scam in an event and in the history of its subject.
//!
//! Each signal is a set of parameters that judges one question with a hit, a miss or an honest "unknown". It sees
//! the event and the history alone, so the same two always give the same finding.

mod account_new;
mod action_burst;
mod action_sensitive;
mod age;
mod amount_unusual;
mod balance_drain;
mod billing_shipping_mismatch;
mod contact_changed_recently;
mod new_country;
mod new_destination;
mod new_device;
mod prior_challenge_risk;
mod provider_risk;
mod remote_or_call_active;
#[cfg(test)]
pub(crate) mod sample;
mod step;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::features::Features;

pub use account_new::AccountNew;
pub use action_burst::ActionBurst;
pub use action_sensitive::ActionSensitive;
pub use amount_unusual::AmountUnusual;
pub use balance_drain::BalanceDrain;
pub use billing_shipping_mismatch::BillingShippingMismatch;
pub use contact_changed_recently::ContactChangedRecently;
pub use new_country::NewCountry;
pub use new_destination::NewDestination;
pub use new_device::NewDevice;
pub use prior_challenge_risk::PriorChallengeRisk;
pub use provider_risk::ProviderRisk;
pub use remote_or_call_active::RemoteOrCallActive;
pub use step::Step;
pub(crate) use step::read_points;

/// What a signal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It speaks for a scam or, in the group of trust, against one.
    Hit {
        /// What it adds to the score, 0 to 100; 0 to -100 in the group of trust.
        points: i32,
        /// What was found, in words for an analyst, without personal data.
        detail: String,
    },
    /// Nothing found.
    Miss,
    /// It cannot say.
    Unknown {
        /// What was missing, such as `subject.created_at`.
        field: &'static str,
    },
}

/// Signals of one group tell of the same thing, so what they add together may be capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What is about to happen.
    Action,
    /// The account and its age.
    Account,
    /// The device.
    Device,
    /// Where the connection comes from.
    Network,
    /// How much happens at once.
    Velocity,
    /// What happened just before.
    Sequence,
    /// How much money.
    Amount,
    /// Where it goes.
    Destination,
    /// How the person acts.
    Behaviour,
    /// Whether somebody guides the person.
    Coercion,
    /// What others say of the risk.
    Provider,
    /// What the organisation's own lists say.
    Lists,
    /// What speaks for the subject: the only group whose points are below zero.
    Trust,
}

/// Whether a signal counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It counts.
    #[default]
    Live,
    /// It is on trial: recorded beside the score, never part of it.
    Shadow,
    /// It is not asked.
    Off,
}

/// One question to an event and its history.
pub trait Signal: Debug + Send + Sync {
    /// Stable name of the reason it gives, never used for anything else.
    fn code(&self) -> &'static str;
    /// What it tells of.
    fn group(&self) -> Group;
    /// Whether it counts.
    fn mode(&self) -> Mode;
    /// Judges without a clock: the time is `history.now`.
    fn judge(&self, features: &Features) -> Finding;
}

/// Every signal with its parameters; a document names each by its code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each type tells of itself")]
pub struct Signals {
    pub action_sensitive: ActionSensitive,
    pub account_new: AccountNew,
    pub new_device: NewDevice,
    pub new_country: NewCountry,
    pub action_burst: ActionBurst,
    pub contact_changed_recently: ContactChangedRecently,
    pub amount_unusual: AmountUnusual,
    pub new_destination: NewDestination,
    pub balance_drain: BalanceDrain,
    pub remote_or_call_active: RemoteOrCallActive,
    pub prior_challenge_risk: PriorChallengeRisk,
    pub billing_shipping_mismatch: BillingShippingMismatch,
    pub provider_risk: ProviderRisk,
}

impl Signals {
    /// All of them, in the order in which their reasons are listed.
    #[must_use]
    pub fn all(&self) -> [&dyn Signal; 13] {
        [
            &self.action_sensitive,
            &self.account_new,
            &self.new_device,
            &self.new_country,
            &self.action_burst,
            &self.contact_changed_recently,
            &self.amount_unusual,
            &self.new_destination,
            &self.balance_drain,
            &self.remote_or_call_active,
            &self.prior_challenge_risk,
            &self.billing_shipping_mismatch,
            &self.provider_risk,
        ]
    }
}

impl Finding {
    fn hit(points: i32, detail: impl Into<String>) -> Self {
        Self::Hit { points, detail: detail.into() }
    }
}

impl Group {
    /// The name used in policies and details.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Account => "account",
            Self::Device => "device",
            Self::Network => "network",
            Self::Velocity => "velocity",
            Self::Sequence => "sequence",
            Self::Amount => "amount",
            Self::Destination => "destination",
            Self::Behaviour => "behaviour",
            Self::Coercion => "coercion",
            Self::Provider => "provider",
            Self::Lists => "lists",
            Self::Trust => "trust",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_names_its_signal_in_a_document() {
        let signals = Signals::default();
        let codes: BTreeSet<_> = signals.all().iter().map(|signal| signal.code().to_owned()).collect();
        let document = serde_json::to_value(&signals).unwrap();
        let names: BTreeSet<_> = document.as_object().unwrap().keys().cloned().collect();
        assert_eq!(codes.len(), signals.all().len());
        assert_eq!(codes, names);
    }

    #[test]
    fn every_signal_starts_live_and_can_be_turned_off() {
        for code in Signals::default().all().map(Signal::code) {
            let document = serde_json::json!({code: {"mode": "off"}});
            let signals: Signals = serde_json::from_value(document).unwrap();
            for signal in signals.all() {
                let mode = if signal.code() == code { Mode::Off } else { Mode::Live };
                assert_eq!(signal.mode(), mode, "{code}: {}", signal.code());
            }
        }
    }

    #[test]
    fn group_is_written_as_it_is_named() {
        for group in Signals::default().all().map(Signal::group) {
            assert_eq!(serde_json::to_value(group).unwrap(), group.as_str());
        }
    }
}

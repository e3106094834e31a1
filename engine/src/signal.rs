//! Signals: what speaks for a scam in an event and in the history of its subject.
//!
//! Each signal is a set of parameters that judges one question with a hit, a miss or an honest "unknown". It sees
//! the event and the history alone, so the same two always give the same finding.

mod account_dormant;
mod account_new;
mod account_restricted;
mod action_burst;
mod action_sensitive;
mod age;
mod amount_limit;
mod amount_unusual;
mod anon_network;
mod auth_failures;
mod balance_drain;
mod billing_shipping_mismatch;
mod card_testing;
mod contact_changed_recently;
mod credential_reset_then_money;
mod destination_established;
mod destination_fan_in;
mod destination_name_mismatch;
mod device_shared;
mod device_tampered;
mod dispute_history;
mod early_fraud_warning;
mod gift_card_heavy;
mod gift_card_value;
mod impossible_travel;
mod ip_country_mismatch;
mod ip_many_subjects;
mod listed;
mod near_limit;
mod new_country;
mod new_destination;
mod new_device;
mod new_network;
mod off_hours;
mod prior_challenge_risk;
mod provider_risk;
mod remote_or_call_active;
mod rushed_session;
#[cfg(test)]
pub(crate) mod sample;
mod step;
mod strong_auth;
mod trusted_device;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::features::Features;

pub use account_dormant::AccountDormant;
pub use account_new::AccountNew;
pub use account_restricted::AccountRestricted;
pub use action_burst::ActionBurst;
pub use action_sensitive::ActionSensitive;
pub use amount_limit::AmountLimit;
pub use amount_unusual::AmountUnusual;
pub use anon_network::AnonNetwork;
pub use auth_failures::AuthFailures;
pub use balance_drain::BalanceDrain;
pub use billing_shipping_mismatch::BillingShippingMismatch;
pub use card_testing::CardTesting;
pub use contact_changed_recently::ContactChangedRecently;
pub use credential_reset_then_money::CredentialResetThenMoney;
pub use destination_established::DestinationEstablished;
pub use destination_fan_in::DestinationFanIn;
pub use destination_name_mismatch::DestinationNameMismatch;
pub use device_shared::DeviceShared;
pub use device_tampered::DeviceTampered;
pub use dispute_history::DisputeHistory;
pub use early_fraud_warning::EarlyFraudWarning;
pub use gift_card_heavy::GiftCardHeavy;
pub use gift_card_value::GiftCardValue;
pub use impossible_travel::ImpossibleTravel;
pub use ip_country_mismatch::IpCountryMismatch;
pub use ip_many_subjects::IpManySubjects;
pub use listed::{AllowListed, DenyListed, WatchListed};
pub use near_limit::NearLimit;
pub use new_country::NewCountry;
pub use new_destination::NewDestination;
pub use new_device::NewDevice;
pub use new_network::NewNetwork;
pub use off_hours::OffHours;
pub use prior_challenge_risk::PriorChallengeRisk;
pub use provider_risk::ProviderRisk;
pub use remote_or_call_active::RemoteOrCallActive;
pub use rushed_session::RushedSession;
pub use step::Step;
pub(crate) use step::read_points;
pub use strong_auth::StrongAuth;
pub use trusted_device::TrustedDevice;

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
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
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
    pub account_dormant: AccountDormant,
    pub account_restricted: AccountRestricted,
    pub new_device: NewDevice,
    pub device_shared: DeviceShared,
    pub device_tampered: DeviceTampered,
    pub new_country: NewCountry,
    pub new_network: NewNetwork,
    pub impossible_travel: ImpossibleTravel,
    pub anon_network: AnonNetwork,
    pub ip_country_mismatch: IpCountryMismatch,
    pub action_burst: ActionBurst,
    pub ip_many_subjects: IpManySubjects,
    pub auth_failures: AuthFailures,
    pub card_testing: CardTesting,
    pub contact_changed_recently: ContactChangedRecently,
    pub credential_reset_then_money: CredentialResetThenMoney,
    pub amount_unusual: AmountUnusual,
    pub balance_drain: BalanceDrain,
    pub near_limit: NearLimit,
    pub gift_card_heavy: GiftCardHeavy,
    pub new_destination: NewDestination,
    pub destination_fan_in: DestinationFanIn,
    pub destination_name_mismatch: DestinationNameMismatch,
    pub billing_shipping_mismatch: BillingShippingMismatch,
    pub off_hours: OffHours,
    pub rushed_session: RushedSession,
    pub remote_or_call_active: RemoteOrCallActive,
    pub prior_challenge_risk: PriorChallengeRisk,
    pub gift_card_value: GiftCardValue,
    pub provider_risk: ProviderRisk,
    pub early_fraud_warning: EarlyFraudWarning,
    pub dispute_history: DisputeHistory,
    pub deny_listed: DenyListed,
    pub watch_listed: WatchListed,
    pub trusted_device: TrustedDevice,
    pub destination_established: DestinationEstablished,
    pub strong_auth: StrongAuth,
    pub allow_listed: AllowListed,
}

impl Signals {
    /// All of them, in the order in which their reasons are listed.
    #[must_use]
    pub fn all(&self) -> [&dyn Signal; 40] {
        [
            &self.action_sensitive,
            &self.account_new,
            &self.account_dormant,
            &self.account_restricted,
            &self.new_device,
            &self.device_shared,
            &self.device_tampered,
            &self.new_country,
            &self.new_network,
            &self.impossible_travel,
            &self.anon_network,
            &self.ip_country_mismatch,
            &self.action_burst,
            &self.ip_many_subjects,
            &self.auth_failures,
            &self.card_testing,
            &self.contact_changed_recently,
            &self.credential_reset_then_money,
            &self.amount_unusual,
            &self.balance_drain,
            &self.near_limit,
            &self.gift_card_heavy,
            &self.new_destination,
            &self.destination_fan_in,
            &self.destination_name_mismatch,
            &self.billing_shipping_mismatch,
            &self.off_hours,
            &self.rushed_session,
            &self.remote_or_call_active,
            &self.prior_challenge_risk,
            &self.gift_card_value,
            &self.provider_risk,
            &self.early_fraud_warning,
            &self.dispute_history,
            &self.deny_listed,
            &self.watch_listed,
            &self.trusted_device,
            &self.destination_established,
            &self.strong_auth,
            &self.allow_listed,
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
    fn signals_are_listed_group_by_group() {
        assert!(Signals::default().all().map(Signal::group).is_sorted());
    }

    #[test]
    fn group_is_written_as_it_is_named() {
        for group in Signals::default().all().map(Signal::group) {
            assert_eq!(serde_json::to_value(group).unwrap(), group.as_str());
        }
    }
}

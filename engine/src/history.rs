//! `History`: what the store knows of a subject before the event that is judged.
//!
//! All windows end at `now`, and the event itself is never counted. It is read in one statement and judged
//! without a further look at the store or the clock. Every count has a bound, so that no subject, device or address
//! can make a decision slow.

mod travel;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use travel::{Place, Travel};

/// What is known of the subject before this event. What nothing was found for is left out of the JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct History {
    /// The store's time of the decision.
    pub now: DateTime<Utc>,

    // the account
    /// Earlier events of the subject in 90 days, counted up to 500.
    #[serde(skip_serializing_if = "is_zero")]
    pub events: i64,
    /// When the subject was first seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seen_at: Option<DateTime<Utc>>,
    /// When it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_at: Option<DateTime<Utc>>,
    /// Earlier events within an hour of this time of day, whichever the day.
    #[serde(skip_serializing_if = "is_zero")]
    pub events_near_hour: i64,
    /// The account was last told to be disabled, restricted or the like.
    #[serde(skip_serializing_if = "is_false")]
    pub account_restricted: bool,

    // the device
    /// When this device was first seen for this subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_first_seen_at: Option<DateTime<Utc>>,
    /// Other subjects on this device within 30 days, among its last 200 uses.
    #[serde(skip_serializing_if = "is_zero")]
    pub device_subjects_30d: i64,

    // the network
    /// Earlier events whose country is known.
    #[serde(skip_serializing_if = "is_zero")]
    pub countries: i64,
    /// True when this event's country is among theirs.
    #[serde(skip_serializing_if = "is_false")]
    pub country_seen: bool,
    /// Earlier events whose network (IPv4 /24, IPv6 /48) is known.
    #[serde(skip_serializing_if = "is_zero")]
    pub networks: i64,
    /// True when this event's network is among theirs.
    #[serde(skip_serializing_if = "is_false")]
    pub network_seen: bool,
    /// Other subjects on this address within one hour, among its last 200 uses.
    #[serde(skip_serializing_if = "is_zero")]
    pub ip_subjects_1h: i64,
    /// The way from the last known place, where both are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel: Option<Travel>,

    // what happens at once, and what happened just before
    /// Earlier sensitive events within one hour.
    #[serde(skip_serializing_if = "is_zero")]
    pub sensitive_1h: i64,
    /// Failed sign-ins within one hour.
    #[serde(skip_serializing_if = "is_zero")]
    pub login_failures_1h: i64,
    /// Failed sign-ins within 24 hours.
    #[serde(skip_serializing_if = "is_zero")]
    pub login_failures_24h: i64,
    /// Wrong one-time codes within 24 hours.
    #[serde(skip_serializing_if = "is_zero")]
    pub otp_failures_24h: i64,
    /// Latest successful sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_at: Option<DateTime<Utc>>,
    /// Latest earlier change of e-mail, phone or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_changed_at: Option<DateTime<Utc>>,
    /// Latest earlier change of a password, second factor or recovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_changed_at: Option<DateTime<Utc>>,

    // how much
    /// Earlier amounts of the same category and currency.
    #[serde(skip_serializing_if = "is_zero")]
    pub amounts: i64,
    /// What 95 of 100 of those amounts do not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_p95: Option<Decimal>,
    /// The same over all subjects of the organisation, as last worked out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_amount_p95: Option<Decimal>,
    /// The last amounts of the same category and currency within 7 days, newest first, up to 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts_7d: Vec<Decimal>,
    /// Sum of earlier payouts and withdrawals within 24 hours, in the currency of this event.
    #[serde(skip_serializing_if = "Decimal::is_zero")]
    pub outflow_24h: Decimal,

    // where it goes
    /// When this destination was first seen for this subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_first_seen_at: Option<DateTime<Utc>>,
    /// Earlier events of the subject to this destination.
    #[serde(skip_serializing_if = "is_zero")]
    pub destination_uses: i64,
    /// Other subjects that sent to this destination within 7 days, among its last 200 uses; counted for payouts and
    /// withdrawals alone.
    #[serde(skip_serializing_if = "is_zero")]
    pub destination_subjects_7d: i64,

    // cards and what became of earlier payments
    /// Failed payments within one hour with this device.
    #[serde(skip_serializing_if = "is_zero")]
    pub device_payment_failures_1h: i64,
    /// Failed payments within one hour from this address.
    #[serde(skip_serializing_if = "is_zero")]
    pub ip_payment_failures_1h: i64,
    /// Failed payments within one hour with this card.
    #[serde(skip_serializing_if = "is_zero")]
    pub card_payment_failures_1h: i64,
    /// Disputes within 180 days against the subject, the device or the card.
    #[serde(skip_serializing_if = "is_zero")]
    pub disputes_180d: i64,
    /// Latest early fraud warning within 180 days against the subject, the device or the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraud_warning_at: Option<DateTime<Utc>>,

    // challenges
    /// Latest challenge within 7 days that was locked or ran out unanswered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_failed_at: Option<DateTime<Utc>>,
    /// Latest challenge within 7 days that was answered with "guided" or "unsure".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_guided_at: Option<DateTime<Utc>>,

    // lists
    /// Entries of the organisation's lists that match the event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListMatch>,
    /// What came over from events that this one is linked to, such as `device.id`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<String>,
}

/// An entry of a list that matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ListMatch {
    /// `deny`, `watch`, `allow`, `tor`, `hosting` or `relay`.
    pub list: String,
    /// What matched: `subject`, `device`, `ip`, `email_domain` or `destination`.
    pub kind: String,
    /// The entry.
    pub entry_id: String,
}

impl History {
    /// True when the subject said within a day that somebody guides them, or stopped an action after all.
    #[must_use]
    pub fn broke_contact(&self) -> bool {
        self.challenge_guided_at.is_some_and(|at| self.now - at < crate::challenge::BREAK_CONTACT_FOR)
    }

    /// Whole hours between `then` and `now`; zero when `then` lies ahead, as clocks of others may differ.
    #[must_use]
    pub fn hours_since(&self, then: DateTime<Utc>) -> i64 {
        self.now.signed_duration_since(then).num_hours().max(0)
    }

    /// Whole seconds between `then` and `now`; zero when `then` lies ahead.
    #[must_use]
    pub fn seconds_since(&self, then: DateTime<Utc>) -> i64 {
        self.now.signed_duration_since(then).num_seconds().max(0)
    }

    /// The first match on `list`.
    #[must_use]
    pub fn listed(&self, list: &str) -> Option<&ListMatch> {
        self.lists.iter().find(|found| found.list == list)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_zero(count: &i64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn hours_are_whole_and_never_negative() {
        let history = History::default();
        let table = [(0, 0), (59, 0), (60, 1), (24 * 60 - 1, 23), (24 * 60, 24), (-600, 0)];
        for (minutes, hours) in table {
            let then = history.now - TimeDelta::minutes(minutes);
            assert_eq!(history.hours_since(then), hours, "{minutes} minutes");
        }
    }
}

//! `OtpPolicy`: when a confirmed intent still needs a code.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use crate::event::{Category, EventType};

/// Any one of the three suffices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OtpPolicy {
    /// Categories that always need one.
    pub categories: BTreeSet<Category>,
    /// Event types that always need one.
    pub event_types: BTreeSet<String>,
    /// The score from which all need one, 0 to 101; 101 is never reached.
    #[serde(deserialize_with = "read_score")]
    #[schemars(range(min = 0, max = 101))]
    pub from_score: i32,
}

impl OtpPolicy {
    pub(super) fn is_needed(&self, event_type: &EventType, score: i32) -> bool {
        score >= self.from_score
            || self.categories.contains(&event_type.category())
            || self.event_types.contains(event_type.as_str())
    }
}

impl Default for OtpPolicy {
    fn default() -> Self {
        use Category::{Contact, Credential, Payout, Withdrawal};
        Self {
            categories: BTreeSet::from([Payout, Withdrawal, Contact, Credential]),
            event_types: BTreeSet::new(),
            from_score: 30,
        }
    }
}

fn read_score<'de, D: Deserializer<'de>>(reader: D) -> Result<i32, D::Error> {
    let score = i32::deserialize(reader)?;
    if (0..=101).contains(&score) { Ok(score) } else { Err(serde::de::Error::custom("must be 0 to 101")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_type_or_score_calls_for_a_code() {
        let otp =
            OtpPolicy { event_types: BTreeSet::from(["order.created".to_owned()]), ..OtpPolicy::default() };
        let table = [
            ("payout.destination_changed", 0, true),
            ("transfer.created", 0, true),
            ("account.email_changed", 0, true),
            ("password.reset", 0, true),
            ("order.created", 0, true),
            ("order.updated", 29, false),
            ("order.updated", 30, true),
            ("login.succeeded", 0, false),
        ];
        for (text, score, needed) in table {
            assert_eq!(otp.is_needed(&EventType::new(text), score), needed, "{text} at {score}");
        }
    }
}

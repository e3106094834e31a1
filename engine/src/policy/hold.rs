//! `Hold`: a reason that no passed challenge clears at once.

use serde::{Deserialize, Deserializer, Serialize};

use super::floor::read_code;

/// Longest time that a platform can be told to wait.
const HOURS_MAX: u32 = 720;

/// A challenged event with this reason is held for an analyst even when the challenge is passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The code of a signal or of a rule of the same policy.
    #[serde(deserialize_with = "read_code")]
    #[schemars(regex(pattern = r"^[A-Z0-9_]{1,64}$"))]
    pub when_reason: String,
    /// For how long, 1 to 720; whoever asks again later is judged anew.
    #[serde(deserialize_with = "read_hours")]
    #[schemars(range(min = 1, max = 720))]
    pub hours: u32,
}

/// None: a hold is the organisation's own decision, as it costs an analyst's time.
pub(super) fn defaults() -> Vec<Hold> {
    Vec::new()
}

fn read_hours<'de, D: Deserializer<'de>>(reader: D) -> Result<u32, D::Error> {
    let hours = u32::deserialize(reader)?;
    if (1..=HOURS_MAX).contains(&hours) {
        Ok(hours)
    } else {
        Err(serde::de::Error::custom("must be 1 to 720"))
    }
}

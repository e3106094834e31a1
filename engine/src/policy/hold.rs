//! `Hold`: a reason that no passed challenge clears at once.

use serde::{Deserialize, Deserializer, Serialize};

use super::floor::read_code;

/// Longest time that a platform can be told to wait.
const HOURS_MAX: u32 = 720;
/// Longest time that nobody may release a hold, in minutes: a week.
const COOL_OFF_MAX: u32 = 10_080;

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

/// Half an hour: long enough to talk to somebody else, short enough for whoever meant it.
pub(super) fn cool_off() -> u32 {
    30
}

/// True for what a document need not say. Documents from before there was a choice keep their digests.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
pub(super) fn is_usual(minutes: &u32) -> bool {
    *minutes == cool_off()
}

pub(super) fn read_cool_off<'de, D: Deserializer<'de>>(reader: D) -> Result<u32, D::Error> {
    let minutes = u32::deserialize(reader)?;
    if minutes <= COOL_OFF_MAX { Ok(minutes) } else { Err(serde::de::Error::custom("must be 0 to 10080")) }
}

fn read_hours<'de, D: Deserializer<'de>>(reader: D) -> Result<u32, D::Error> {
    let hours = u32::deserialize(reader)?;
    if (1..=HOURS_MAX).contains(&hours) {
        Ok(hours)
    } else {
        Err(serde::de::Error::custom("must be 1 to 720"))
    }
}

//! `Floor`: the score that a reason demands at least.

use serde::{Deserialize, Deserializer, Serialize};

use crate::signal::read_points;

/// Whatever else is found, an event with this reason scores no less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The code of a signal or of a rule of the same policy.
    #[serde(deserialize_with = "read_code")]
    #[schemars(regex(pattern = r"^[A-Z0-9_]{1,64}$"))]
    pub when_reason: String,
    /// 0 to 100.
    #[serde(deserialize_with = "read_points")]
    #[schemars(range(min = 0, max = 100))]
    pub score: i32,
}

/// Nobody is asked for a payout by an honest caller who also watches the screen, and nothing makes up for what the
/// organisation itself denies.
pub(super) fn defaults() -> Vec<Floor> {
    let floors = [("REMOTE_OR_CALL_ACTIVE", 35), ("DENY_LISTED", 100)];
    floors.map(|(code, score)| Floor { when_reason: code.to_owned(), score }).to_vec()
}

/// The shape of a code. Whether the policy has it is checked when the whole document is read.
pub(super) fn read_code<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let code = String::deserialize(reader)?;
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=64).contains(&code.len()) && code.bytes().all(plain) {
        Ok(code)
    } else {
        Err(serde::de::Error::custom("must be the code of a signal or rule"))
    }
}

//! `Floor`: the score that a reason demands at least.

use serde::{Deserialize, Deserializer, Serialize};

use crate::signal::{Signals, read_points};

/// Whatever else is found, an event with this reason scores no less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The code of a signal.
    #[serde(deserialize_with = "read_code")]
    pub when_reason: String,
    /// 0 to 100.
    #[serde(deserialize_with = "read_points")]
    pub score: i32,
}

/// Nobody is asked for a payout by an honest caller who also watches the screen.
pub(super) fn defaults() -> Vec<Floor> {
    vec![Floor { when_reason: "REMOTE_OR_CALL_ACTIVE".to_owned(), score: 35 }]
}

/// A floor for a code that no signal has would never apply, and its author would not notice.
fn read_code<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let code = String::deserialize(reader)?;
    if Signals::default().all().iter().any(|signal| signal.code() == code) {
        Ok(code)
    } else {
        Err(serde::de::Error::custom("must be the code of a signal"))
    }
}

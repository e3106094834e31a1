//! `Floor`: the score that a reason demands at least.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use crate::event::Category;
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
    /// Only for events of these categories; for all where none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Category>,
}

/// What a caller may want done. A sign-in, let alone a failed one, harms nobody by itself: whatever it leads to is asked
/// about.
const WANTED_DONE: [Category; 6] = [
    Category::Payout,
    Category::Withdrawal,
    Category::Contact,
    Category::Credential,
    Category::Order,
    Category::Payment,
];

impl Floor {
    /// True when it speaks of events of this category.
    #[must_use]
    pub fn covers(&self, category: Category) -> bool {
        self.categories.is_empty() || self.categories.contains(&category)
    }
}

/// Nobody is asked for a payout by an honest caller who also watches the screen, and nothing makes up for what the
/// organisation itself denies.
pub(super) fn defaults() -> Vec<Floor> {
    let guided = Floor {
        when_reason: "REMOTE_OR_CALL_ACTIVE".to_owned(),
        score: 35,
        categories: BTreeSet::from(WANTED_DONE),
    };
    let denied = Floor { when_reason: "DENY_LISTED".to_owned(), score: 100, categories: BTreeSet::new() };
    vec![guided, denied]
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

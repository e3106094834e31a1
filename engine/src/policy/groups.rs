//! `Groups`: how much the signals of one group may add together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read;
use crate::signal::{Group, read_points};

/// A cap of 0 to 100 points per group, either way; a group that is not named has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Groups(#[serde(deserialize_with = "read::by_name")] BTreeMap<Group, Cap>);

/// The most points, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
struct Cap(
    #[serde(deserialize_with = "read_points")]
    #[schemars(range(min = 0, max = 100))]
    i32,
);

impl Groups {
    /// Each capped group and its cap.
    pub fn iter(&self) -> impl Iterator<Item = (Group, i32)> + '_ {
        self.0.iter().map(|(group, cap)| (*group, cap.0))
    }
}

impl Default for Groups {
    fn default() -> Self {
        let caps = [
            (Group::Account, 15),
            (Group::Device, 30),
            (Group::Network, 30),
            (Group::Velocity, 30),
            (Group::Amount, 35),
            (Group::Destination, 20),
            (Group::Behaviour, 15),
            (Group::Provider, 40),
            (Group::Trust, 20),
        ];
        Self(caps.into_iter().map(|(group, cap)| (group, Cap(cap))).collect())
    }
}

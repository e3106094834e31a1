//! `Observe`: events that are scored and recorded, but neither delayed nor blocked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::event::{Category, EventType};

/// What is only watched. Any one of the three suffices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Observe {
    /// Whether all of it is.
    pub everything: bool,
    /// Categories that are.
    pub categories: BTreeSet<Category>,
    /// Event types that are.
    pub event_types: BTreeSet<String>,
}

impl Observe {
    /// True when an event of this type is only watched.
    #[must_use]
    pub fn watches(&self, event_type: &EventType) -> bool {
        self.everything
            || self.categories.contains(&event_type.category())
            || self.event_types.contains(event_type.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_or_a_category_or_a_type_is_watched() {
        let payout = EventType::new("payout.created");
        let table = [
            (Observe::default(), false),
            (Observe { everything: true, ..Observe::default() }, true),
            (Observe { categories: BTreeSet::from([Category::Payout]), ..Observe::default() }, true),
            (
                Observe { event_types: BTreeSet::from(["payout.created".to_owned()]), ..Observe::default() },
                true,
            ),
            (Observe { categories: BTreeSet::from([Category::Order]), ..Observe::default() }, false),
        ];
        for (observe, watched) in table {
            assert_eq!(observe.watches(&payout), watched, "{observe:?}");
        }
    }
}

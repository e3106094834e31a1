//! `Thresholds`: from which score an action is delayed, held or blocked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read;
use crate::event::{Category, EventType};

/// One above the highest score: a band that starts here is never reached.
const NEVER: i32 = 101;

/// The bands of event types, categories and all else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// For what is named nowhere below.
    pub default: Bands,
    /// By category.
    #[serde(deserialize_with = "read::by_name")]
    pub categories: BTreeMap<Category, Bands>,
    /// By exact event type.
    pub event_types: BTreeMap<String, Bands>,
}

/// The scores from which something happens, each 0 to 101, in rising order; 101 is never reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "Written")]
pub struct Bands {
    /// From here the action waits for a challenge.
    pub delay_from: i32,
    /// From here even a passed challenge ends in a hold.
    pub hold_from: i32,
    /// From here the action is blocked.
    pub block_from: i32,
}

/// The scores from which something happens, each 0 to 101, in rising order; 101 is never reached.
//
// Bands as a document has them, before their order is checked.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names are those of the document")]
struct Written {
    /// From here the action waits for a challenge.
    #[schemars(range(min = 0, max = 101))]
    delay_from: i32,
    /// From here even a passed challenge ends in a hold.
    #[schemars(range(min = 0, max = 101))]
    hold_from: i32,
    /// From here the action is blocked.
    #[schemars(range(min = 0, max = 101))]
    block_from: i32,
}

impl Thresholds {
    pub(super) fn bands(&self, event_type: &EventType) -> Bands {
        let of_type = self.event_types.get(event_type.as_str());
        *of_type.or_else(|| self.categories.get(&event_type.category())).unwrap_or(&self.default)
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        let money_leaves = Bands { delay_from: 30, hold_from: 80, block_from: 90 };
        Self {
            default: Bands { delay_from: 35, hold_from: 80, block_from: 90 },
            categories: BTreeMap::from([
                (Category::Payout, money_leaves),
                (Category::Withdrawal, money_leaves),
            ]),
            event_types: BTreeMap::new(),
        }
    }
}

impl TryFrom<Written> for Bands {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { delay_from, hold_from, block_from } = written;
        if delay_from < 0 {
            return Err("`delay_from` must be 0 to 101");
        }
        if block_from > NEVER {
            return Err("`block_from` must be 0 to 101");
        }
        if delay_from > hold_from || hold_from > block_from {
            return Err("`delay_from`, `hold_from` and `block_from` must not fall");
        }
        Ok(Self { delay_from, hold_from, block_from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_comes_before_category_and_category_before_default() {
        let own = Bands { delay_from: 1, hold_from: 2, block_from: 3 };
        let thresholds = Thresholds {
            event_types: BTreeMap::from([("payout.created".to_owned(), own)]),
            ..Thresholds::default()
        };
        let delay_from = |text: &str| thresholds.bands(&EventType::new(text)).delay_from;
        assert_eq!(delay_from("payout.created"), 1);
        assert_eq!(delay_from("payout.destination_changed"), 30);
        assert_eq!(delay_from("transfer.created"), 30);
        assert_eq!(delay_from("order.created"), 35);
        assert_eq!(delay_from("something"), 35);
    }

    #[test]
    fn bands_out_of_range_or_order_are_refused() {
        let read = |delay: i32, hold: i32, block: i32| {
            serde_json::from_value::<Bands>(
                serde_json::json!({"delay_from": delay, "hold_from": hold, "block_from": block}),
            )
        };
        for (delay, hold, block) in [(0, 0, 0), (0, 50, 101), (101, 101, 101)] {
            assert!(read(delay, hold, block).is_ok(), "{delay} {hold} {block}");
        }
        for (delay, hold, block) in [(-1, 0, 0), (0, 0, 102), (51, 50, 90), (30, 91, 90)] {
            assert!(read(delay, hold, block).is_err(), "{delay} {hold} {block}");
        }
    }
}

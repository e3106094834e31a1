//! `DENY_LISTED`: the organisation wants nothing to do with it.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, listed, read_points};
use crate::features::Features;

/// Points for a match on the list of what is denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DenyListed {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for DenyListed {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 100 }
    }
}

impl Signal for DenyListed {
    fn code(&self) -> &'static str {
        "DENY_LISTED"
    }

    fn group(&self) -> Group {
        Group::Lists
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        match features.history.listed("deny") {
            Some(found) => Finding::hit(self.points, listed::words(found)),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::{History, ListMatch};
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn only_its_own_list_counts() {
        for list in ["deny", "watch", "allow", "tor", "hosting", "relay"] {
            let found =
                ListMatch { list: list.to_owned(), kind: "device".to_owned(), entry_id: "lst_7".to_owned() };
            let history = History { lists: vec![found], ..history() };
            let finding = DenyListed::default().judge(&features("login.succeeded", json!({}), history));
            let points = if list == "deny" { 100 } else { 0 };
            assert_eq!(outline(finding), Ok(points), "{list}");
        }
    }

    #[test]
    fn without_a_match_nothing_is_found() {
        let finding = DenyListed::default().judge(&features("payout.created", json!({}), history()));
        assert_eq!(finding, Finding::Miss);
    }
}

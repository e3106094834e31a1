//! `DENY_LISTED`, `WATCH_LISTED` and `ALLOW_LISTED`: what the organisation itself knows. One question, three lists.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;
use crate::history::{History, ListMatch};

/// A signal that finds a match on one list: its type, its code, the list, its group and its points.
macro_rules! listed {
    ($(#[doc = $words:literal])+ $name:ident, $code:literal, $list:literal, $group:expr, $points:literal, $field:literal) => {
        $(#[doc = $words])+
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            /// Whether it counts.
            pub mode: Mode,
            #[doc = $field]
            #[serde(deserialize_with = "read_points")]
            pub points: i32,
        }

        impl Default for $name {
            fn default() -> Self {
                Self { mode: Mode::Live, points: $points }
            }
        }

        impl Signal for $name {
            fn code(&self) -> &'static str {
                $code
            }

            fn group(&self) -> Group {
                $group
            }

            fn mode(&self) -> Mode {
                self.mode
            }

            fn judge(&self, features: &Features) -> Finding {
                find(&features.history, $list, if $group == Group::Trust { -self.points } else { self.points })
            }
        }
    };
}

listed!(
    /// Points for a match on the list of what is denied.
    DenyListed, "DENY_LISTED", "deny", Group::Lists, 100, "What it adds."
);
listed!(
    /// Points for a match on the list of what is watched.
    WatchListed, "WATCH_LISTED", "watch", Group::Lists, 20, "What it adds."
);
listed!(
    /// Points for a match on the list of what is allowed.
    AllowListed, "ALLOW_LISTED", "allow", Group::Trust, 15, "How much it takes off."
);

fn find(history: &History, list: &str, points: i32) -> Finding {
    match history.listed(list) {
        Some(found) => Finding::hit(points, words(found)),
        None => Finding::Miss,
    }
}

/// What matched and where to look it up. The entry says why, and only those who may see lists see what it holds.
fn words(found: &ListMatch) -> String {
    let kind = match found.kind.as_str() {
        "ip" => "address",
        "email_domain" => "e-mail domain",
        kind => kind,
    };
    format!("the {kind} is on the {} list: entry {}", found.list, found.entry_id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    fn found(list: &str, kind: &str) -> ListMatch {
        ListMatch { list: list.to_owned(), kind: kind.to_owned(), entry_id: "lst_7".to_owned() }
    }

    #[test]
    fn each_answers_to_its_own_list_alone() {
        let signals: [(&dyn Signal, &str, i32); 3] = [
            (&DenyListed::default(), "deny", 100),
            (&WatchListed::default(), "watch", 20),
            (&AllowListed::default(), "allow", -15),
        ];
        for (signal, own, points) in signals {
            for list in ["deny", "watch", "allow", "tor", "hosting", "relay"] {
                let history = History { lists: vec![found(list, "device")], ..history() };
                let finding = signal.judge(&features("login.succeeded", json!({}), history));
                let expected = if list == own { points } else { 0 };
                assert_eq!(outline(finding), Ok(expected), "{} {list}", signal.code());
            }
            let finding = signal.judge(&features("payout.created", json!({}), history()));
            assert_eq!(finding, Finding::Miss, "{}", signal.code());
        }
    }

    #[test]
    fn kind_list_and_entry_are_named() {
        let table = [
            ("deny", "ip", "the address is on the deny list: entry lst_7"),
            ("watch", "email_domain", "the e-mail domain is on the watch list: entry lst_7"),
            ("allow", "device", "the device is on the allow list: entry lst_7"),
        ];
        for (list, kind, text) in table {
            assert_eq!(words(&found(list, kind)), text);
        }
    }
}

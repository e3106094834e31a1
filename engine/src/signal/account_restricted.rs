//! `ACCOUNT_RESTRICTED`: the platform itself already limits what the account may do.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for an account that was last said to be disabled, restricted or the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountRestricted {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for AccountRestricted {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 15 }
    }
}

impl Signal for AccountRestricted {
    fn code(&self) -> &'static str {
        "ACCOUNT_RESTRICTED"
    }

    fn group(&self) -> Group {
        Group::Account
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if history.account_restricted && event.is_sensitive_or_order() {
            Finding::hit(self.points, "the account was last said to be restricted")
        } else {
            Finding::Miss
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn restriction_weighs_on_what_a_scammer_wants_done() {
        let table = [
            ("payout.created", true, 15),
            ("account.email_changed", true, 15),
            ("order.created", true, 15),
            ("payout.created", false, 0),
            ("login.succeeded", true, 0),
            ("payment.created", true, 0),
        ];
        for (event_type, account_restricted, points) in table {
            let history = History { account_restricted, ..history() };
            let finding = AccountRestricted::default().judge(&features(event_type, json!({}), history));
            assert_eq!(outline(finding), Ok(points), "{event_type} {account_restricted}");
        }
    }
}

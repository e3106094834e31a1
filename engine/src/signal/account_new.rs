//! `ACCOUNT_NEW`: a young account has little to lose.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step, age};
use crate::features::Features;
use crate::history::History;

/// Points by age of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountNew {
    /// Whether it counts.
    pub mode: Mode,
    /// For accounts younger than so many hours.
    pub below_hours: Vec<Step>,
}

impl Default for AccountNew {
    fn default() -> Self {
        Self { mode: Mode::Live, below_hours: steps([(24, 15), (168, 10), (720, 5)]) }
    }
}

impl AccountNew {
    /// An account is at least as old as its first event here, which can clear it but never accuse it.
    fn judge_first_seen(&self, history: &History) -> Finding {
        let widest = self.below_hours.iter().map(|step| i64::from(step.limit)).max().unwrap_or(0);
        match history.first_seen_at {
            Some(seen) if history.hours_since(seen) >= widest => Finding::Miss,
            _ => Finding::Unknown { field: "subject.created_at" },
        }
    }
}

impl Signal for AccountNew {
    fn code(&self) -> &'static str {
        "ACCOUNT_NEW"
    }

    fn group(&self) -> Group {
        Group::Account
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let Some(created) = event.account_created_at else { return self.judge_first_seen(history) };
        let hours = features.hours_at(created);
        match highest(&self.below_hours, |limit| hours < i64::from(limit)) {
            Some(step) => Finding::hit(step.points, format!("the account is {} old", age::words(hours))),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{event, history, hours_ago, just_under, outline};

    #[test]
    fn a_late_delivery_makes_no_account_older() {
        let mut late = event("order.created", json!({}));
        late.occurred_at = Some(hours_ago(2000));
        late.subject.created_at = Some(hours_ago(2001));
        assert_eq!(outline(AccountNew::default().judge(&Features::new(&late, history()))), Ok(15));
    }

    #[test]
    fn younger_accounts_weigh_more() {
        let table = [
            (hours_ago(-5), 15),
            (hours_ago(0), 15),
            (just_under(24), 15),
            (hours_ago(24), 10),
            (just_under(168), 10),
            (hours_ago(168), 5),
            (just_under(720), 5),
            (hours_ago(720), 0),
        ];
        for (created, points) in table {
            let mut event = event("login.succeeded", json!({}));
            event.subject.created_at = Some(created);
            let finding = AccountNew::default().judge(&Features::new(&event, history()));
            assert_eq!(outline(finding), Ok(points), "{created}");
        }
    }

    #[test]
    fn without_a_date_only_a_long_history_clears() {
        let table = [
            (None, Err("subject.created_at")),
            (Some(just_under(720)), Err("subject.created_at")),
            (Some(hours_ago(720)), Ok(0)),
        ];
        for (first_seen_at, expected) in table {
            let history = History { first_seen_at, ..history() };
            let finding =
                AccountNew::default().judge(&Features::new(&event("login.succeeded", json!({})), history));
            assert_eq!(outline(finding), expected, "{first_seen_at:?}");
        }
    }
}

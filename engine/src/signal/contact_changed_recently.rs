//! `CONTACT_CHANGED_RECENTLY`: whoever took over an account first changes how its owner is warned.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step, age};
use crate::features::Features;

/// Points by time since the contact changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactChangedRecently {
    /// Whether it counts.
    pub mode: Mode,
    /// For changes less than so many hours ago; what lies more than 72 hours back may be unknown.
    pub below_hours: Vec<Step>,
}

impl Default for ContactChangedRecently {
    fn default() -> Self {
        Self { mode: Mode::Live, below_hours: steps([(24, 20), (72, 12)]) }
    }
}

impl Signal for ContactChangedRecently {
    fn code(&self) -> &'static str {
        "CONTACT_CHANGED_RECENTLY"
    }

    fn group(&self) -> Group {
        Group::Sequence
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let changed = history.contact_changed_at.filter(|_| event.is_sensitive_or_order());
        let Some(changed) = changed else { return Finding::Miss };
        let hours = history.hours_since(changed);
        match highest(&self.below_hours, |limit| hours < i64::from(limit)) {
            Some(step) => Finding::hit(
                step.points,
                format!("e-mail, phone or address changed {} ago", age::words(hours)),
            ),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, history, hours_ago, just_under, outline};

    #[test]
    fn change_of_contact_weighs_on_what_follows_it() {
        let table = [
            ("payout.created", None, 0),
            ("payout.created", Some(hours_ago(0)), 20),
            ("payout.created", Some(just_under(24)), 20),
            ("payout.created", Some(hours_ago(24)), 12),
            ("order.created", Some(just_under(72)), 12),
            ("order.created", Some(hours_ago(72)), 0),
            ("login.succeeded", Some(hours_ago(1)), 0),
            ("payment.created", Some(hours_ago(1)), 0),
        ];
        for (event_type, contact_changed_at, points) in table {
            let history = History { contact_changed_at, ..history() };
            let finding = ContactChangedRecently::default()
                .judge(&Features::new(&event(event_type, json!({})), history));
            assert_eq!(outline(finding), Ok(points), "{event_type} {contact_changed_at:?}");
        }
    }
}

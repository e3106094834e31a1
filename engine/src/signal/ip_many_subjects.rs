//! `IP_MANY_SUBJECTS`: one address acts for many subjects at once.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by number of subjects on the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IpManySubjects {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many subjects within one hour on, this one included.
    pub from_subjects: Vec<Step>,
}

impl Default for IpManySubjects {
    fn default() -> Self {
        Self { mode: Mode::Live, from_subjects: steps([(5, 10), (15, 20)]) }
    }
}

impl Signal for IpManySubjects {
    fn code(&self) -> &'static str {
        "IP_MANY_SUBJECTS"
    }

    fn group(&self) -> Group {
        Group::Velocity
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.has_ip {
            return Finding::Unknown { field: "device.ip" };
        }
        let subjects = history.ip_subjects_1h.saturating_add(1);
        match highest(&self.from_subjects, |limit| subjects >= i64::from(limit)) {
            Some(step) => {
                Finding::hit(step.points, format!("{subjects} subjects on this address within one hour"))
            }
            None => Finding::Miss,
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
    fn this_subject_counts_among_those_on_the_address() {
        let known = json!({"device": {"ip": "2001:db8::1"}});
        let table = [
            (&known, 0, Ok(0)),
            (&known, 3, Ok(0)),
            (&known, 4, Ok(10)),
            (&known, 13, Ok(10)),
            (&known, 14, Ok(20)),
            (&known, i64::MAX, Ok(20)),
            (&json!({}), 14, Err("device.ip")),
        ];
        for (members, ip_subjects_1h, expected) in table {
            let history = History { ip_subjects_1h, ..history() };
            let finding =
                IpManySubjects::default().judge(&features("login.succeeded", members.clone(), history));
            assert_eq!(outline(finding), expected, "{ip_subjects_1h} others");
        }
    }
}

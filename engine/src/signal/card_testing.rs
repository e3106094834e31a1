//! `CARD_TESTING`: stolen cards are tried one after the other.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::event::Category;
use crate::features::Features;
use crate::mark::Mark;

/// Points by number of failed payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CardTesting {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many failed payments within one hour on, with the device, from the address or with the card, whichever
    /// has most; this one included if it failed.
    pub from_count: Vec<Step>,
}

impl Default for CardTesting {
    fn default() -> Self {
        Self { mode: Mode::Live, from_count: steps([(5, 15), (10, 30)]) }
    }
}

impl Signal for CardTesting {
    fn code(&self) -> &'static str {
        "CARD_TESTING"
    }

    fn group(&self) -> Group {
        Group::Velocity
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !matches!(event.category(), Category::Order | Category::Payment) {
            return Finding::Miss;
        }
        if !(event.has_device || event.has_ip || event.has_card) {
            return Finding::Unknown { field: "device.ip" };
        }
        let earlier = history
            .device_payment_failures_1h
            .max(history.ip_payment_failures_1h)
            .max(history.card_payment_failures_1h);
        let failed = Mark::of(&event.event_type) == Some(Mark::PaymentFailed);
        let count = earlier.saturating_add(i64::from(failed));
        match highest(&self.from_count, |limit| count >= i64::from(limit)) {
            Some(step) => Finding::hit(step.points, format!("{count} failed payments within one hour")),
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
    fn largest_count_decides_and_this_failure_is_in_it() {
        let table = [
            ("payment.created", (4, 0, 0), 0),
            ("payment.created", (5, 0, 0), 15),
            ("payment.created", (0, 5, 0), 15),
            ("payment.created", (0, 0, 5), 15),
            ("payment.created", (4, 4, 4), 0),
            ("order.created", (9, 1, 2), 15),
            ("order.created", (1, 10, 2), 30),
            ("payment.failed", (0, 3, 0), 0),
            ("payment.failed", (0, 4, 0), 15),
            ("payment.failed", (0, 4, 9), 30),
            ("payment.failed", (i64::MAX, 0, 0), 30),
            ("payout.created", (10, 10, 10), 0),
        ];
        for (event_type, (device, ip, card), points) in table {
            let history = History {
                device_payment_failures_1h: device,
                ip_payment_failures_1h: ip,
                card_payment_failures_1h: card,
                ..history()
            };
            let members = json!({"device": {"ip": "192.0.2.7"}});
            let finding = CardTesting::default().judge(&features(event_type, members, history));
            assert_eq!(outline(finding), Ok(points), "{event_type} {device} {ip} {card}");
        }
    }

    #[test]
    fn one_of_the_three_must_be_known() {
        let table = [
            (json!({}), Err("device.ip")),
            (json!({"device": {"id": "d"}}), Ok(0)),
            (json!({"links": [{"type": "card", "id": "c"}]}), Ok(0)),
        ];
        for (members, expected) in table {
            let finding =
                CardTesting::default().judge(&features("payment.failed", members.clone(), history()));
            assert_eq!(outline(finding), expected, "{members}");
        }
    }
}

//! `IP_COUNTRY_MISMATCH`: a purchase is made from a country that neither pays nor receives.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::event::Category;
use crate::features::Features;

/// Points for an order or payment from a third country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IpCountryMismatch {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for IpCountryMismatch {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 10 }
    }
}

impl Signal for IpCountryMismatch {
    fn code(&self) -> &'static str {
        "IP_COUNTRY_MISMATCH"
    }

    fn group(&self) -> Group {
        Group::Network
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        if !matches!(event.category(), Category::Order | Category::Payment) {
            return Finding::Miss;
        }
        let Some(country) = &event.country else { return Finding::Unknown { field: "device.country" } };
        let given = [&event.billing_country, &event.shipping_country];
        let mut given = given.into_iter().flatten().peekable();
        if given.peek().is_none() {
            return Finding::Unknown { field: "billing.country" };
        }
        if given.all(|other| other != country) {
            Finding::hit(self.points, "the connection comes from a country that neither pays nor receives")
        } else {
            Finding::Miss
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn connection_is_compared_with_who_pays_and_who_receives() {
        let (german, french, dutch) =
            (json!({"country": "DE"}), json!({"country": "FR"}), json!({"country": "NL"}));
        let none = json!({});
        let table = [
            ("order.created", &german, &french, &dutch, Ok(10)),
            ("payment.created", &german, &french, &french, Ok(10)),
            ("order.created", &german, &french, &none, Ok(10)),
            ("order.created", &german, &none, &french, Ok(10)),
            ("order.created", &german, &german, &french, Ok(0)),
            ("order.created", &german, &french, &german, Ok(0)),
            ("order.created", &german, &german, &none, Ok(0)),
            ("order.created", &german, &none, &none, Err("billing.country")),
            ("order.created", &none, &german, &french, Err("device.country")),
            ("payout.created", &german, &french, &dutch, Ok(0)),
            ("login.succeeded", &none, &none, &none, Ok(0)),
        ];
        for (event_type, device, billing, shipping, expected) in table {
            let members = json!({"device": device, "billing": billing, "shipping": shipping});
            let finding = IpCountryMismatch::default().judge(&features(event_type, members, history()));
            assert_eq!(outline(finding), expected, "{event_type} {device} {billing} {shipping}");
        }
    }
}

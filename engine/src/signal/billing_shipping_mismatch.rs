//! `BILLING_SHIPPING_MISMATCH`: one country pays and another receives.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::event::Category;
use crate::features::Features;

/// Points for an order or payment whose two countries differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BillingShippingMismatch {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for BillingShippingMismatch {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 15 }
    }
}

impl Signal for BillingShippingMismatch {
    fn code(&self) -> &'static str {
        "BILLING_SHIPPING_MISMATCH"
    }

    fn group(&self) -> Group {
        Group::Destination
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        if !matches!(event.category(), Category::Order | Category::Payment) {
            return Finding::Miss;
        }
        match (&event.billing_country, &event.shipping_country) {
            (Some(billing), Some(shipping)) if billing != shipping => {
                Finding::hit(self.points, "billing and shipping are in different countries")
            }
            (Some(_), None) => Finding::Unknown { field: "shipping.country" },
            (None, Some(_)) => Finding::Unknown { field: "billing.country" },
            // Without either, nothing is shipped.
            _ => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{event, history, outline};

    #[test]
    fn countries_are_compared_where_something_is_bought() {
        let (german, french) = (json!({"country": "DE"}), json!({"country": "FR"}));
        let none = json!({});
        let table = [
            ("order.created", &german, &french, Ok(15)),
            ("payment.created", &german, &french, Ok(15)),
            ("order.created", &german, &german, Ok(0)),
            ("order.created", &none, &none, Ok(0)),
            ("order.created", &german, &none, Err("shipping.country")),
            ("order.created", &none, &german, Err("billing.country")),
            ("payout.created", &german, &french, Ok(0)),
            ("login.succeeded", &german, &none, Ok(0)),
        ];
        for (event_type, billing, shipping, expected) in table {
            let event = event(event_type, json!({"billing": billing, "shipping": shipping}));
            let finding = BillingShippingMismatch::default().judge(&Features::new(&event, history()));
            assert_eq!(outline(finding), expected, "{event_type} {billing} {shipping}");
        }
    }
}

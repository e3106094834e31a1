//! What Shopify or an app thinks of an order. Owns the topic `orders/risk_assessment_changed`.

use serde::Deserialize;

use super::{Payload, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The body of the topic; without `provider_id` it is Shopify's own opinion.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct RiskAssessment<'a> {
    admin_graphql_api_order_id: Scalar<'a>,
    created_at: Scalar<'a>,
    order_id: Scalar<'a>,
    provider_id: Scalar<'a>,
    risk_level: Scalar<'a>,
}

impl RiskAssessment<'_> {
    fn order(&self) -> Option<String> {
        let gid = || self.admin_graphql_api_order_id.gid().filter(|(resource, _)| resource == "Order");
        self.order_id.id().or_else(|| gid().map(|(_, id)| id))
    }
}

/// The three levels that say something; `none` and `pending` are unknown.
fn level(name: &str) -> Option<f64> {
    match name.to_ascii_lowercase().as_str() {
        "low" => Some(10.0),
        "medium" => Some(50.0),
        "high" => Some(90.0),
        _ => None,
    }
}

impl<'a> Payload<'a> for RiskAssessment<'a> {
    const NOUN: &'static str = "a risk assessment of an order";

    fn fits(&self, _: Kind) -> bool {
        self.risk_level.is_named() && (self.order_id.is_named() || self.provider_id.is_named())
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let provider = self.provider_id.id();
        if notice.own_risk_provider.is_some() && provider.as_deref() == notice.own_risk_provider {
            return Ok(Outcome::Ignored("the assessment is the merchant's own app's".to_owned()));
        }
        // Shopify's own test notification names no order; it is well formed and says nothing.
        let Some(order) = self.order() else {
            return Ok(Outcome::Ignored("the assessment names no order".to_owned()));
        };
        let risk_level = self.risk_level.word();
        let base = notice.event(event::subject(format!("order:{order}")), &order, self.created_at);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([self.created_at]),
            action: Some(event::action("Risk assessment of an order", "", None)),
            links: event::links([("order", Some(order))]),
            signals: event::signals([("shopify.risk_level", risk_level.as_deref().and_then(level))]),
            attributes: event::attributes([("risk_level", risk_level), ("risk_provider", provider)]),
            ..base
        }))
    }
}

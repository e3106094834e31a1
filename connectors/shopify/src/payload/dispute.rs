//! A chargeback or an inquiry. Owns the topics `disputes/create` and `disputes/update`.

use serde::Deserialize;

use super::{Payload, nameless, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Dispute` of Shopify Payments.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Dispute<'a> {
    id: Scalar<'a>,
    amount: Scalar<'a>,
    currency: Scalar<'a>,
    evidence_due_by: Scalar<'a>,
    finalized_on: Scalar<'a>,
    initiated_at: Scalar<'a>,
    network_reason_code: Scalar<'a>,
    order_id: Scalar<'a>,
    reason: Scalar<'a>,
    status: Scalar<'a>,
    #[serde(rename = "type")]
    form: Scalar<'a>,
}

impl Dispute<'_> {
    /// A cardholder who says that it was not he: certain enough as a chargeback, less so as a mere inquiry.
    fn fraud_score(&self) -> Option<f64> {
        let fraudulent = self.reason.word().is_some_and(|reason| reason == "fraudulent");
        let inquiry = self.form.word().is_some_and(|form| form == "inquiry");
        fraudulent.then_some(if inquiry { 60.0 } else { 90.0 })
    }
}

impl<'a> Payload<'a> for Dispute<'a> {
    const NOUN: &'static str = "a dispute";

    fn fits(&self, _: Kind) -> bool {
        [self.evidence_due_by, self.network_reason_code, self.initiated_at].iter().any(Scalar::is_named)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the dispute", "/id"))?;
        let order = self.order_id.id();
        let subject =
            order.as_ref().map_or_else(|| format!("dispute:{id}"), |order| format!("order:{order}"));
        let created = notice.topic.event == "dispute.created";
        let moment = if created { self.initiated_at } else { self.finalized_on };
        let base = notice.event(event::subject(subject), &id, moment);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([moment]),
            action: Some(event::action("Dispute", "over", event::money(self.amount, self.currency))),
            links: event::links([("dispute", Some(id)), ("order", order)]),
            signals: event::signals([("shopify.dispute_fraudulent", self.fraud_score())]),
            attributes: event::attributes([
                ("dispute_type", self.form.word()),
                ("reason", self.reason.word()),
                ("network_reason_code", self.network_reason_code.word()),
                ("status", self.status.word()),
                ("evidence_due_by", self.evidence_due_by.time()),
            ]),
            ..base
        }))
    }
}

//! The shop, as it leaves. Owns the topic `app/uninstalled`, after which the source is dead.

use serde::Deserialize;

use super::{Payload, nameless, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Shop`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
#[expect(clippy::struct_field_names, reason = "members are named as Shopify names them")]
pub(super) struct Shop<'a> {
    id: Scalar<'a>,
    myshopify_domain: Scalar<'a>,
    plan_name: Scalar<'a>,
    shop_owner: Scalar<'a>,
}

impl<'a> Payload<'a> for Shop<'a> {
    const NOUN: &'static str = "a shop";

    fn fits(&self, _: Kind) -> bool {
        [self.myshopify_domain, self.plan_name, self.shop_owner].iter().any(Scalar::is_named)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let domain = notice.shop(self.myshopify_domain)?;
        let id = self.id.id();
        let shop = domain.or_else(|| id.clone()).ok_or_else(|| nameless("the shop", "/id"))?;
        let base = notice.event(event::subject(format!("shop:{shop}")), &shop, Scalar::default());
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([]),
            action: Some(event::action("Removal of the app from the shop", "", None)),
            links: event::links([("shop", id)]),
            ..base
        }))
    }
}

//! What the gateway answered. Owns the two facts taken from it: the gateway's own risk level and the card's
//! fingerprint. Its shape is the gateway's; Shopify Payments embeds a payment intent or a charge of Stripe's.

use serde::Deserialize;

use super::{
    nested::{List, Nested},
    scalar::Scalar,
};

/// `receipt`: a charge, or a payment intent with its charges inside.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Receipt<'a> {
    charges: Nested<Charges<'a>>,
    latest_charge: Nested<Charge<'a>>,
    outcome: Nested<Assessment<'a>>,
    payment_method_details: Nested<Method<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Charges<'a> {
    data: List<Nested<Charge<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Charge<'a> {
    outcome: Nested<Assessment<'a>>,
    payment_method_details: Nested<Method<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Assessment<'a> {
    risk_level: Scalar<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Method<'a> {
    card: Nested<Card<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Card<'a> {
    fingerprint: Scalar<'a>,
}

impl<'a> Receipt<'a> {
    /// The worst of the risk levels that the gateway gave: 0 to 100, unknown when it gave none.
    pub(super) fn risk_score(&self) -> Option<f64> {
        let charges = self.charges().filter_map(|charge| charge.outcome.get());
        let levels = self.outcome.get().into_iter().chain(charges);
        levels.filter_map(|outcome| level(&outcome.risk_level.word()?)).reduce(f64::max)
    }

    /// The gateway's fingerprint of the card, the same for every use of one card.
    pub(super) fn fingerprint(&self) -> Option<String> {
        let charges = self.charges().filter_map(|charge| charge.payment_method_details.get());
        let mut methods = self.payment_method_details.get().into_iter().chain(charges);
        methods.find_map(|method| method.card.get()?.fingerprint.id())
    }

    fn charges(&self) -> impl Iterator<Item = &Charge<'a>> {
        let listed = self.charges.get().map(|charges| charges.data.items()).unwrap_or_default();
        self.latest_charge.get().into_iter().chain(listed.iter().filter_map(Nested::get))
    }
}

/// Radar's levels, set where its score would be: from 65 on it is elevated, from 75 on highest.
fn level(name: &str) -> Option<f64> {
    match name {
        "normal" => Some(10.0),
        "elevated" => Some(65.0),
        "highest" => Some(90.0),
        _ => None,
    }
}

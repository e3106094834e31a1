//! Charges inside other objects, and what Stripe says of a charge.

use serde::Deserialize;

use super::card::{Card, MethodDetails};
use super::contact::{Contact, Customer};
use super::lenient::{First, Id, Lenient, Text, shapes};
use super::reference::{Bare, Reference, identified};

shapes!(Charge, Charges, Refunds, Outcome, FraudDetails);
identified!(Charge);

/// A charge inside another object: old payment intents list it, new ones name it as `latest_charge`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Charge<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) billing_details: Lenient<Contact<'a>>,
    pub(crate) calculated_statement_descriptor: Text<'a>,
    pub(crate) customer: Lenient<Reference<'a, Customer<'a>>>,
    pub(crate) failure_code: Text<'a>,
    pub(crate) fraud_details: Lenient<FraudDetails<'a>>,
    pub(crate) outcome: Lenient<Outcome<'a>>,
    pub(crate) payment_intent: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) payment_method_details: Lenient<MethodDetails<'a>>,
    pub(crate) receipt_email: Text<'a>,
    pub(crate) shipping: Lenient<Contact<'a>>,
    pub(crate) source: Lenient<Reference<'a, Card<'a>>>,
}

/// The list of charges that payment intents carried before API version 2022-11-15; the latest comes first.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Charges<'a> {
    pub(crate) data: Lenient<First<Charge<'a>>>,
}

/// The refunds of a charge; the latest comes first.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Refunds<'a> {
    pub(crate) data: Lenient<First<Bare<'a>>>,
}

/// What Stripe and the card's bank made of a charge.
///
/// Source: <https://docs.stripe.com/api/charges/object#charge_object-outcome>.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Outcome<'a> {
    pub(crate) network_decline_code: Text<'a>,
    pub(crate) network_status: Text<'a>,
    pub(crate) reason: Text<'a>,
    pub(crate) risk_level: Text<'a>,
    pub(crate) risk_score: Lenient<f64>,
    #[serde(rename = "type")]
    pub(crate) kind: Text<'a>,
}

/// What Stripe and the merchant report about a charge.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct FraudDetails<'a> {
    pub(crate) stripe_report: Text<'a>,
    pub(crate) user_report: Text<'a>,
}

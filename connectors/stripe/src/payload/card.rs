//! Cards and the other ways money comes and goes. Numbers are never read, only what identifies and rates them.

use serde::Deserialize;

use super::contact::{Contact, Customer};
use super::lenient::{Id, Lenient, Text, shapes};
use super::reference::{Bare, Reference, identified};

shapes!(MethodDetails, Method, Card, Checks, Verdict, Wallet, Failure, Payee);
identified!(Method, Card, Payee);

/// How something was or is paid.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct MethodDetails<'a> {
    pub(crate) card: Lenient<Card<'a>>,
    #[serde(rename = "type")]
    pub(crate) kind: Text<'a>,
}

/// An expanded payment method.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Method<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) billing_details: Lenient<Contact<'a>>,
    pub(crate) card: Lenient<Card<'a>>,
    pub(crate) customer: Lenient<Reference<'a, Customer<'a>>>,
}

/// A card. Old sources carry the checks themselves, payment methods in `checks`; disputes tell of their case.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Card<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) address_line1_check: Text<'a>,
    pub(crate) address_zip_check: Text<'a>,
    pub(crate) brand: Text<'a>,
    pub(crate) case_type: Text<'a>,
    pub(crate) checks: Lenient<Checks<'a>>,
    pub(crate) country: Text<'a>,
    pub(crate) cvc_check: Text<'a>,
    pub(crate) fingerprint: Text<'a>,
    pub(crate) funding: Text<'a>,
    pub(crate) last4: Text<'a>,
    pub(crate) network_reason_code: Text<'a>,
    pub(crate) three_d_secure: Lenient<Verdict<'a>>,
    pub(crate) wallet: Lenient<Wallet<'a>>,
}

/// What the card's bank said of the numbers and the address that were typed.
#[expect(clippy::struct_field_names, reason = "the names are Stripe's")]
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Checks<'a> {
    pub(crate) address_line1_check: Text<'a>,
    pub(crate) address_postal_code_check: Text<'a>,
    pub(crate) cvc_check: Text<'a>,
}

/// How 3-D Secure ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Verdict<'a> {
    pub(crate) result: Text<'a>,
}

/// The wallet that presented a card.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Wallet<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: Text<'a>,
}

/// Why the last attempt of an intent failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Failure<'a> {
    pub(crate) code: Text<'a>,
    pub(crate) decline_code: Text<'a>,
    pub(crate) charge: Lenient<Reference<'a, Bare<'a>>>,
    pub(crate) payment_method: Lenient<Reference<'a, Method<'a>>>,
}

/// Where a payout or transfer goes: a bank account, a debit card or a connected account.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Payee<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) bank_name: Text<'a>,
    pub(crate) brand: Text<'a>,
    pub(crate) fingerprint: Text<'a>,
    pub(crate) last4: Text<'a>,
    pub(crate) object: Text<'a>,
}

//! People and addresses inside Stripe's objects, reduced to what risk looks at.

use std::borrow::Cow;

use serde::Deserialize;

use super::lenient::{First, Id, Lenient, Text, shapes};
use super::reference::identified;

shapes!(Customer, Contact, Address, Collected);
identified!(Customer);

/// An expanded customer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Customer<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) created: Lenient<u64>,
    pub(crate) email: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) phone: Text<'a>,
    pub(crate) preferred_locales: Lenient<First<Cow<'a, str>>>,
}

/// Name, address and ways to reach somebody: billing details, shipping, customer details of a checkout.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Contact<'a> {
    pub(crate) address: Lenient<Address<'a>>,
    pub(crate) email: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) phone: Text<'a>,
}

/// A postal address, or where an IP address was located.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Address<'a> {
    pub(crate) country: Text<'a>,
    pub(crate) latitude: Lenient<f64>,
    pub(crate) longitude: Lenient<f64>,
}

/// What a newer checkout collected.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Collected<'a> {
    pub(crate) shipping_details: Lenient<Contact<'a>>,
}

//! A postal address. Owns which part of it is used: the country, and a name for a guest.

use serde::Deserialize;

use super::{nested::Nested, scalar::Scalar};
use crate::{bindings::exports::ase::connector::normalizer, event};

/// `billing_address` and `shipping_address`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Address<'a> {
    pub(super) country_code: Scalar<'a>,
    pub(super) name: Scalar<'a>,
}

impl Nested<Address<'_>> {
    /// What the event says of it.
    pub(super) fn country(&self) -> Option<normalizer::Address> {
        event::address(self.get()?.country_code.country())
    }
}

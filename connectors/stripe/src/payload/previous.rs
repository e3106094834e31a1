//! What an event says had been there before: `data.previous_attributes`.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};

use super::lenient::{Id, Lenient, Shape, Text};

/// The names of the fields that changed, and the few earlier values that matter.
///
/// Source: <https://docs.stripe.com/api/events/object#event_object-data-previous_attributes>.
#[derive(Debug, Default)]
pub(crate) struct Previous<'a> {
    /// Names of the changed fields in the order sent.
    pub(crate) fields: Vec<String>,
    /// The amount refunded before this refund.
    pub(crate) amount_refunded: Lenient<u64>,
    /// The customer before a payment method was detached.
    pub(crate) customer: Id<'a>,
    /// The address before it was changed.
    pub(crate) email: Text<'a>,
    /// The number before it was changed.
    pub(crate) phone: Text<'a>,
}

impl Previous<'_> {
    /// Whether the field changed.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name == field)
    }
}

impl<'de: 'a, 'a> Shape<'de> for Previous<'a> {
    fn of_object<A: MapAccess<'de>>(mut members: A) -> Result<Option<Self>, A::Error> {
        let mut previous = Self::default();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "amount_refunded" => previous.amount_refunded = members.next_value()?,
                "customer" => previous.customer = members.next_value()?,
                "email" => previous.email = members.next_value()?,
                "phone" => previous.phone = members.next_value()?,
                // The default card of a customer lies one level deeper than `default_source` did.
                "invoice_settings" => {
                    let inner: Lenient<Names> = members.next_value()?;
                    previous.fields.extend(inner.iter().flat_map(|names| names.0.iter().cloned()));
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
            previous.fields.push(name);
        }
        previous.fields.retain(|name| super::known::word(name).is_some());
        Ok(Some(previous))
    }
}

/// The names of an object's members.
struct Names(Vec<String>);

impl<'de> Shape<'de> for Names {
    fn of_object<A: MapAccess<'de>>(mut members: A) -> Result<Option<Self>, A::Error> {
        let mut names = Vec::new();
        while let Some((name, _)) = members.next_entry::<Cow<'de, str>, IgnoredAny>()? {
            names.push(name.into_owned());
        }
        Ok(Some(Self(names)))
    }
}

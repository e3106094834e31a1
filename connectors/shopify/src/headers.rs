//! What Shopify says beside the body. Owns both header families; never trusts them: none is covered by the HMAC.
//!
//! Classic webhooks carry `x-shopify-*`, the newer "Events" transport carries `shopify-*`. Which HMAC header is
//! there decides which family is read, as Shopify's own library does; the two are never mixed.

use crate::{
    bindings::exports::ase::connector::normalizer::{Header, Refusal},
    refusal,
};

const FAMILIES: [&str; 2] = ["x-shopify-", "shopify-"];

/// The headers of one delivery.
#[derive(Debug)]
pub(crate) struct Headers<'a> {
    /// The signature as sent: base64 text.
    pub(crate) hmac: &'a [u8],
    /// Such as `orders/create` or `customer.tags_added`.
    pub(crate) topic: &'a str,
    /// Such as `example.myshopify.com`.
    pub(crate) shop: Option<&'a str>,
    /// The same on every retry of one delivery.
    pub(crate) webhook_id: Option<&'a str>,
    /// When the platform set the delivery off: RFC 3339.
    pub(crate) triggered_at: Option<&'a str>,
    /// A notification sent by hand from Shopify's tools.
    pub(crate) test: bool,
}

impl<'a> Headers<'a> {
    /// Reads the family whose HMAC header is there.
    ///
    /// # Errors
    /// `unauthenticated` when there is no HMAC header or no topic header, or when one of them all is given more than
    /// once: two readers could then follow different ones.
    pub(crate) fn read(headers: &'a [Header]) -> Result<Self, Refusal> {
        let is_of = |family: &&str| named(headers, family, "hmac-sha256").next().is_some();
        let family = FAMILIES
            .into_iter()
            .find(is_of)
            .ok_or_else(|| refusal::unauthenticated("header x-shopify-hmac-sha256 is missing"))?;
        let topic = text(headers, family, "topic")?
            .ok_or_else(|| refusal::unauthenticated(format!("header {family}topic is missing")))?;
        Ok(Self {
            hmac: bytes(headers, family, "hmac-sha256")?.unwrap_or_default(),
            topic,
            shop: text(headers, family, "shop-domain")?,
            webhook_id: text(headers, family, "webhook-id")?,
            triggered_at: text(headers, family, "triggered-at")?,
            test: text(headers, family, "test")?.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        })
    }
}

/// Every value of a header of this family.
fn named<'a>(headers: &'a [Header], family: &str, name: &str) -> impl Iterator<Item = &'a [u8]> {
    let is_it = move |header: &&Header| header.name.strip_prefix(family) == Some(name);
    headers.iter().filter(is_it).map(|header| header.value.as_slice())
}

fn bytes<'a>(headers: &'a [Header], family: &str, name: &str) -> Result<Option<&'a [u8]>, Refusal> {
    let mut found = named(headers, family, name);
    let first = found.next();
    if found.next().is_some() {
        return Err(refusal::unauthenticated(format!("header {family}{name} is given more than once")));
    }
    Ok(first)
}

fn text<'a>(headers: &'a [Header], family: &str, name: &str) -> Result<Option<&'a str>, Refusal> {
    let value = bytes(headers, family, name)?.and_then(|value| str::from_utf8(value).ok());
    Ok(value.map(str::trim).filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::headers;

    #[test]
    fn family_follows_the_hmac_header() {
        let both = headers(&[
            ("shopify-hmac-sha256", "new"),
            ("shopify-topic", "orders/paid"),
            ("x-shopify-topic", "app/uninstalled"),
        ]);
        assert_eq!(Headers::read(&both).unwrap().topic, "orders/paid");
    }

    #[test]
    fn topic_of_the_other_family_does_not_help() {
        let mixed = headers(&[("x-shopify-hmac-sha256", "a"), ("shopify-topic", "orders/paid")]);
        assert!(Headers::read(&mixed).is_err());
    }

    #[test]
    fn a_header_that_is_given_twice_is_refused() {
        let once = [
            ("x-shopify-hmac-sha256", "a"),
            ("x-shopify-topic", "orders/paid"),
            ("x-shopify-shop-domain", "example.myshopify.com"),
            ("x-shopify-webhook-id", "1"),
            ("x-shopify-triggered-at", "2026-08-20T12:00:00Z"),
            ("x-shopify-test", "true"),
        ];
        assert!(Headers::read(&headers(&once)).is_ok());
        for again in once {
            let refusal = Headers::read(&headers(&[&once[..], &[again]].concat())).unwrap_err();
            assert_eq!(refusal.message, format!("header {} is given more than once", again.0));
        }
    }

    #[test]
    fn empty_and_unreadable_headers_count_as_missing() {
        let mut list = headers(&[
            ("x-shopify-hmac-sha256", "a"),
            ("x-shopify-topic", "t"),
            ("x-shopify-webhook-id", " "),
        ]);
        list.push(Header { name: "x-shopify-shop-domain".to_owned(), value: vec![0xff, 0xfe] });
        let read = Headers::read(&list).unwrap();
        assert_eq!((read.webhook_id, read.shop, read.test), (None, None, false));
    }
}

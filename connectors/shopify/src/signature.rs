//! What must be true for a delivery to be Shopify's. Owns the claim; never checks it: the secret is the host's.
//!
//! Shopify sends `base64(HMAC-SHA256(client secret, raw body))`. The signature covers the body and nothing else:
//! topic, shop and ids are unsigned, and there is no timestamp to hold against a tolerance.
//! Source: Shopify, "Verify webhook deliveries".

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::{
    bindings::exports::ase::connector::normalizer::{Algorithm, Claim, Delivery, KeyEncoding, Part, Refusal},
    headers::Headers,
    refusal, settings,
};

/// Bytes of an HMAC-SHA256. Sixty-four hexadecimal digits are also valid base64, but of forty-eight bytes.
const DIGEST_BYTES: usize = 32;

/// The one claim of a Shopify delivery: an HMAC over the whole body.
///
/// # Errors
/// `unauthenticated` when a header is missing, when the signature is not 32 bytes in base64, or when the
/// delivery comes from another shop than the setting `shop_domain` names.
pub(crate) fn claims(delivery: &Delivery) -> Result<Vec<Claim>, Refusal> {
    let headers = Headers::read(&delivery.headers)?;
    if let Some(own) = settings::shop_domain(delivery)
        && !headers.shop.is_some_and(|shop| shop.eq_ignore_ascii_case(own))
    {
        return Err(refusal::unauthenticated(
            "the delivery is not from the shop that setting shop_domain of this source names",
        ));
    }
    Ok(vec![Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Body],
        signatures: vec![digest(headers.hmac)?],
        signed_at: None,
    }])
}

/// Strict base64 (RFC 4648 section 4, padding required), because a second spelling of the same bytes has no use.
fn digest(text: &[u8]) -> Result<Vec<u8>, Refusal> {
    BASE64_STANDARD
        .decode(text)
        .ok()
        .filter(|bytes| bytes.len() == DIGEST_BYTES)
        .ok_or_else(|| refusal::unauthenticated("the signature is not an HMAC-SHA256 in base64"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bindings::exports::ase::connector::normalizer::RefusalReason,
        tests::{delivery, headers, setting},
    };

    const DIGEST: &str = "sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN+/Org4wcY=";

    #[test]
    fn signature_is_read_only_as_strict_base64_of_thirty_two_bytes() {
        let cases = [
            (DIGEST, true),
            ("sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN-_Org4wcY=", false),
            ("sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN+/Org4wcY", false),
            (" sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN+/Org4wcY=", false),
            ("sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN+/Org4wcZ=", false),
            ("b09de26bd62746e1115039815658ba17bce809c793b1b12cc8dfbf3ab838c1c6", false),
            ("", false),
            ("AAAA", false),
        ];
        for (text, read) in cases {
            assert_eq!(digest(text.as_bytes()).is_ok(), read, "{text}");
        }
    }

    #[test]
    fn claim_covers_the_whole_body_and_nothing_else() {
        let list = headers(&[("x-shopify-hmac-sha256", DIGEST), ("x-shopify-topic", "orders/create")]);
        let claims = claims(&delivery(list, b"{}")).unwrap();
        let [claim] = claims.as_slice() else { panic!("one claim") };
        assert_eq!(claim.message, [Part::Body]);
        assert_eq!((claim.key.clone(), claim.signed_at), (KeyEncoding::Utf8, None));
        assert_eq!(claim.signatures.first().map(Vec::len), Some(DIGEST_BYTES));
    }

    #[test]
    fn another_shop_is_refused_where_the_source_names_one() {
        let cases = [
            (Some("Example.MyShopify.com"), "example.myshopify.com", true),
            (Some("other.myshopify.com"), "example.myshopify.com", false),
            (Some("example.myshopify.com.evil.test"), "example.myshopify.com", false),
            (None, "example.myshopify.com", false),
            (None, "  ", true),
        ];
        for (shop, own, accepted) in cases {
            let mut list =
                headers(&[("x-shopify-hmac-sha256", DIGEST), ("x-shopify-topic", "orders/create")]);
            list.extend(shop.map(|shop| headers(&[("x-shopify-shop-domain", shop)])).unwrap_or_default());
            let mut delivery = delivery(list, b"{}");
            delivery.settings = vec![setting("shop_domain", own)];
            let answer = claims(&delivery);
            let reason = answer.err().map(|refusal| refusal.reason);
            let expected = (!accepted).then_some(RefusalReason::Unauthenticated);
            assert_eq!(reason, expected, "{shop:?} against {own:?}");
        }
    }

    #[test]
    fn missing_headers_are_refused_as_unauthenticated() {
        let without_topic = headers(&[("x-shopify-hmac-sha256", DIGEST)]);
        let without_hmac = headers(&[("x-shopify-topic", "orders/create")]);
        for list in [without_topic, without_hmac, Vec::new()] {
            let refusal = claims(&delivery(list, b"{}")).unwrap_err();
            assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        }
    }
}

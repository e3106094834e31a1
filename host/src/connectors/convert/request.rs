//! A delivery as the guest sees it: without cookies, credentials and the headers of the transport.

use std::borrow::Cow;

use super::super::Delivery;
use super::super::bindings;

/// Headers that a guest does not see unless its manifest asks for them by name.
const WITHHELD: [&str; 20] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];

/// A delivery with its header names in lower case. The guest's record borrows from it.
#[derive(Debug)]
pub(in super::super) struct Request<'a> {
    delivery: &'a Delivery,
    headers: Vec<(Cow<'a, str>, &'a [u8])>,
}

impl<'a> Request<'a> {
    /// Sorts out what the guest may see. `allow` is the manifest's list.
    pub(in super::super) fn new(delivery: &'a Delivery, allow: &[String]) -> Self {
        let headers = delivery
            .headers
            .iter()
            .map(|(name, value)| (lower(name), value.as_slice()))
            .filter(|(name, _)| !WITHHELD.contains(&name.as_ref()) || allow.iter().any(|it| it == name))
            .collect();
        Self { delivery, headers }
    }

    /// The headers as the interface's records.
    pub(in super::super) fn headers(&self) -> Vec<bindings::Header<'_>> {
        self.headers.iter().map(|(name, value)| bindings::Header { name, value }).collect()
    }

    /// The settings as the interface's records.
    pub(in super::super) fn settings(&self) -> Vec<bindings::Setting<'_>> {
        self.delivery.settings.iter().map(|(name, value)| bindings::Setting { name, value }).collect()
    }

    /// The whole delivery as the interface's record.
    pub(in super::super) fn record<'b>(
        &'b self,
        headers: &'b [bindings::Header<'b>],
        settings: &'b [bindings::Setting<'b>],
    ) -> bindings::Delivery<'b> {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this era are far below 2^53")]
        let received_at = self.delivery.received_at.timestamp_millis() as f64;
        bindings::Delivery {
            id: &self.delivery.id,
            received_at,
            headers,
            url: &self.delivery.url,
            query: &self.delivery.query,
            body: &self.delivery.body,
            settings,
        }
    }
}

/// Most servers hand names over in lower case already.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(headers: &[(&str, &str)]) -> Delivery {
        Delivery {
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            ..Delivery::default()
        }
    }

    #[test]
    fn credentials_and_transport_stay_outside_unless_asked_for() {
        let delivery = delivery(&[("Cookie", "a"), ("Authorization", "b"), ("Host", "c"), ("X-Topic", "d")]);
        let names = |allow: &[String]| {
            let request = Request::new(&delivery, allow);
            request.headers().iter().map(|header| header.name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["x-topic"]);
        assert_eq!(names(&["authorization".to_owned()]), ["authorization", "x-topic"]);
    }

    #[test]
    fn repeated_headers_stay_repeated_and_in_order() {
        let delivery = delivery(&[("X-Sig", "1"), ("x-sig", "2")]);
        let request = Request::new(&delivery, &[]);
        let values: Vec<_> = request.headers().iter().map(|header| header.value.to_vec()).collect();
        assert_eq!(values, [b"1".to_vec(), b"2".to_vec()]);
    }
}

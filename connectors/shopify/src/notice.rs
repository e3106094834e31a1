//! One delivery around its body. Owns the event's identity, its test flag and which shop is meant; never looks
//! into the body.

use crate::{
    bindings::exports::ase::connector::normalizer::{Delivery, Event, Refusal, Subject},
    headers::Headers,
    payload::scalar::Scalar,
    refusal, settings,
    topic::Topic,
};

/// What is known of a delivery before its body is read.
#[derive(Debug)]
pub(crate) struct Notice<'a> {
    /// What the platform says it is about.
    pub(crate) topic: &'static Topic,
    /// See `settings::own_risk_provider`.
    pub(crate) own_risk_provider: Option<&'a str>,
    headers: Headers<'a>,
    shop: Option<&'a str>,
}

impl<'a> Notice<'a> {
    /// Puts topic, headers and settings together.
    pub(crate) fn new(topic: &'static Topic, headers: Headers<'a>, delivery: &'a Delivery) -> Self {
        Self {
            topic,
            own_risk_provider: settings::own_risk_provider(delivery),
            shop: settings::shop_domain(delivery).or(headers.shop),
            headers,
        }
    }

    /// An event of this delivery's type with nothing in it yet but whom it touches.
    ///
    /// Its id is the delivery's own, the same on every retry. That header is unsigned and may be absent; then
    /// topic, resource and version stand in for it.
    pub(crate) fn event(&self, subject: Subject, resource: &str, version: Scalar<'_>) -> Event {
        let id = self.headers.webhook_id.map_or_else(
            || match version.text() {
                Some(version) => format!("{}:{resource}:{version}", self.topic.name),
                None => format!("{}:{resource}", self.topic.name),
            },
            str::to_owned,
        );
        Event {
            id,
            type_: self.topic.event.to_owned(),
            occurred_at: None,
            subject,
            action: None,
            device: None,
            billing: None,
            shipping: None,
            links: Vec::new(),
            signals: Vec::new(),
            changes: Vec::new(),
            attributes: Vec::new(),
            test: self.headers.test,
            return_url: None,
        }
    }

    /// When it happened: the first of these times that is one, else when Shopify set the delivery off.
    pub(crate) fn occurred_at<const N: usize>(&self, times: [Scalar<'_>; N]) -> Option<String> {
        let triggered = || self.headers.triggered_at.filter(|text| crate::payload::format::is_time(text));
        times.iter().find_map(Scalar::time).or_else(|| triggered().map(str::to_owned))
    }

    /// Whether it is a test. The body is signed, so what it says goes before the header.
    pub(crate) fn is_test(&self, body: Scalar<'_>) -> bool {
        body.flag().unwrap_or(self.headers.test)
    }

    /// The shop that this delivery is about, in lower case, taken from the signed body where that names one.
    ///
    /// # Errors
    /// `unauthenticated` when the body names another shop than the source or the header does: all shops of an
    /// app sign with one secret, so the body of one can be sent to the source of another.
    pub(crate) fn shop(&self, body: Scalar<'_>) -> Result<Option<String>, Refusal> {
        match (body.domain(), self.shop) {
            (Some(named), Some(own)) if !named.eq_ignore_ascii_case(own) => {
                Err(refusal::unauthenticated("the body is about another shop than this delivery"))
            }
            (Some(named), _) => Ok(Some(named)),
            (None, own) => Ok(own.map(str::to_ascii_lowercase)),
        }
    }
}

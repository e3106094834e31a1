//! `Arrival`: a verified delivery, sealed on its way into the inbox.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{KeptRequest, context};
use crate::directory::Source;
use crate::dispatch::retry_pause;
use crate::store::deliveries::NewDelivery;

/// A verified delivery on its way into the inbox.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// `dlv_...`.
    pub delivery_id: String,
    /// Its source.
    pub source: Arc<Source>,
    /// The platform's own id of it.
    pub provider_id: Option<String>,
    /// Digest of the connector that read it.
    pub connector_digest: Option<String>,
    /// Which of the source's secrets matched.
    pub secret_id: Option<String>,
    /// What it is known by: SHA-256 of the body; where its topic stands in a header, of the topic, a zero byte and the
    /// body, because platforms send one body under several topics.
    pub body_digest: [u8; 32],
    /// It says something else than an earlier one of the same id.
    pub conflict: bool,
    /// The request, sealed for the source and the body; `None` where the organisation keeps none.
    sealed: Option<Vec<u8>>,
}

impl Arrival {
    /// Seals a request that was just verified. `topic` is what a header calls it, where the body does not say.
    #[must_use]
    pub fn new(delivery_id: &str, source: &Arc<Source>, request: &KeptRequest, topic: Option<&str>) -> Self {
        let body_digest = digest(topic, &request.body);
        // sealed for the source and the body, not for the id: the id may turn out to be an earlier one
        let sealed = source.tenant.vault.seal(
            &context(&source.source_id, &body_digest),
            &request.write(),
            &mut rand::rng(),
        );
        Self {
            delivery_id: delivery_id.to_owned(),
            source: Arc::clone(source),
            provider_id: None,
            connector_digest: None,
            secret_id: None,
            body_digest,
            conflict: false,
            sealed: Some(sealed),
        }
    }

    /// Keeps nothing of what was sent: a request to erase somebody names them.
    #[must_use]
    pub fn without_request(mut self) -> Self {
        self.sealed = None;
        self
    }

    pub(crate) fn row<'a>(&'a self, status: &'a str, note: Option<&'a str>) -> NewDelivery<'a> {
        NewDelivery {
            org_id: &self.source.tenant.org.org_id,
            delivery_id: &self.delivery_id,
            source_id: &self.source.source_id,
            connector: &self.source.connector,
            connector_digest: self.connector_digest.as_deref(),
            provider_id: self.provider_id.as_deref(),
            secret_id: self.secret_id.as_deref(),
            request: self.sealed.as_deref(),
            body_digest: &self.body_digest,
            status,
            conflict: self.conflict,
            last_error: note,
            first_try_seconds: retry_pause(1),
        }
    }
}

fn digest(topic: Option<&str>, body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    if let Some(topic) = topic {
        hasher.update(topic.as_bytes());
        hasher.update([0]);
    }
    hasher.update(body);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_body_under_two_topics_is_two_deliveries() {
        let all =
            [digest(None, b"{}"), digest(Some("a"), b"{}"), digest(Some("b"), b"{}"), digest(None, b"a{}")];
        for (place, one) in all.iter().enumerate() {
            assert!(all.iter().skip(place + 1).all(|other| other != one), "{place}");
        }
        assert_eq!(digest(Some("a"), b"{}"), digest(Some("a"), b"{}"));
    }
}

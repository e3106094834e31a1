//! The same work without a sandbox. Also part of `tests/extism`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ase_host::connectors::Delivery;
use ase_native_connector::{Claim, Connector, Header, Outcome};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::orders::SECRET;

/// `authenticate`, the check of the signature and `normalize`: how long, and what came of it. Each function takes its
/// own copy of the delivery, as a component does.
pub(crate) fn receive(delivery: &Delivery) -> (Duration, Outcome) {
    let started = Instant::now();
    let claims = Connector::authenticate(owned(delivery)).unwrap();
    check(&claims, &delivery.body);
    let outcome = black_box(Connector::normalize(owned(delivery)).unwrap());
    (started.elapsed(), outcome)
}

/// Holds the one claim that these deliveries make against the secret.
pub(crate) fn check(claims: &[Claim], body: &[u8]) {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    mac.verify_slice(claims.first().and_then(|claim| claim.signatures.first()).unwrap()).unwrap();
}

/// The delivery as the connector's sources know it.
pub(crate) fn owned(delivery: &Delivery) -> ase_native_connector::Delivery {
    let header = |(name, value): &(String, Vec<u8>)| Header { name: name.clone(), value: value.clone() };
    ase_native_connector::Delivery {
        id: delivery.id.clone(),
        received_at: 0.0,
        headers: delivery.headers.iter().map(header).collect(),
        query: delivery.query.clone(),
        body: delivery.body.to_vec(),
        settings: Vec::new(),
    }
}

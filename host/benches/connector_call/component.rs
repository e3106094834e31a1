//! The connector as the host calls it, with its limits and its checks. Also part of `tests/extism`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ase_host::connectors::{Ceilings, Connectors, ConnectorsConfig, Delivery, Received, Signers, Trust};

use crate::orders::SECRET;

/// The connector that is measured.
pub(crate) const CONNECTOR: &str = "shopify";

/// The component of the connector, compiled and proved.
#[derive(Debug)]
pub(crate) struct Component {
    pub(crate) connectors: Arc<Connectors>,
    trust: Trust,
}

impl Component {
    pub(crate) async fn start() -> Self {
        let config = ConnectorsConfig {
            dir: None,
            cache_dir: None,
            compiler: None,
            max_concurrent: 192,
            ceilings: Ceilings::default(),
            grants: BTreeMap::new(),
            signers: Signers::default(),
        };
        let trust = Trust {
            secrets: vec![SECRET.into()],
            tolerance: Duration::from_mins(5),
            allow_sha1: false,
            accept_partial: false,
        };
        Self { connectors: Connectors::start(config).await.unwrap(), trust }
    }

    /// A fresh instance, `authenticate`, the check of the signature and `normalize`: how long, and what came of it.
    pub(crate) async fn receive(&self, delivery: &Delivery) -> (Duration, Received) {
        let started = Instant::now();
        let said = self.connectors.receive(CONNECTOR, delivery, &self.trust).await.unwrap().received;
        let took = started.elapsed();
        assert!(matches!(said, Received::Events(_)), "{said:?}");
        (took, said)
    }
}

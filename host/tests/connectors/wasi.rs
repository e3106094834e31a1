//! Components that import WASI, where their operator grants it: there is nothing to find.

use std::collections::BTreeMap;

use ase_host::connectors::{Delivery, Fault, Grant, Received};

use super::guests::{Bench, WASI};

async fn bench() -> Bench {
    Bench::granting(&[("wasi.wasm", &WASI)], BTreeMap::from([("wasi".to_owned(), Grant::InertWasi)])).await
}

fn delivery(body: &'static str) -> Delivery {
    Delivery { body: body.into(), ..Delivery::default() }
}

#[tokio::test]
async fn granted_wasi_is_empty_and_always_the_same() {
    let bench = bench().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        match bench.connectors.renormalize("wasi", &delivery("look")).await.map(|reading| reading.received) {
            Ok(Received::Events(events)) => seen.push(events[0].attributes.clone()),
            other => panic!("expected an event, found {other:?}"),
        }
    }
    assert_eq!(seen[0], seen[1], "randomness is the same in every call");
    for nothing in ["environment", "directories", "seconds"] {
        assert_eq!(seen[0][nothing], "0", "{nothing}");
    }
}

#[tokio::test]
async fn guest_that_sleeps_in_the_host_is_given_up() {
    let bench = bench().await;
    let error = bench.connectors.renormalize("wasi", &delivery("sleep")).await.unwrap_err();
    assert_eq!(error.fault, Fault::TimedOut);
    assert!(bench.connectors.renormalize("wasi", &delivery("look")).await.is_ok());
}

#[tokio::test]
async fn grant_is_listed() {
    let bench = bench().await;
    let status = bench.connectors.list().into_iter().find(|status| status.id == "wasi").unwrap();
    assert_eq!(status.grant, Some(Grant::InertWasi));
}

#[tokio::test]
async fn grant_to_another_connector_does_not_count() {
    let grants = BTreeMap::from([("other".to_owned(), Grant::InertWasi)]);
    let bench = Bench::granting(&[("wasi.wasm", &WASI)], grants).await;
    assert!(!bench.connectors.contains("wasi"));
    assert!(bench.last_error("wasi").unwrap().contains("imports `wasi:"));
}

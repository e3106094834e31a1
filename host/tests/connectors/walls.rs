//! What a guest must never see or get away with, whatever it tries. Beside it, others are answered.

use ase_host::connectors::{Delivery, Received};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::guests::{Bench, ROGUE, SECRET, signed, trust};

/// What the guest looks for in its memory; it holds the text turned around only.
const MARKER: &str = "trait code of an other user";

/// What the guest says about a delivery.
async fn said(bench: &Bench, delivery: &Delivery) -> String {
    match bench.connectors.receive("rogue", delivery, &trust()).await.unwrap().received {
        Received::Ignored { reason } => reason,
        other => panic!("expected a sentence, found {other:?}"),
    }
}

#[tokio::test]
async fn static_state_does_not_survive_a_call() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    for _ in 0..50 {
        assert_eq!(said(&bench, &signed("7", &[("normalize", "count")])).await, "call 1");
    }
}

#[tokio::test]
async fn delivery_of_another_tenant_is_not_found_in_memory() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let own = said(&bench, &signed(MARKER, &[("normalize", "scan")])).await;
    assert_ne!(own, "0 pieces of somebody else", "the guest knows how to look");
    // every slot of the pool has held the other's delivery
    for _ in 0..40 {
        let others = signed(&MARKER.repeat(500), &[]);
        assert!(bench.connectors.receive("rogue", &others, &trust()).await.is_ok());
        let found = said(&bench, &signed("7", &[("normalize", "scan")])).await;
        assert_eq!(found, "0 pieces of somebody else");
    }
}

#[tokio::test]
async fn no_clock_and_no_randomness_but_the_deliverys_own_time() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut delivery = signed("7", &[("normalize", "told time")]);
    delivery.received_at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let first = said(&bench, &delivery).await;
    assert!(first.starts_with("1800000000000 "), "{first}");
    for _ in 0..20 {
        assert_eq!(said(&bench, &delivery).await, first);
    }
}

#[tokio::test]
async fn signature_over_other_bytes_than_the_body_proves_nothing() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut delivery = signed("7", &[("authenticate", "partial")]);
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(b"constant");
    delivery.headers[0].1 = mac.finalize().into_bytes().to_vec();
    let answer = bench.connectors.receive("rogue", &delivery, &trust()).await.unwrap().received;
    let Received::Unauthenticated(check) = answer else { panic!("it was believed: {answer:?}") };
    assert!(check.contains("does not cover the whole body"), "{check}");
}

#[tokio::test]
async fn component_of_fifty_megabytes_is_not_read() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let huge = std::fs::File::create(bench.dir.path().join("huge.wasm")).unwrap();
    huge.set_len(50 << 20).unwrap();
    bench.until("the huge one", |_| bench.last_error("huge").is_some()).await;
    let error = bench.last_error("huge").unwrap();
    assert!(error.contains("huge.wasm: is 52428800 bytes, and a connector has at most"), "{error}");
    assert!(bench.connectors.check(&vec![0; 50 << 20]).await.is_err());
    bench.assert_well().await;
}

#[tokio::test]
async fn rested_clock_still_ends_a_loop() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    for _ in 0..3 {
        // longer than the clock goes on without any guest
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let error = bench.tell(&[("normalize", "loop")]).await.unwrap_err();
        assert_eq!(error.fault.kind(), "timed_out");
    }
    bench.assert_well().await;
}

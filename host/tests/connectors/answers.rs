//! What a well-behaved call answers: authentic or not, and what the guest may see.

use ase_host::connectors::{Fault, Received, Trust};

use super::guests::{Bench, ROGUE, signed, trust};

#[tokio::test]
async fn signed_delivery_becomes_events() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    bench.assert_well().await;
}

#[tokio::test]
async fn altered_body_is_not_authentic() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut delivery = signed("7", &[]);
    delivery.body = "8".into();
    let answer = bench.connectors.receive("rogue", &delivery, &trust()).await.unwrap().received;
    assert_eq!(answer, Received::Unauthenticated("hmac-sha256: no signature matches".to_owned()));
}

#[tokio::test]
async fn any_active_secret_will_do() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut trust = trust();
    trust.secrets.insert(0, "the one before".into());
    let answer = bench.connectors.receive("rogue", &signed("7", &[]), &trust).await.unwrap().received;
    assert!(matches!(answer, Received::Events(_)));
}

#[tokio::test]
async fn source_without_a_secret_is_closed() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let trust = Trust { secrets: Vec::new(), ..trust() };
    let answer = bench.connectors.receive("rogue", &signed("7", &[]), &trust).await.unwrap().received;
    assert!(matches!(answer, Received::Unauthenticated(_)));
}

#[tokio::test]
async fn every_claim_must_hold() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let answer = bench.tell(&[("authenticate", "two")]).await.unwrap();
    assert_eq!(answer, Received::Unauthenticated("hmac-sha256: no signature matches".to_owned()));
}

#[tokio::test]
async fn guest_that_claims_nothing_is_not_believed() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    for misdeed in ["nothing", "partial", "not a time"] {
        let answer = bench.tell(&[("authenticate", misdeed)]).await.unwrap();
        assert!(matches!(answer, Received::Unauthenticated(_)), "{misdeed}: {answer:?}");
    }
}

#[tokio::test]
async fn what_is_refused_before_the_check_is_not_authentic() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let answer = bench.tell(&[("authenticate", "refuse")]).await.unwrap();
    assert_eq!(answer, Received::Unauthenticated("the accountis wrong".to_owned()));
}

#[tokio::test]
async fn earlier_verified_delivery_needs_no_secret() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut delivery = signed("7", &[("authenticate", "panic")]);
    delivery.headers.clear();
    let answer = bench.connectors.renormalize("rogue", &delivery).await.unwrap().received;
    assert!(matches!(answer, Received::Events(_)));
}

#[tokio::test]
async fn guest_sees_no_credentials() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut delivery = signed("7", &[("normalize", "headers seen")]);
    for name in ["Cookie", "Authorization", "Host", "Content-Type"] {
        delivery.headers.push((name.to_owned(), b"x".to_vec()));
    }
    let answer = bench.connectors.receive("rogue", &delivery, &trust()).await.unwrap().received;
    assert_eq!(answer, Received::Ignored { reason: "x-signature content-type".to_owned() });
}

#[tokio::test]
async fn unknown_connector_is_named_as_such() {
    let bench = Bench::with(&[]).await;
    let error = bench.connectors.receive("rogue", &signed("7", &[]), &trust()).await.unwrap_err();
    assert_eq!(error.fault, Fault::UnknownConnector);
    assert!(!error.verified);
}

#[tokio::test]
async fn stopped_connectors_are_busy() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    bench.connectors.stop().await;
    assert_eq!(bench.tell(&[]).await.unwrap_err().fault, Fault::Busy);
}

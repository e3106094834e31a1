//! A connector that keeps failing is left alone, and nothing of what is authentic is lost or believed unchecked.

use ase_host::connectors::{CallError, Fault, Received};

use super::guests::{Bench, ROGUE, rogue_with, signed, trust};

/// Makes the rogue fail until it is quarantined.
async fn quarantined() -> Bench {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut tries = 0;
    while !is_held(&bench) {
        let error = bench.tell(&[("normalize", "panic")]).await.unwrap_err();
        assert!(matches!(error.fault, Fault::Trapped(_)), "{error:?}");
        tries += 1;
        assert!(tries <= 5, "it failed {tries} times and is still called");
    }
    bench
}

fn is_held(bench: &Bench) -> bool {
    bench.connectors.list().iter().any(|status| status.id == "rogue" && status.quarantine.is_some())
}

#[tokio::test]
async fn quarantined_connector_is_not_called_and_its_deliveries_are_verified() {
    let bench = quarantined().await;
    let mut forged = signed("7", &[]);
    forged.body = "8".into();
    // the pause may end meanwhile, and a probe is then a call like any other
    for _ in 0..3 {
        match bench.tell(&[]).await {
            Err(CallError { fault: Fault::Quarantined { .. }, verified, connector_digest, .. }) => {
                assert!(verified, "it was authentic, so it may be kept");
                assert!(connector_digest.is_some_and(|digest| digest.starts_with("sha256:")));
            }
            Ok(Received::Events(_)) => {}
            other => panic!("expected to be held, found {other:?}"),
        }
        let answer = bench.connectors.receive("rogue", &forged, &trust()).await.unwrap().received;
        assert!(matches!(answer, Received::Unauthenticated(_)), "{answer:?}");
    }
}

#[tokio::test]
async fn quarantine_is_listed_with_its_culprit() {
    let bench = quarantined().await;
    let list = bench.connectors.list();
    let held = list.iter().find(|status| status.id == "rogue").unwrap().quarantine.clone().unwrap();
    assert_eq!((held.failures, held.fault), (5, "trapped"));
    assert!(held.next_try_at > held.since);
    let changes = bench.connectors.quarantine_changes().await;
    assert_eq!(changes.len(), 1, "it is told once");
    assert_eq!((changes[0].connector.as_str(), changes[0].version.as_str()), ("rogue", "1.0.0"));
    assert!(changes[0].quarantined && changes[0].digest.starts_with("sha256:"));
    assert!(list.iter().all(|status| status.id == "rogue" || status.quarantine.is_none()));
}

#[tokio::test]
async fn healthy_connector_is_trusted_again_by_itself() {
    let bench = quarantined().await;
    let mut good = 0;
    bench
        .until_async("a recovery", async || {
            good += u32::from(bench.tell(&[]).await.is_ok());
            !is_held(&bench)
        })
        .await;
    assert!(good >= 3, "one good answer is not enough");
    bench.assert_well().await;
    let changes = bench.connectors.quarantine_changes().await;
    assert_eq!(changes.iter().map(|change| change.quarantined).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn strangers_cannot_quarantine_a_connector() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    for misdeed in ["panic", "allocate", "thousand"].repeat(10) {
        assert!(!bench.tell(&[("authenticate", misdeed)]).await.unwrap_err().verified);
    }
    bench.assert_well().await;
}

#[tokio::test]
async fn a_connector_that_fails_most_of_the_time_is_quarantined_though_it_answers_in_between() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut faults = 0;
    for turn in 1_u32.. {
        if is_held(&bench) {
            break;
        }
        assert!(turn <= 20, "it failed {faults} times of {turn} and is still called");
        if turn.is_multiple_of(5) {
            bench.assert_well().await;
        } else {
            assert!(bench.tell(&[("normalize", "panic")]).await.is_err());
            faults += 1;
        }
    }
    assert_eq!(faults, 10);
}

#[tokio::test]
async fn refusals_and_kept_deliveries_that_fail_again_quarantine_nothing() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    for _ in 0..20 {
        let refused = bench.tell(&[("normalize", "refuse")]).await.unwrap();
        assert!(matches!(refused, Received::Refused(_)));
        let kept = signed("7", &[("normalize", "panic")]);
        assert!(bench.connectors.renormalize("rogue", &kept).await.is_err());
    }
    bench.assert_well().await;
}

#[tokio::test]
async fn another_component_is_called_at_once_and_the_one_before_is_remembered() {
    let bench = quarantined().await;
    let path = bench.dir.path().join("rogue.wasm");
    std::fs::write(&path, rogue_with("version = \"1.0.0\"", "version = \"2.0.0\"")).unwrap();
    bench.until("the second version", |_| !is_held(&bench)).await;
    bench.assert_well().await;
    std::fs::write(&path, &*ROGUE).unwrap();
    bench.until("the first version again", |_| is_held(&bench)).await;
}

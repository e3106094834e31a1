//! The connectors that are part of the program, whichever they are.

use ase_host::connectors::{Connectors, Delivery, Origin, Received};

use super::guests::Bench;

/// Ids of the bundled connectors.
fn bundled(connectors: &Connectors) -> Vec<String> {
    let all = connectors.list().into_iter().filter(|status| status.origin == Origin::Bundled);
    all.map(|status| status.id).collect()
}

#[tokio::test]
async fn bundled_connectors_prove_themselves() {
    let bench = Bench::with(&[]).await;
    let ids = bundled(&bench.connectors);
    assert!(!ids.is_empty(), "nothing is bundled");
    for id in ids {
        let manifest = bench.connectors.manifest(&id).unwrap();
        assert!(!manifest.samples.is_empty(), "{id} has no sample to prove it");
        assert_eq!(bench.last_error(&id), None);
    }
}

#[tokio::test]
async fn deeply_nested_bodies_do_not_exhaust_a_guests_stack() {
    let bench = Bench::with(&[]).await;
    for id in bundled(&bench.connectors) {
        for sample in &bench.connectors.manifest(&id).unwrap().samples {
            for (open, close) in [("[", "]"), ("{\"id\":", "}"), ("{\"customer\":", "}"), ("{\"data\":", "}")]
            {
                for depth in [120, 127, 128, 20_000] {
                    let delivery = Delivery {
                        headers: (sample.headers.iter())
                            .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                            .collect(),
                        body: format!("{}1{}", open.repeat(depth), close.repeat(depth)).into(),
                        settings: sample.settings.clone().into_iter().collect(),
                        ..Delivery::default()
                    };
                    let answer =
                        bench.connectors.renormalize(&id, &delivery).await.map(|reading| reading.received);
                    assert!(answer.is_ok(), "{id}, {}, {open} {depth} deep: {answer:?}", sample.name);
                    assert!(!matches!(answer, Ok(Received::Reply { .. })));
                }
            }
        }
    }
}

//! Whoever does many things at once cannot hide any of them behind the others.

use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_events_of_one_subject_see_each_other() {
    let app = TestApp::start().await;
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let platform = app.shop.platform.clone();
            let mut event = events::quiet_login(&format!("evt-{number}"), "ana");
            event["type"] = json!("payout.created");
            tokio::spawn(async move { platform.ingest(&event).await.json(201) })
        })
        .collect();
    let mut counts = Vec::new();
    for call in calls {
        counts.push(burst(&call.await.unwrap()));
    }
    counts.sort_unstable();
    // the first two are no burst yet; each of the others counts every one before it
    let expected: Vec<i64> = [0, 0].into_iter().chain(3..=32).collect();
    assert_eq!(counts, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_events_of_many_subjects_do_not_wait_for_or_see_each_other() {
    let app = TestApp::start().await;
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let platform = app.shop.platform.clone();
            let mut event = events::quiet_login(&format!("evt-{number}"), &format!("subject-{number}"));
            event["type"] = json!("payout.created");
            tokio::spawn(async move { platform.ingest(&event).await.json(201) })
        })
        .collect();
    for call in calls {
        assert_eq!(burst(&call.await.unwrap()), 0);
    }
}

/// How many sensitive actions the burst's reason counts; zero without one.
fn burst(decision: &Value) -> i64 {
    let reasons = decision["reasons"].as_array().unwrap();
    let reason = reasons.iter().find(|reason| reason["code"] == "ACTION_BURST");
    reason.map_or(0, |reason| reason["detail"].as_str().unwrap().split(' ').next().unwrap().parse().unwrap())
}

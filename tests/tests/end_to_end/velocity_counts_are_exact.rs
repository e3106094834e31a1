//! What happens at once is counted one by one: no event hides behind another, and none is counted twice.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// How many events come at once.
const AT_ONCE: i64 = 32;

/// Sends `event` of each number at once and returns what was known of the past when each was judged.
async fn at_once(app: &TestApp, event: impl Fn(i64) -> Value) -> Vec<Value> {
    let calls: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let (platform, event) = (app.shop.platform.clone(), event(number));
            tokio::spawn(async move {
                let decision = platform.ingest(&event).await.json(201);
                let explained = platform.explained(&text(&decision["session"]["id"])).await;
                explained["features"]["history"].clone()
            })
        })
        .collect();
    let mut known = Vec::new();
    for call in calls {
        known.push(call.await.unwrap());
    }
    known
}

/// A number of each history, sorted; what nothing was found for is left out and counts as zero.
fn sorted(known: &[Value], read: impl Fn(&Value) -> i64) -> Vec<i64> {
    let mut numbers: Vec<i64> = known.iter().map(read).collect();
    numbers.sort_unstable();
    numbers
}

fn count(history: &Value, name: &str) -> i64 {
    history[name].as_i64().unwrap_or(0)
}

/// A payout of one euro.
fn payout(number: i64, subject: &str) -> Value {
    let mut event = events::quiet_login(&format!("evt-{subject}-{number}"), subject);
    event["type"] = json!("payout.created");
    event["action"] = json!({
        "amount": { "value": "1.00", "currency": "EUR" },
        "destination": { "id": "iban:1" },
    });
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_events_at_once_counts_every_one_before_it() {
    let app = TestApp::start().await;
    let known = at_once(&app, |number| payout(number, "ana")).await;
    let each_once: Vec<i64> = (0..AT_ONCE).collect();
    for name in ["sensitive_1h", "events", "amounts", "destination_uses"] {
        assert_eq!(sorted(&known, |history| count(history, name)), each_once, "{name}");
    }
    let euros = |history: &Value| {
        let written = history["outflow_24h"].as_str().unwrap_or("0");
        written.split('.').next().unwrap().parse().unwrap()
    };
    assert_eq!(sorted(&known, euros), each_once, "every euro is counted once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_sign_ins_at_once_are_all_counted() {
    let app = TestApp::start().await;
    let failed = |number| {
        let mut event = events::quiet_login(&format!("evt-{number}"), "ana");
        event["type"] = json!("login.failed");
        event
    };
    let known = at_once(&app, failed).await;
    let each_once: Vec<i64> = (0..AT_ONCE).collect();
    for name in ["login_failures_1h", "login_failures_24h"] {
        assert_eq!(sorted(&known, |history| count(history, name)), each_once, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_and_the_past_are_not_counted() {
    let app = TestApp::start().await;
    at_once(&app, |number| payout(number, "ana")).await;
    let known = at_once(&app, |number| payout(number, &format!("subject-{number}"))).await;
    assert_eq!(sorted(&known, |history| count(history, "sensitive_1h")), vec![0; 32]);
    app.database.run("update events set received_at = received_at - interval '61 minutes'").await;
    let known = at_once(&app, |number| payout(number + 100, "ana")).await;
    let each_once: Vec<i64> = (0..AT_ONCE).collect();
    assert_eq!(sorted(&known, |history| count(history, "sensitive_1h")), each_once, "the hour is over");
    let of_the_day: Vec<i64> = (AT_ONCE..2 * AT_ONCE).collect();
    assert_eq!(sorted(&known, |history| count(history, "amounts")), of_the_day, "and the day is not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_comes_again_is_not_counted_again() {
    let app = TestApp::start().await;
    let event = payout(0, "ana");
    let calls: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (platform, event) = (app.shop.platform.clone(), event.clone());
            tokio::spawn(async move { platform.ingest(&event).await.status })
        })
        .collect();
    let mut decided = 0;
    for call in calls {
        decided += i64::from(call.await.unwrap() == 201);
    }
    assert_eq!(decided, 1);
    let next = app.shop.platform.ingest(&payout(1, "ana")).await.json(201);
    let explained = app.shop.platform.explained(&text(&next["session"]["id"])).await;
    assert_eq!(count(&explained["features"]["history"], "sensitive_1h"), 1, "{explained}");
    assert_eq!(explained["features"]["history"]["outflow_24h"], "1.00");
}

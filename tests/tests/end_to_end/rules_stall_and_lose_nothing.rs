//! An organisation's own rules: the slow and the broken are refused, and what fails later costs no decision.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// The default policy with rules of these conditions.
fn with_rules(conditions: &[&str]) -> Value {
    let rule = |(place, when): (usize, &&str)| json!({ "code": format!("X_RULE_{place}"), "when": when, "points": 7, "group": "behaviour", "detail": "found" });
    json!({ "name": "default", "rules": conditions.iter().enumerate().map(rule).collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn slow_nested_and_unknown_conditions_are_refused_at_publish() {
    let app = TestApp::start().await;
    let deep = format!("{}true{}", "(".repeat(1000), ")".repeat(1000));
    let slow = vec!["history.amounts_7d.all(a, history.amounts_7d.exists(b, a == b))"; 20].join(" && ");
    let table = [
        (deep.as_str(), "/rules/0/when"),
        (slow.as_str(), "/rules/0/when"),
        ("event.amont > 1.0", "did you mean `event.amount`"),
        ("event.country.matches('(a+)+$')", "/rules/0/when"),
        ("event.amount >", "/rules/0/when"),
    ];
    for (condition, word) in table {
        let refused = app.shop.platform.put_policy(&with_rules(&[condition])).await.problem(422, "invalid");
        assert!(text(&refused["detail"]).contains(word), "{condition}: {refused}");
    }
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    assert_eq!(decision["policy"]["version"], 1, "what was refused decides nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_rule_that_fails_adds_nothing_and_the_decision_stands() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    // there is no account age here, so that the division is by zero
    app.publish(&with_rules(&["1 / (history.events * 0) > 1", "event.type == 'login.succeeded'"])).await;
    let decision = platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let codes: Vec<_> =
        decision["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert!(codes.contains(&&json!("X_RULE_1")) && !codes.contains(&&json!("X_RULE_0")), "{decision}");
    let explained = platform.explained(&text(&decision["session"]["id"])).await;
    assert_eq!(explained["failed_rules"][0]["code"], "X_RULE_0", "{explained}");
    assert!(!text(&explained["failed_rules"][0]["error"]).is_empty());
}

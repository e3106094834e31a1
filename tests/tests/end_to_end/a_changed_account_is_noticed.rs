//! Some platforms say that an account changed, and not what: the change shows against what was known before.

use ase_engine::clock;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::{points, reason};
use ase_tests::harness::{TestApp, events};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// The platform tells of Ana's account, with this address.
fn account(id: &str, email: &str) -> Value {
    json!({ "id": id, "type": "account.updated", "subject": { "id": "ana", "email": email } })
}

/// A payout of Ana's that says nothing of her account.
fn payout(id: &str) -> Value {
    json!({ "id": id, "type": "payout.created", "subject": { "id": "ana" } })
}

async fn decided(app: &TestApp, event: &Value) -> Value {
    app.shop.platform.ingest(event).await.json(201)
}

/// The changes that a decision was made from.
async fn changes(app: &TestApp, decision: &Value) -> Vec<String> {
    let explained = app.shop.platform.explained(&text(&decision["session"]["id"])).await;
    let changes = explained["features"]["event"]["changes"].as_array().cloned().unwrap_or_default();
    changes.iter().map(text).collect()
}

fn days_ago(days: i64) -> String {
    (clock::now() - TimeDelta::days(days)).to_rfc3339()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn another_address_is_a_change_of_contact_though_nobody_says_so() {
    let app = TestApp::start().await;
    let first = decided(&app, &account("evt-1", "ana@example.com")).await;
    assert!(changes(&app, &first).await.is_empty(), "what was never known cannot change");
    let same = decided(&app, &account("evt-2", "Ana@Example.com")).await;
    assert!(changes(&app, &same).await.is_empty(), "the same address in other letters");
    assert_eq!(points(&same, "ACTION_SENSITIVE"), 0, "{same}");

    let changed = decided(&app, &account("evt-3", "eve@example.com")).await;
    assert_eq!(changes(&app, &changed).await, ["email"]);
    let told = reason(&changed, "ACTION_SENSITIVE").unwrap();
    assert_eq!(
        (&told["points"], &told["detail"]),
        (&json!(12), &json!("an e-mail, phone or address changes"))
    );
    let after = decided(&app, &payout("evt-4")).await;
    assert_eq!(points(&after, "CONTACT_CHANGED_RECENTLY"), 20, "{after}");

    let again = decided(&app, &account("evt-5", "eve@example.com")).await;
    assert!(changes(&app, &again).await.is_empty(), "it is known by now");
    app.database.run("update events set received_at = received_at - interval '2 days'").await;
    let later = decided(&app, &payout("evt-6")).await;
    assert_eq!(points(&later, "CONTACT_CHANGED_RECENTLY"), 12, "{later}");
    app.database.run("update events set received_at = received_at - interval '2 days'").await;
    let later = decided(&app, &payout("evt-7")).await;
    assert_eq!(points(&later, "CONTACT_CHANGED_RECENTLY"), 0, "{later}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn telephone_and_country_are_noticed_too() {
    let app = TestApp::start().await;
    let told = |id: &str, phone: &str, country: &str| {
        let mut event = account(id, "ana@example.com");
        event["subject"]["phone"] = json!(phone);
        event["billing"] = json!({ "country": country });
        event
    };
    decided(&app, &told("evt-1", "+49 30 1234567", "DE")).await;
    let same = decided(&app, &told("evt-2", "+49-30-1234567", "DE")).await;
    assert!(changes(&app, &same).await.is_empty(), "the same number in another spelling");
    let changed = decided(&app, &told("evt-3", "+44 20 7654321", "GB")).await;
    assert_eq!(changes(&app, &changed).await, ["phone", "address"]);
    let mut said = told("evt-4", "+33 1 234567", "GB");
    said["changes"] = json!([{ "field": "phone" }]);
    let said = decided(&app, &said).await;
    assert_eq!(changes(&app, &said).await, ["phone"], "said and noticed are one change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_event_that_comes_late_changes_nothing_and_is_no_change() {
    let app = TestApp::start().await;
    decided(&app, &account("evt-1", "ana@example.com")).await;
    let mut late = account("evt-2", "before@example.com");
    late["occurred_at"] = json!(days_ago(3));
    let late = decided(&app, &late).await;
    assert!(changes(&app, &late).await.is_empty());
    let now = decided(&app, &account("evt-3", "ana@example.com")).await;
    assert!(changes(&app, &now).await.is_empty(), "what is newer was kept");
    let after = decided(&app, &payout("evt-4")).await;
    assert_eq!(points(&after, "CONTACT_CHANGED_RECENTLY"), 0, "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn where_a_receipt_goes_is_no_change() {
    let app = TestApp::start().await;
    decided(&app, &account("evt-1", "ana@example.com")).await;
    for (number, kind) in ["order.created", "payment.succeeded", "refund.created"].into_iter().enumerate() {
        let mut event = events::quiet_login(&format!("receipt-{number}"), "ana");
        event["type"] = json!(kind);
        event["subject"]["email"] = json!("a-present-for@example.com");
        event["action"] = json!({ "amount": { "value": "20.00", "currency": "EUR" } });
        event["shipping"] = json!({ "country": "FR" });
        let decision = decided(&app, &event).await;
        assert!(changes(&app, &decision).await.is_empty(), "{kind}");
        assert_eq!(points(&decision, "ACTION_SENSITIVE"), 0, "{decision}");
    }
    let account = decided(&app, &account("evt-2", "ana@example.com")).await;
    assert!(changes(&app, &account).await.is_empty(), "the account kept its own address");
    let after = decided(&app, &payout("evt-3")).await;
    assert_eq!(points(&after, "CONTACT_CHANGED_RECENTLY"), 0, "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_test_event_changes_no_account() {
    let app = TestApp::start().await;
    decided(&app, &account("evt-1", "ana@example.com")).await;
    let mut test = account("evt-2", "sandbox@example.com");
    test["test"] = json!(true);
    assert!(changes(&app, &decided(&app, &test).await).await.is_empty());
    let real = decided(&app, &account("evt-3", "ana@example.com")).await;
    assert!(changes(&app, &real).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_restricted_account_moves_money_with_a_reason() {
    let app = TestApp::start().await;
    let state = |id: &str, state: &str, days: i64| {
        let mut event = account(id, "ana@example.com");
        event["attributes"] = json!({ "state": state });
        event["occurred_at"] = json!(days_ago(days));
        event
    };
    let table =
        [("enabled", 9, 0), ("disabled", 5, 15), ("enabled", 7, 15), ("enabled", 1, 0), ("frozen", 3, 0)];
    for (number, (told, days, expected)) in table.into_iter().enumerate() {
        decided(&app, &state(&format!("evt-{number}"), told, days)).await;
        let after = decided(&app, &payout(&format!("pay-{number}"))).await;
        assert_eq!(points(&after, "ACCOUNT_RESTRICTED"), expected, "{told} {days} days ago: {after}");
    }
    let login = decided(&app, &events::quiet_login("evt-9", "ana")).await;
    assert_eq!(points(&login, "ACCOUNT_RESTRICTED"), 0, "signing in moves nothing: {login}");
}

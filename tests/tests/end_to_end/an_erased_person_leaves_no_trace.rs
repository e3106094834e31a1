//! A request to be forgotten: what is left names nobody, and still counts for everybody else.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::points;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// A sign-in from one device that several people use.
fn shared(id: &str, subject: &str) -> Value {
    let mut event = events::quiet_login(id, subject);
    event["device"] = json!({ "id": "the-shared-device", "ip": "203.0.113.9" });
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_trace_names_an_erased_subject_and_what_was_shared_stays_shared() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let neighbour = app.organisation("Another Shop").await.platform;
    neighbour.ingest(&shared("evt-1", "ana")).await.json(201);
    for (number, subject) in ["ana", "bob", "cleo", "dan", "ana"].into_iter().enumerate() {
        platform.ingest(&shared(&format!("evt-{number}"), subject)).await.json(201);
    }
    let before = platform.ingest(&shared("evt-before", "eve")).await.json(201);
    let own = format!("org_id = '{}'", app.shop.org_id);
    let named = format!("select count(*) from traces where subject_id = 'ana' and {own}");
    let traces = format!("select count(*) from traces where {own}");
    let people = format!("select count(distinct subject_id) from traces where {own}");
    let count = async |query: &str| app.database.count(query).await;
    let (named_before, traces_before, people_before) =
        (count(&named).await, count(&traces).await, count(&people).await);
    assert!(named_before >= 4, "a device and an address, twice: {named_before}");

    let erasure = json!({ "id": "erase-1", "type": "privacy.erasure_requested", "subject": { "id": "ana" } });
    assert!(platform.ingest(&erasure).await.status < 300);
    assert_eq!(count(&named).await, 0);
    assert_eq!((count(&traces).await, count(&people).await), (traces_before, people_before));
    let theirs = "select count(*) from traces where subject_id = 'ana'";
    assert!(count(theirs).await > 0, "nobody erases another organisation's traces");

    let after = platform.ingest(&shared("evt-after", "fay")).await.json(201);
    assert!(points(&before, "DEVICE_SHARED") > 0, "{before}");
    assert!(points(&after, "DEVICE_SHARED") >= points(&before, "DEVICE_SHARED"), "{after}");
    // who comes back is new, and leaves traces of their own again
    let back = platform.ingest(&shared("evt-back", "ana")).await.json(201);
    assert!(text(&back["session"]["id"]).starts_with("ses_"));
    assert!(count(&named).await > 0);
}

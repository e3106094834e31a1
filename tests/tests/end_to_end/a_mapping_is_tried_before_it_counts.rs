//! What settings make of a delivery can be seen before any is sent: by API, by page, and when a source is made.

use ase_engine::access::KeyScope;
use ase_tests::harness::app::operator;
use ase_tests::harness::{Person, TestApp};
use secrecy::SecretString;
use serde_json::{Value, json};

const TRY: &str = "/connectors/generic/try";

fn mapping() -> Value {
    json!({
        "id": { "path": "/no" },
        "type": { "cel": "item.kind == \"sale\" ? \"order.created\" : \"other\"" },
        "subject.id": { "jsonpath": "$.parties[?@.role=='buyer'].id" },
        "subject.email": { "path": "/mail" }
    })
}

fn body() -> Value {
    json!({
        "no": 1042, "kind": "sale", "mail": "ana@example.com", "note": "gift",
        "parties": [{ "role": "seller", "id": "s1" }, { "role": "buyer", "id": "user_42" }],
        "empty": null, "tags": ["a", "b"]
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_trial_shows_the_event_and_what_had_no_effect() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let tried = json!({ "settings": { "mapping": mapping() }, "body": body() });
    let answer = platform.post(TRY, &tried).await.json(200);
    let event = json!({ "id": "1042", "type": "order.created", "test": false,
        "subject": { "id": "user_42", "email": "ana@example.com" } });
    assert_eq!(
        (&answer["status"], &answer["events"], &answer["mistake"]),
        (&json!("events"), &json!([event]), &Value::Null)
    );
    // the seller's role is looked at, but any role other than the buyer's does as well
    let unmapped = json!(["/note", "/parties/0/id", "/parties/0/role", "/tags/0", "/tags/1"]);
    assert_eq!((&answer["unmapped"], &answer["unmapped_complete"]), (&unmapped, &json!(true)));
    assert_eq!(answer["problems"], json!([]));

    let ignored = json!({ "settings": { "mapping": mapping(), "when": "item.live" }, "body": "{\"no\": 1}" });
    let answer = platform.post(TRY, &ignored).await.json(200);
    assert_eq!(
        (&answer["status"], &answer["reason"]),
        (&json!("ignored"), &json!("setting `when` is not true"))
    );
    let refused = platform.post(TRY, &json!({ "body": "no json" })).await.json(200);
    assert_eq!(refused["refusal"]["message"], "the body is not JSON");
    assert_eq!(app.database.count("select count(*) from events").await, 0, "nothing is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn mistakes_are_named() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let wrong = |settings: Value| json!({ "settings": settings, "body": "{}" });
    let named = platform.post(TRY, &wrong(json!({ "mapping": { "subject.age": { "path": "/a" } } }))).await;
    let said = "setting `mapping`: `subject.age`: no field of an event is called so";
    assert_eq!(named.json(200)["mistake"], said);
    let scheme = platform.post(TRY, &wrong(json!({ "scheme": "hmac", "signed": "{time}.{body}" }))).await;
    let said = scheme.json(200)["mistake"].as_str().unwrap().to_owned();
    assert!(said.starts_with("setting `signed`: `{time}` needs"), "{said}");
    let unknown = platform.post(TRY, &wrong(json!({ "mappings": {} }))).await.problem(422, "invalid_field");
    assert_eq!(unknown["pointer"], "/settings/mappings");
    platform.post("/connectors/none/try", &json!({})).await.problem(404, "not_found");
    let events_alone = platform.with_key(&app.key(&[KeyScope::EventsWrite]).await);
    events_alone.post(TRY, &json!({})).await.problem(403, "missing_scope");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_analyst_tries_a_delivery_on_a_page() {
    let app = TestApp::start().await;
    let (email, password) = ("analyst@shop.example", "correct horse battery staple");
    let kept = SecretString::from(password);
    app.app.engine.create_user(&app.shop.org_id, email, "analyst", kept, &operator()).await.unwrap();
    let address = format!("{}/dashboard{TRY}", app.url);
    let outside = Person::new().open(&address).await;
    assert_eq!(outside.url.path(), "/dashboard/sign-in");

    let analyst = Person::new();
    let gate = analyst.open(&format!("{}/dashboard", app.url)).await;
    analyst.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", password)]).await;
    let list = analyst.open(&format!("{}/dashboard/connectors", app.url)).await;
    let list = list.showing(200, "Try a delivery");
    assert!(list.html.contains(&format!("href=\"/dashboard{TRY}\"")), "{}", list.html);
    let form = analyst.open(&address).await.showing(200, "Paste a delivery");
    let (mapping, body) = (mapping().to_string(), body().to_string());
    let typed = [("setting.mapping", mapping.as_str()), ("body", body.as_str()), ("headers", "x-a: b")];
    let shown = analyst.submit(&form, TRY, &typed).await.showing(200, "order.created");
    for part in ["user_42", "/parties/0/id", "subject.email", "Without effect"] {
        assert!(shown.html.contains(part), "{part}: {}", shown.html);
    }
    let wrong = [("setting.mapping", "{}"), ("body", "<script>")];
    analyst.submit(&form, TRY, &wrong).await.showing(200, "`subject.id` is missing");
    let sample = analyst.open(&format!("{address}?sample=2")).await.showing(200, "page_viewed");
    analyst.submit(&sample, TRY, &[]).await.showing(200, "order.paid");
    let forged = [("body", "{}"), ("form_token", "forged")];
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(analyst.send(&address, &forged, &own).await.status, 403);
}

//! Every route that takes an id, from the published description of the API, with the ids of another organisation: for
//! whoever is not the owner there is nothing there, and nothing has changed afterwards.

use std::collections::BTreeMap;

use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::asks_everybody;
use ase_tests::harness::{Answer, Person, TestApp, events, sign};
use secrecy::SecretString;
use serde_json::{Value, json};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const PASSWORD: &str = "correct horse battery staple";
/// Every role that a user can have.
const ROLES: [&str; 5] = ["owner", "admin", "analyst", "auditor", "developer"];

/// Routes whose path names no row of an organisation, and what they name instead.
const NOBODYS: [(&str, &str); 12] = [
    ("/webhooks/{connector}/{source_id}", "the source is its address; a signature opens it, no key"),
    ("/challenge/{session_id}", "the person's page, which no key opens"),
    ("/challenge/{session_id}/status", "the same"),
    ("/sdk/v1/{file}", "a published file"),
    ("/messages/{id}/status", "the provider of text messages, whose signature opens it"),
    ("/brand/texts/{language}", "a language in which everybody has words of their own"),
    ("/policies/{name}", "a name that everybody may give to a policy of their own"),
    ("/policies/{name}/versions", "the same"),
    ("/connectors/{id}", "connectors are the deployment's"),
    ("/connectors/{id}/comparison", "connectors are the deployment's"),
    ("/connectors/{id}/{step}", "connectors are the deployment's"),
    ("/connectors/{id}/try", "connectors are the deployment's, and what is tried is in the body"),
];

/// What the owner has: ids by the place where they stand in a path, and by the first word of the path.
type Ids = BTreeMap<(&'static str, &'static str), String>;

async fn ids(app: &TestApp) -> Ids {
    let platform = &app.shop.platform;
    let (session, _) = app.until_the_token(&events::risky_payout("evt-1", "ana")).await;
    let label = platform.request("PUT", &format!("/sessions/{session}/label"));
    Answer::of(label.json(&json!({ "label": "good" }))).await.json(200);
    let source = app.source("generic", json!({}), SECRET).await;
    let secrets = platform.get(&format!("/sources/{}/secrets", source.id)).await.json(200);
    let secret = text(&secrets["secrets"][0]["secret_id"]);
    let body = events::quiet_login("evt-2", "bob").to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), &body);
    platform.webhook(&source.url, &headers, &body).await.json(200);
    let delivery = platform.get("/deliveries").await.json(200)["deliveries"][0]["delivery_id"].clone();
    let entry = json!({ "list": "deny", "kind": "destination", "value": "iban:DE1", "reason": "reported" });
    let entry = platform.post("/lists/entries", &entry).await.json(201)["entries"][0]["entry_id"].clone();
    let mut policy = asks_everybody();
    policy["name"] = json!("payouts");
    let version = platform.add_policy(&policy).await.json(201);
    app.settled().await;
    Ids::from([
        (("sessions", "id"), session.clone()),
        (("decisions", "session_id"), session),
        (("deliveries", "id"), text(&delivery)),
        (("lists", "id"), text(&entry)),
        (("sources", "id"), source.id),
        (("sources", "secret_id"), secret),
        (("policies", "name"), "payouts".to_owned()),
        (("policies", "version"), version["version"].to_string()),
        (("policies", "step"), "shadow".to_owned()),
    ])
}

/// The path with the owner's ids; and with ids that nobody has.
fn filled(path: &str, ids: &Ids) -> (String, String) {
    let room = path.split('/').nth(1).unwrap();
    let name_of = |step: &str| Some(step.strip_prefix('{')?.strip_suffix('}')?.to_owned());
    let fill = |missing: bool| {
        let steps = path.split('/').map(|step| match name_of(step) {
            None => step.to_owned(),
            Some(name) => {
                let known = ids.iter().find(|((at, of), _)| *at == room && *of == name);
                let known = known.unwrap_or_else(|| panic!("{path}: what does {{{name}}} name?")).1;
                match name.as_str() {
                    "step" => known.clone(),
                    "version" if missing => "7".to_owned(),
                    _ if missing => format!("{known}x"),
                    _ => known.clone(),
                }
            }
        });
        steps.collect::<Vec<_>>().join("/")
    };
    (fill(false), fill(true))
}

/// A body with which the owner's own call would be taken.
fn body(path: &str) -> Value {
    match path {
        "/sessions/{id}/label" => json!({ "label": "scam" }),
        "/sessions/{id}/ruling" => json!({ "ruling": "release" }),
        "/sources/{id}/pin" => json!({ "digest": "5d41402abc" }),
        _ => json!({}),
    }
}

/// Everything that the owner can read of what is named by an id.
async fn state(app: &TestApp) -> String {
    let mut state = String::new();
    for table in
        ["session_labels", "list_entries", "deliveries", "policies", "sources", "source_secrets", "sessions"]
    {
        let query = format!("select string_agg(t::text, ' ' order by t::text) from {table} t");
        state.push_str(&app.database.text(&query).await);
    }
    state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_route_takes_the_id_of_another_organisation() {
    let app = TestApp::start().await;
    let ids = ids(&app).await;
    let stranger = app.organisation("Another Shop").await.platform;
    let before = state(&app).await;
    let document = stranger.get("/openapi.json").await.json(200);
    for (path, why) in NOBODYS {
        assert!(document["paths"][path].is_object(), "{path} ({why}) is no route any more");
    }
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if !path.contains('{') || NOBODYS.iter().any(|(known, _)| known == path) {
            continue;
        }
        let (theirs, missing) = filled(path, &ids);
        for method in methods.as_object().unwrap().keys() {
            if !["get", "post", "put", "delete"].contains(&method.as_str()) {
                continue;
            }
            let call = async |path_with_ids: &str| {
                let request = stranger.request(&method.to_uppercase(), path_with_ids);
                Answer::of(if method == "get" { request } else { request.json(&body(path)) }).await
            };
            let (foreign, nobodys) = (call(&theirs).await, call(&missing).await);
            if path.ends_with("/pin") {
                // pins are the deployment's: no key of an organisation has their scopes by itself
                foreign.problem(403, "missing_scope");
            } else {
                foreign.problem(404, "not_found");
            }
            let alike = (foreign.status, &foreign.text) == (nobodys.status, &nobodys.text);
            assert!(alike, "{method} {path}: {} {}", foreign.text, nobodys.text);
            tried += 1;
        }
    }
    assert!(tried >= 18, "{tried} routes with ids");
    assert_eq!(state(&app).await, before, "and nothing has changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_body_and_no_filter_takes_the_id_of_another_organisation() {
    let app = TestApp::start().await;
    let ids = ids(&app).await;
    let stranger = app.organisation("Another Shop").await.platform;
    let open = app.shop.platform.ingest(&events::risky_payout("evt-3", "cem")).await.json(201);
    let open = text(&open["session"]["id"]);
    let before = state(&app).await;
    for session in [&open, &ids[&("sessions", "id")]] {
        let calls = [
            ("/checkpoint/intent", json!({ "session_id": session, "intent": "guided" })),
            ("/checkpoint/respond", json!({ "session_id": session, "code": "123456" })),
            ("/checkpoint/resend", json!({ "session_id": session })),
            ("/checkpoint/report", json!({ "session_id": session, "channel": "phone", "contact": "x" })),
        ];
        for (path, body) in calls {
            stranger.post(path, &body).await.problem(404, "not_found");
        }
    }
    let (delivery, source) = (&ids[&("deliveries", "id")], &ids[&("sources", "id")]);
    for chosen in [json!({ "delivery_ids": [delivery] }), json!({ "source_id": source })] {
        assert_eq!(stranger.post("/deliveries/replay", &chosen).await.json(200)["deliveries"], 0);
    }
    for (path, list) in [
        (format!("/deliveries?source_id={source}"), "deliveries"),
        ("/sessions?subject_id=ana".to_owned(), "sessions"),
        ("/lists/entries?active=false".to_owned(), "entries"),
    ] {
        assert_eq!(stranger.get(&path).await.json(200)[list], json!([]), "{path}");
    }
    assert_eq!(state(&app).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_role_sees_a_page_of_another_organisation() {
    let app = TestApp::start().await;
    let ids = ids(&app).await;
    let other = app.organisation("Another Shop").await;
    let before = state(&app).await;
    let (session, delivery) = (&ids[&("sessions", "id")], &ids[&("deliveries", "id")]);
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    for role in ROLES {
        let email = format!("{role}@another.example");
        let password = SecretString::from(PASSWORD);
        app.app.engine.create_user(&other.org_id, &email, role, password, &operator()).await.unwrap();
        let person = Person::new();
        let gate = person.open(&format!("{}/dashboard", app.url)).await;
        let fields = [("email", email.as_str()), ("password", PASSWORD)];
        let list = person.submit(&gate, "/dashboard/sign-in", &fields).await.showing(200, &email);
        let token = list.form("/dashboard/sign-out").fields["form_token"].clone();
        for path in [format!("/dashboard/sessions/{session}"), format!("/dashboard/deliveries/{delivery}")] {
            let foreign = person.open(&format!("{}{path}", app.url)).await;
            let missing = person.open(&format!("{}{path}x", app.url)).await;
            assert_eq!((foreign.status, missing.status), (404, 404), "{role} {path}");
            assert!(!foreign.html.contains(session.as_str()) && !foreign.html.contains("Example Shop"));
        }
        let form = [("form_token", token.as_str()), ("label", "scam")];
        for path in [
            format!("/dashboard/sessions/{session}/label"),
            format!("/dashboard/deliveries/{delivery}"),
            format!("/dashboard/deliveries/{delivery}/replay"),
        ] {
            let answer = person.send(&format!("{}{path}", app.url), &form, &own).await;
            assert!(matches!(answer.status, 403 | 404), "{role} {path}: {}", answer.status);
        }
    }
    assert_eq!(state(&app).await, before);
}

//! One connector, written in Rust, in JavaScript (with either engine inside) and in Python: the same signatures are
//! demanded, the same events come out, and the same is decided.

use std::collections::BTreeMap;

use ase_engine::event::Draft;
use ase_host::connectors::{Delivery, Received};
use ase_tests::harness::guest::LANGUAGES;
use ase_tests::harness::sign::{self, Headers};
use ase_tests::harness::{Answer, Setup, Source, Tenant, TestApp, fixtures, guest};
use serde_json::{Value, json};

const SECRET: &str = "It's a Secret to Everybody";

/// A server that has all of them, from files.
async fn polyglot() -> TestApp {
    TestApp::start_with(Setup { connectors_dir: Some(guest::languages()), ..Setup::default() }).await
}

/// An organisation that hears of GitHub through one of them. What it knows of a person, the others do not.
struct Listener {
    tenant: Tenant,
    source: Source,
}

impl Listener {
    async fn each(app: &TestApp) -> Vec<Self> {
        let mut listeners = Vec::new();
        for language in LANGUAGES {
            let tenant = app.organisation(language).await;
            let source = app.source_of(&tenant, language, json!({}), SECRET).await;
            listeners.push(Self { tenant, source });
        }
        listeners
    }

    async fn hears(&self, headers: &Headers, body: &[u8]) -> Answer {
        self.tenant.platform.webhook(&self.source.url, headers, body).await
    }
}

/// The headers of a delivery as GitHub sends them.
fn signed(secret: &str, event: &str, delivery: &str, body: &[u8]) -> Headers {
    let mut headers = sign::github(secret, body);
    headers.push(("x-github-event".to_owned(), event.to_owned()));
    headers.push(("x-github-delivery".to_owned(), delivery.to_owned()));
    headers
}

/// An answer without what is new each time: ids, and links with ids in them.
fn comparable(answer: &Answer) -> (u16, Value) {
    let mut shown: Value = serde_json::from_str(&answer.text).unwrap();
    strip(&mut shown);
    (answer.status, shown)
}

fn strip(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        let own = ["session_id", "challenge_url", "delivery_id", "request_id", "instance"];
        fields.retain(|name, _| !own.contains(&name.as_str()));
        fields.values_mut().for_each(strip);
    }
    value.as_array_mut().into_iter().flatten().for_each(strip);
}

/// The outcome that a case expects, in the host's words.
fn expected(expect: &Value) -> Value {
    match expect["events"].as_array() {
        Some(events) => {
            let drafts = events.iter().map(|event| serde_json::from_value::<Draft>(event.clone()).unwrap());
            json!({ "events": drafts.collect::<Vec<_>>() })
        }
        None => expect.clone(),
    }
}

fn shown(answer: &Received) -> Value {
    match answer {
        Received::Events(events) => json!({ "events": events }),
        Received::Ignored { reason } => json!({ "ignored": reason }),
        Received::Refused(refusal) => {
            let mut shown = json!({ "reason": refusal.reason.as_str(), "message": refusal.message });
            if let Some(pointer) = &refusal.pointer {
                shown["pointer"] = json!(pointer);
            }
            json!({ "refused": shown })
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_case_has_one_answer_in_every_language() {
    let app = polyglot().await;
    let cases = guest::cases();
    assert!(cases.len() > 40, "{} cases", cases.len());
    for case in &cases {
        let headers: BTreeMap<String, String> = serde_json::from_value(case["headers"].clone()).unwrap();
        let delivery = Delivery {
            headers: headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect(),
            body: case["body"].as_str().unwrap().to_owned().into(),
            ..Delivery::default()
        };
        for language in LANGUAGES {
            let name = format!("{}, {language}", case["name"]);
            let answer = app.app.connectors.renormalize(language, &delivery).await.expect(&name);
            assert_eq!(shown(&answer.received), expected(&case["expect"]), "{name}");
            let again = app.app.connectors.renormalize(language, &delivery).await.expect(&name);
            assert_eq!(answer, again, "{name}: the second time");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_signed_delivery_is_decided_alike() {
    let app = polyglot().await;
    let listeners = Listener::each(&app).await;
    let mut events = 0;
    for (number, (event, content_type, body)) in deliveries().iter().enumerate() {
        let mut headers = signed(SECRET, event, &format!("delivery-{number}"), body);
        headers.push(("content-type".to_owned(), (*content_type).to_owned()));
        let mut answers = Vec::new();
        for listener in &listeners {
            let answer = listener.hears(&headers, body).await;
            let again = listener.hears(&headers, body).await;
            assert_eq!(again.status, answer.status, "{event}: the second time: {}", again.text);
            answers.push(comparable(&answer));
        }
        for (answer, language) in answers.iter().zip(LANGUAGES) {
            assert_eq!(*answer, answers[0], "{event}, {language}");
        }
        let (status, answer) = &answers[0];
        assert_eq!(*status, 200, "{event}: {answer}");
        events += i64::from(answer["status"] == "accepted");
    }
    // what was read is written down with its digest, over every field of it
    let kept = "select count(*) from events";
    let languages = i64::try_from(LANGUAGES.len()).unwrap();
    assert_eq!(
        app.database.count(kept).await,
        languages * events,
        "an event that is sent again is not a second one"
    );
    let alike = format!(
        "select count(*) from (select 1 from events group by event_id, event_type, request_digest
        having count(*) = {languages}) alike"
    );
    assert_eq!(app.database.count(&alike).await, events, "an event differs between the languages");
    let opened = "select count(*) from events where category = 'credential' and sensitive";
    assert!(
        app.database.count(opened).await >= languages,
        "a key that was let in is weighed as a credential"
    );
}

/// What GitHub publishes, where it is at hand, and what the cases hold: event, content type and body.
fn deliveries() -> Vec<(String, &'static str, Vec<u8>)> {
    let (plain, form) = ("application/json", "application/x-www-form-urlencoded");
    let mut all = Vec::new();
    for (event, file) in [
        ("ping", "generic/github.ping.payload.json"),
        ("member", "generic/github.member.added.json"),
        ("secret_scanning_alert", "generic/github.secret_scanning_alert.reopened.json"),
        ("push", "generic/github.push.payload.json"),
    ] {
        let Some(body) = fixtures::body(file) else { break };
        let escaped: String = url::form_urlencoded::byte_serialize(&body).collect();
        all.push((event.to_owned(), plain, body));
        // The same event in another body; a person may choose either form for a hook.
        all.push((event.to_owned(), form, format!("payload={escaped}").into_bytes()));
    }
    let told = guest::cases()
        .into_iter()
        .filter(|case| case["expect"]["events"].is_array() && case["headers"]["content-type"].is_null());
    all.extend(told.map(|case| {
        let event = case["headers"]["x-github-event"].as_str().unwrap().to_owned();
        (event, plain, case["body"].as_str().unwrap().as_bytes().to_vec())
    }));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_not_signed_is_refused_in_every_language() {
    let app = polyglot().await;
    let body = br#"{"action":"deleted","repository":{"id":1},"sender":{"id":3}}"#;
    let good = signed(SECRET, "repository", "delivery-1", body);
    let without: Headers = good.iter().filter(|(name, _)| name != "x-hub-signature-256").cloned().collect();
    let with = |value: &str| {
        let mut headers = without.clone();
        headers.push(("x-hub-signature-256".to_owned(), value.to_owned()));
        headers
    };
    let twice = [good.clone(), sign::github("another secret", body)].concat();
    let mut tampered = body.to_vec();
    tampered.push(b' ');
    let refused: [(&str, Headers, &[u8]); 7] = [
        ("another secret", signed("another secret", "repository", "delivery-1", body), body),
        ("another body", good.clone(), &tampered),
        ("no signature", without.clone(), body),
        ("another scheme", with("sha1=d5a5d5f7a1f24ae5ba1d8b5d5d7f4c5b0e3a1c11"), body),
        ("half a signature", with("sha256=0011"), body),
        ("no digits", with(&format!("sha256={}", "z".repeat(64))), body),
        ("two signatures", twice, body),
    ];
    for listener in Listener::each(&app).await {
        for (what, headers, body) in &refused {
            let answer = listener.hears(headers, body).await;
            let told = answer.problem(401, "unauthenticated_delivery");
            assert!(!told.to_string().contains(SECRET), "{what}: {told}");
        }
        assert_eq!(listener.hears(&good, body).await.json(200)["status"], "accepted");
    }
    let languages = i64::try_from(LANGUAGES.len()).unwrap();
    assert_eq!(app.database.count("select count(*) from events").await, languages);
}

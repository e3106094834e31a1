//! What platforms with a connector of their own send, signed as their documentation says, over HTTP: taken once, and
//! never when it is forged.

use ase_engine::provisioning::NewSource;
use ase_tests::harness::app::operator;
use ase_tests::harness::sign::{self, Headers};
use ase_tests::harness::{Answer, Source, TestApp};
use secrecy::SecretString;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const SECRET: &str = "It's a <secret> & more";
/// A key as Adyen hands it out.
const KEY: &str = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";
const OTHER_KEY: &str = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";

const BATCH: &str = include_str!("../../../connectors/adyen/samples/batch.json");
const SWEEP: &str = include_str!("../../../connectors/adyen/samples/sweep.json");
const KEY_ADDED: &str = include_str!("../../../connectors/github/samples/deploy_key.json");
const ACCOUNT: &str = include_str!("../../../connectors/square/samples/bank_account.json");
const ORDER: &str = include_str!("../../../connectors/woocommerce/samples/order.json");

/// Headers and body as they are sent: secret, address, body.
type Signs = fn(&str, &str, &[u8]) -> (Headers, Vec<u8>);

/// One way in which a platform sends something.
struct Sender {
    connector: &'static str,
    content_type: &'static str,
    /// The source's secret, and another one.
    secrets: [&'static str; 2],
    body: fn() -> Vec<u8>,
    sign: Signs,
    /// What a forger changes in the body.
    change: (&'static str, &'static str),
    /// How many events are in it.
    events: i64,
}

const SENDERS: [Sender; 6] = [
    Sender {
        connector: "adyen",
        content_type: JSON,
        secrets: [KEY, OTHER_KEY],
        body: || BATCH.into(),
        sign: |key, _, body| (Headers::new(), sign::adyen(key, body)),
        change: ("\"value\":19900", "\"value\":1"),
        events: 4,
    },
    Sender {
        connector: "adyen",
        content_type: JSON,
        secrets: [KEY, OTHER_KEY],
        body: || SWEEP.into(),
        sign: |key, _, body| (sign::adyen_platform(key, body), body.to_vec()),
        change: ("\"push\"", "\"pull\""),
        events: 1,
    },
    Sender {
        connector: "github",
        content_type: JSON,
        secrets: [SECRET, "another"],
        body: || KEY_ADDED.into(),
        sign: |secret, _, body| (github(secret, "delivery-1", body), body.to_vec()),
        change: ("186853002", "186853003"),
        events: 1,
    },
    Sender {
        connector: "github",
        content_type: FORM,
        secrets: [SECRET, "another"],
        body: || {
            let escaped: String = url::form_urlencoded::byte_serialize(KEY_ADDED.as_bytes()).collect();
            format!("payload={escaped}").into_bytes()
        },
        sign: |secret, _, body| (github(secret, "delivery-2", body), body.to_vec()),
        change: ("186853002", "186853003"),
        events: 1,
    },
    Sender {
        connector: "square",
        content_type: JSON,
        secrets: [SECRET, "another"],
        body: || ACCOUNT.into(),
        sign: |secret, url, body| (sign::square(secret, url, body), body.to_vec()),
        change: ("bact:ase_1", "bact:ase_2"),
        events: 1,
    },
    Sender {
        connector: "woocommerce",
        content_type: JSON,
        secrets: [SECRET, "another"],
        body: || ORDER.into(),
        sign: |secret, _, body| (sign::woocommerce(secret, "order.created", body), body.to_vec()),
        change: ("820982911946154508", "820982911946154509"),
        events: 1,
    },
];

/// GitHub repeats a delivery's id when it is delivered again.
fn github(secret: &str, delivery: &str, body: &[u8]) -> Headers {
    let mut headers = sign::github(secret, body);
    headers.push(("x-github-event".to_owned(), "deploy_key".to_owned()));
    headers.push(("x-github-delivery".to_owned(), delivery.to_owned()));
    headers
}

/// A source whose operator accepts that Adyen signs a part of what it sends.
async fn source(app: &TestApp, connector: &str, settings: Value, secret: &str) -> Source {
    let new = NewSource {
        connector: connector.to_owned(),
        name: format!("the {connector} of the shop"),
        settings,
        secret: Some(SecretString::from(secret)),
        tolerance_seconds: 300,
        allow_sha1: false,
        accept_partial: connector == "adyen",
    };
    let (id, _) = app.app.engine.create_source(&app.shop.org_id, new, &operator()).await.unwrap();
    Source { url: format!("{}/webhooks/{connector}/{id}", app.url), id, secret: secret.to_owned() }
}

async fn send(app: &TestApp, url: &str, content_type: &str, headers: &Headers, body: &[u8]) -> Answer {
    let typed = [headers.clone(), vec![("content-type".to_owned(), content_type.to_owned())]].concat();
    app.shop.platform.webhook(url, &typed, body).await
}

/// Events and deliveries.
async fn kept(app: &TestApp) -> (i64, i64) {
    let events = app.database.count("select count(*) from events").await;
    (events, app.database.count("select count(*) from deliveries").await)
}

/// The text with every `from` turned into `to`.
fn changed(body: &[u8], (from, to): (&str, &str)) -> Vec<u8> {
    let text = str::from_utf8(body).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replace(from, to).into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_signed_is_taken_once_and_what_is_forged_never() {
    let app = TestApp::start().await;
    for sender in SENDERS {
        let Sender { connector, content_type, secrets: [secret, other], .. } = sender;
        let source = source(&app, connector, json!({}), secret).await;
        let before = kept(&app).await;
        let body = (sender.body)();
        let (headers, sent) = (sender.sign)(secret, &source.url, &body);
        let (by_another, sent_by_another) = (sender.sign)(other, &source.url, &body);
        let unsigned: Headers =
            headers.iter().filter(|(name, _)| !name.contains("signature")).cloned().collect();
        let forgeries = [
            ("another secret", &by_another, sent_by_another),
            ("another body", &headers, changed(&sent, sender.change)),
            ("no signature", &unsigned, body.clone()),
        ];
        for (what, headers, body) in forgeries {
            let told = send(&app, &source.url, content_type, headers, &body).await;
            let told = told.problem(401, "unauthenticated_delivery").to_string();
            assert!(!told.contains(secret), "{connector}, {what}: {told}");
            assert_eq!(kept(&app).await, before, "{connector}, {what}: something is kept");
        }
        for duplicate in [false, true] {
            // whoever sends again signs again
            let (headers, sent) = (sender.sign)(secret, &source.url, &body);
            let told = send(&app, &source.url, content_type, &headers, &sent).await.json(200);
            assert_eq!(
                (&told["status"], &told["duplicate"]),
                (&json!("accepted"), &json!(duplicate)),
                "{told}"
            );
            let (events, _) = kept(&app).await;
            assert_eq!(events, before.0 + sender.events, "{connector}, {duplicate}: {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn one_forged_item_spoils_the_batch() {
    let app = TestApp::start().await;
    let source = source(&app, "adyen", json!({}), KEY).await;
    let signed: Value = serde_json::from_slice(&sign::adyen(KEY, BATCH.as_bytes())).unwrap();
    for forged in 0..4 {
        let mut batch = signed.clone();
        batch["notificationItems"][forged]["NotificationRequestItem"]["amount"]["value"] = json!(1);
        let body = batch.to_string().into_bytes();
        let told = send(&app, &source.url, JSON, &Headers::new(), &body).await;
        told.problem(401, "unauthenticated_delivery");
        assert_eq!(kept(&app).await, (0, 0), "of the batch whose item {forged} is forged, something is kept");
    }
    let body = signed.to_string().into_bytes();
    assert_eq!(send(&app, &source.url, JSON, &Headers::new(), &body).await.json(200)["status"], "accepted");
    assert_eq!(kept(&app).await, (4, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_ping_of_a_new_webhook_is_answered_and_nothing_comes_of_it() {
    let app = TestApp::start().await;
    let source = source(&app, "woocommerce", json!({}), SECRET).await;
    let ping = send(&app, &source.url, FORM, &Headers::new(), b"webhook_id=5").await;
    assert_eq!((ping.status, ping.header("content-type"), ping.text.as_str()), (200, "text/plain", ""));
    let forged = sign::woocommerce("another", "order.created", b"webhook_id=5");
    let told = send(&app, &source.url, FORM, &forged, b"webhook_id=5").await;
    told.problem(401, "unauthenticated_delivery");
    for more in ["webhook_id=5&status=completed", "webhook_id=x", "{\"webhook_id\":5}", ORDER] {
        let told = send(&app, &source.url, FORM, &Headers::new(), more.as_bytes()).await;
        told.problem(401, "unauthenticated_delivery");
    }
    assert_eq!(kept(&app).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_address_is_signed_as_the_world_knows_it() {
    let app = TestApp::start().await;
    let node = app.node_called("https://ase.example").await;
    let source = source(&app, "square", json!({}), SECRET).await;
    let path = source.url.strip_prefix(&app.url).unwrap();
    let (here, known) = (format!("{}{path}", node.url), format!("https://ase.example{path}"));
    let body = ACCOUNT.as_bytes();
    let forged =
        [here.clone(), source.url.clone(), format!("{known}/"), format!("{known}?a=1"), String::new()];
    for url in forged {
        let told = send(&app, &here, JSON, &sign::square(SECRET, &url, body), body).await;
        told.problem(401, "unauthenticated_delivery");
    }
    // what a sender says of the address is not believed
    let mut elsewhere = sign::square(SECRET, &format!("https://evil.example{path}"), body);
    for (name, value) in [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")] {
        elsewhere.push((name.to_owned(), value.to_owned()));
    }
    send(&app, &here, JSON, &elsewhere, body).await.problem(401, "unauthenticated_delivery");
    assert_eq!(kept(&app).await, (0, 0));

    let signed = sign::square(SECRET, &known, body);
    assert_eq!(send(&app, &here, JSON, &signed, body).await.json(200)["status"], "accepted");
    // the query is a part of the address
    let signed = sign::square(SECRET, &format!("{known}?shop=7"), body);
    let again = send(&app, &format!("{here}?shop=7"), JSON, &signed, body).await.json(200);
    assert_eq!(again["duplicate"], true, "{again}");
    assert_eq!(kept(&app).await.0, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_address_that_was_entered_at_square_can_be_told() {
    let app = TestApp::start().await;
    let entered = "https://relay.example/square";
    let source = source(&app, "square", json!({ "notification_url": entered }), SECRET).await;
    let body = ACCOUNT.as_bytes();
    let own = sign::square(SECRET, &source.url, body);
    send(&app, &source.url, JSON, &own, body).await.problem(401, "unauthenticated_delivery");
    let signed = sign::square(SECRET, entered, body);
    assert_eq!(send(&app, &source.url, JSON, &signed, body).await.json(200)["status"], "accepted");
}

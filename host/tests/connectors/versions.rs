//! Components of both versions of the interface side by side, and what either may not be.

use ase_host::connectors::{Delivery, Received};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::guests::{Bench, MODERN, ROGUE, SECRET, changed, signed, trust, written};

const URL: &str = "https://ase.example/webhooks/modern/src_1?b=2&a=1";

async fn both() -> Bench {
    Bench::with(&[("rogue.wasm", &ROGUE), ("modern.wasm", &MODERN)]).await
}

/// A delivery of the body `7` whose signature covers these bytes.
fn signed_over(message: &str, claim: &str) -> Delivery {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let mut delivery = signed("7", &[("claim", claim)]);
    delivery.headers[0].1 = mac.finalize().into_bytes().to_vec();
    (delivery.url, delivery.query) = (URL.to_owned(), "b=2&a=1".to_owned());
    delivery
}

async fn received(bench: &Bench, id: &str, delivery: &Delivery) -> Received {
    bench.connectors.receive(id, delivery, &trust()).await.unwrap().received
}

#[tokio::test]
async fn the_same_signed_request_goes_through_both_versions() {
    let bench = both().await;
    let mut forged = signed("7", &[]);
    forged.body = "8".into();
    let mut ids = Vec::new();
    for id in ["rogue", "modern"] {
        let Received::Events(events) = received(&bench, id, &signed("7", &[])).await else {
            panic!("{id} made no event");
        };
        ids.push((events[0].id.clone(), events[0].event_type.clone(), events[0].subject.id.clone()));
        assert!(matches!(received(&bench, id, &forged).await, Received::Unauthenticated(_)), "{id}");
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn signature_over_the_address_or_the_query_is_checked() {
    let bench = both().await;
    for (claim, message) in [("url", format!("{URL}7")), ("query", "b=2&a=17".to_owned())] {
        let right = signed_over(&message, claim);
        let Received::Events(events) = received(&bench, "modern", &right).await else {
            panic!("{claim}: no event");
        };
        assert_eq!(events[0].attributes["url"], URL);
        let elsewhere = Delivery { url: URL.replace("src_1", "src_2"), query: "a=1".to_owned(), ..right };
        let answer = received(&bench, "modern", &elsewhere).await;
        assert!(matches!(answer, Received::Unauthenticated(_)), "{claim}: {answer:?}");
    }
    let nowhere = Delivery { url: String::new(), ..signed_over("7", "url") };
    assert!(matches!(received(&bench, "modern", &nowhere).await, Received::Unauthenticated(_)));
}

#[tokio::test]
async fn unsigned_greeting_is_answered_and_nothing_else_comes_of_it() {
    let bench = both().await;
    let greeting = Delivery { body: "hello".into(), query: "echo me".to_owned(), ..Delivery::default() };
    let answer = received(&bench, "modern", &greeting).await;
    let plain = "text/plain".to_owned();
    assert_eq!(answer, Received::Greeted { status: 200, content_type: plain, body: b"echo me".to_vec() });
}

#[tokio::test]
async fn greeting_that_shows_a_page_or_much_is_a_fault_and_kept_by_nobody() {
    let bench = both().await;
    for (body, query) in [("hello, page", String::new()), ("hello", "x".repeat(1025))] {
        let greeting = Delivery { body: body.into(), query, ..Delivery::default() };
        let error = bench.connectors.receive("modern", &greeting, &trust()).await.unwrap_err();
        assert_eq!((error.fault.kind(), error.verified), ("wrong_shape", false));
    }
}

#[tokio::test]
async fn greeting_that_no_operator_could_know_of_is_not_answered() {
    let silent = changed(&MODERN, "modern", "greets = true\n", "");
    let bench = Bench::with(&[("modern.wasm", &silent)]).await;
    let greeting = Delivery { body: "hello".into(), ..Delivery::default() };
    let answer = received(&bench, "modern", &greeting).await;
    assert!(matches!(&answer, Received::Unauthenticated(why) if why.contains("greets = true")), "{answer:?}");
}

#[tokio::test]
async fn manifest_of_another_version_than_the_component_is_told_both() {
    let bench = both().await;
    let wrong = changed(&MODERN, "modern", "api = \"0.2\"", "api = \"0.1\"");
    let reason = bench.connectors.check(&wrong).await.unwrap_err().to_string();
    let said =
        "exports ase:connector/normalizer@0.2.0, and its manifest says api = \"0.1\": build it against";
    assert!(reason.starts_with(said), "{reason}");
}

#[tokio::test]
async fn unknown_version_names_those_that_are_spoken() {
    let bench = both().await;
    let component = r#"(component (instance $it) (export "ase:connector/normalizer@0.3.0" (instance $it)))"#;
    for (api, said) in [("0.2", "0.3.0"), ("0.3", "0.3")] {
        let manifest = format!(
            "id = \"new\"\nversion = \"1.0.0\"\napi = \"{api}\"\ntitle = \"A later one\"\nprovider = \"none\""
        );
        let reason = bench.connectors.check(&written(component, &manifest)).await.unwrap_err().to_string();
        let expected = format!("speaks ase:connector {said}, and this build speaks 0.1 and 0.2: upgrade ase");
        assert!(reason.starts_with(&expected), "{reason}");
    }
}

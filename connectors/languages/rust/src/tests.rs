//! Every case of `../cases.json` against the sources themselves, without WebAssembly.

use serde_json::{Map, Value, json};

use crate::Connector;
use crate::bindings::exports::ase::connector::normalizer::{
    Delivery, Event, Guest, Header, Outcome, Part, Refusal, RefusalReason,
};

fn delivery(headers: &[(&str, &str)], body: &str) -> Delivery {
    let header =
        |(name, value): &(&str, &str)| Header { name: (*name).into(), value: value.as_bytes().into() };
    Delivery {
        id: "case".to_owned(),
        received_at: 0.0,
        headers: headers.iter().map(header).collect(),
        query: String::new(),
        body: body.as_bytes().to_vec(),
        settings: Vec::new(),
    }
}

/// An answer as the cases write it: without what is absent.
fn written(answer: Result<Outcome, Refusal>) -> Value {
    match answer {
        Ok(Outcome::Events(events)) => json!({ "events": events.iter().map(event).collect::<Vec<_>>() }),
        Ok(Outcome::Ignored(reason)) => json!({ "ignored": reason }),
        Ok(Outcome::Reply(_)) => panic!("nothing to reply to"),
        Err(Refusal { reason, message, pointer }) => {
            let reason = match reason {
                RefusalReason::Malformed => "malformed",
                RefusalReason::UnsupportedTopic => "unsupported-topic",
                other => panic!("{other:?}: {message}"),
            };
            json!({ "refused": present(json!({ "reason": reason, "message": message, "pointer": pointer })) })
        }
    }
}

fn event(event: &Event) -> Value {
    assert!(event.device.is_none() && event.signals.is_empty() && event.return_url.is_none());
    let action = event.action.as_ref().unwrap();
    let attributes = event.attributes.iter().map(|found| (found.name.clone(), json!(found.value)));
    present(json!({
        "id": event.id,
        "type": event.type_,
        "occurred_at": event.occurred_at,
        "subject": present(json!({ "id": event.subject.id, "name": event.subject.name })),
        "action": present(json!({ "description": action.description })),
        "links": event.links.iter().map(|link| json!({ "type": link.type_, "id": link.id })).collect::<Vec<_>>(),
        "signals": [],
        "changes": event.changes.iter().map(|change| json!({ "field": change.field })).collect::<Vec<_>>(),
        "attributes": attributes.collect::<Map<_, _>>(),
        "test": event.test,
    }))
}

/// The object without what is null.
fn present(mut object: Value) -> Value {
    object.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    object
}

#[test]
fn every_case_has_its_answer() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../cases.json")).unwrap();
    assert!(cases.len() > 40, "{} cases", cases.len());
    for case in cases {
        let headers = case["headers"].as_object().unwrap().iter();
        let headers: Vec<_> = headers.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let said = || written(Connector::normalize(delivery(&headers, case["body"].as_str().unwrap())));
        assert_eq!(said(), case["expect"], "{}", case["name"]);
        assert_eq!(said(), said(), "{}: the same again", case["name"]);
    }
}

#[test]
fn a_signature_becomes_a_claim_over_the_whole_body() {
    let signed = |value: &str| Connector::authenticate(delivery(&[("x-hub-signature-256", value)], ""));
    let claims = signed(&format!("sha256={}", "0aF9".repeat(16))).unwrap();
    assert_eq!(claims[0].signatures, [[0x0a, 0xf9].repeat(16)]);
    assert!(matches!(claims[0].message[..], [Part::Body]) && claims.len() == 1);
    let wrong = [
        String::new(),
        "sha256=".to_owned(),
        format!("sha1={}", "0".repeat(40)),
        format!("sha256={}g", "0".repeat(63)),
        format!("sha256={}", "0".repeat(65)),
    ];
    for wrong in wrong {
        assert!(
            matches!(signed(&wrong), Err(Refusal { reason: RefusalReason::Unauthenticated, .. })),
            "{wrong}"
        );
    }
    assert!(Connector::authenticate(delivery(&[], "")).is_err());
}

//! What rules can do, and which mistakes in a setting are named.

use serde_json::{Value, json};

use super::given::{delivery, event, events, refusal};
use crate::Generic;
use crate::payload::FIELDS;
use crate::wit::{Delivery, Guest, Outcome, RefusalReason};

fn mapped(mapping: &Value, body: &Value) -> Delivery {
    let mapping = mapping.to_string();
    delivery(
        &[("x-from", "Shop"), ("webhook-id", "msg_1")],
        &[("mapping", &mapping)],
        body.to_string().as_bytes(),
    )
}

/// What a rule makes of a body, seen through an attribute.
fn found(rule: Value, body: &Value) -> Option<String> {
    let mut entry = rule;
    entry["name"] = json!("it");
    let mapping = json!({ "subject.id": { "value": "s" }, "attributes": [entry] });
    event(mapped(&mapping, body)).attributes.pop().map(|attribute| attribute.value)
}

#[test]
fn every_source_and_change_of_a_rule_works() {
    let body = json!({
        "a": "  Ana ", "n": 820_982_911_946_154_508_u64, "null": null, "blank": " ", "yes": true, "list": [{"x": 1}],
        "s": 1_795_341_600, "day": "2026-11-22", "land": "deu", "a/b": {"~": "odd"}, "guest": 0,
        "nul": "a\u{0}b"
    });
    let cases = [
        (json!({"path": "/n"}), Some("820982911946154508")),
        (json!({"path": "/list/0/x"}), Some("1")),
        (json!({"path": "/list/00/x"}), None),
        (json!({"path": "/list"}), None),
        (json!({"path": "/a~1b/~0"}), Some("odd")),
        (json!({"path": "/null"}), None),
        (json!({"path": "/blank"}), None),
        (json!({"path": "/nul"}), None),
        (json!({"path": "/yes"}), Some("true")),
        (json!({"paths": ["/none", "/null", "/n"]}), Some("820982911946154508")),
        (json!({"join": ["/n", "/yes"]}), Some("820982911946154508:true")),
        (json!({"join": ["/n", "/none"]}), None),
        (json!({"header": "X-From"}), Some("Shop")),
        (json!({"header": "x-none", "default": 7}), Some("7")),
        (json!({"value": false}), Some("false")),
        (json!({"path": "/a", "transform": "trim"}), Some("Ana")),
        (json!({"path": "/a", "transform": ["trim", "upper", "prefix:person:"]}), Some("person:ANA")),
        (json!({"path": "/a", "transform": ["trim", "lower"]}), Some("ana")),
        (json!({"path": "/s", "transform": "unix_s"}), Some("2026-11-22T10:00:00Z")),
        (json!({"path": "/s", "transform": "unix_ms"}), Some("1970-01-21T18:42:21.600Z")),
        (json!({"path": "/day", "transform": "rfc3339"}), Some("2026-11-22T00:00:00Z")),
        (json!({"path": "/a", "transform": "rfc3339", "default": "unknown"}), Some("unknown")),
        (json!({"path": "/land", "transform": "country2"}), Some("DE")),
        (json!({"path": "/n", "transform": "string"}), Some("820982911946154508")),
        (json!({"path": "/yes", "map": {"true": "on"}}), Some("on")),
        (json!({"path": "/n", "map": {"1": "one"}}), None),
        (json!({"path": "/n", "map": {"1": "one"}, "default": "many"}), Some("many")),
        (json!({"path": "/yes", "map": {"true": ""}}), None),
        (json!({"value": " ", "default": ""}), None),
        (json!({"path": "/guest", "except": 0}), None),
        (json!({"path": "/guest", "except": ["x", "0"], "default": "g"}), Some("g")),
    ];
    for (rule, expected) in cases {
        assert_eq!(found(rule.clone(), &body).as_deref(), expected, "{rule}");
    }
}

#[test]
fn every_field_of_an_event_can_be_mapped() {
    let constants = json!({
        "id": "1", "type": "t", "occurred_at": "2026-11-22T10:00:00Z", "subject.id": "s",
        "subject.email": "a@example.com", "subject.phone": "+4930123456", "subject.name": "A",
        "subject.created_at": "2026-11-22T10:00:00Z", "subject.locale": "de", "action.description": "d",
        "action.amount.value": "1.00", "action.amount.currency": "EUR", "action.balance.value": "2",
        "action.balance.currency": "EUR", "action.destination.id": "i", "action.destination.label": "l",
        "action.destination.created_at": "2026-11-22T10:00:00Z", "action.destination.name_match": "close",
        "device.id": "i", "device.ip": "203.0.113.9", "device.user_agent": "u", "device.country": "DE",
        "device.latitude": "1", "device.longitude": "2", "device.session_started_at": "2026-11-22T10:00:00Z",
        "device.flags": "vpn", "billing.country": "DE", "shipping.country": "DE", "test": true,
        "return_url": "https://shop.example/"
    });
    let mut mapping = json!({
        "links": [{"type": "l", "value": "1"}], "signals": [{"name": "s", "value": 1}],
        "changes": [{"field": "c", "when": ""}], "attributes": [{"name": "a", "value": "v"}]
    });
    for (field, value) in constants.as_object().unwrap() {
        mapping[field.as_str()] = json!({ "value": value });
    }
    for field in FIELDS {
        assert!(mapping.get(field).is_some(), "{field} is not tried here");
    }
    let told = format!("{:?}", event(mapped(&mapping, &json!({}))));
    for unknown in ["None,", "None }", "[]", "test: false"] {
        assert!(!told.contains(unknown), "{unknown} in {told}");
    }
}

#[test]
fn amounts_use_the_currency_mapped_beside_them() {
    let mapping = json!({
        "subject.id": {"value": "s"},
        "action.amount.value": {"path": "/a", "transform": "minor_units"},
        "action.amount.currency": {"path": "/c", "default": "EUR"},
        "action.balance.value": {"path": "/b", "transform": "minor_units"},
        "action.balance.currency": {"value": "jpy"}
    });
    let action = event(mapped(&mapping, &json!({"a": 1999, "b": "500", "c": "kwd"}))).action.unwrap();
    assert_eq!(action.amount.unwrap().value, "1.999");
    assert_eq!(action.balance.unwrap().value, "500");
    let action = event(mapped(&mapping, &json!({"a": 1999}))).action.unwrap();
    assert_eq!((action.amount.unwrap().value.as_str(), action.balance), ("19.99", None));
}

#[test]
fn changes_count_when_their_place_is_telling() {
    let mapping = json!({
        "subject.id": {"value": "s"},
        "changes": [
            {"field": "email", "when": "/old/email"},
            {"field": "phone", "when": "/old/phone"},
            {"field": "address", "when": "/moved"},
            {"field": "password", "when": "/event", "equals": ["password.reset", "password.set"]}
        ]
    });
    let changed = |body| {
        let changes = event(mapped(&mapping, &body)).changes;
        changes.into_iter().map(|change| change.field).collect::<Vec<_>>()
    };
    let body = json!({"old": {"email": "x", "phone": null}, "moved": false, "event": "password.set"});
    assert_eq!(changed(body), ["email", "password"]);
    assert_eq!(changed(json!({"moved": true, "event": "login"})), ["address"]);
}

#[test]
fn an_array_gives_many_links_and_flags() {
    let mapping = json!({
        "subject.id": {"value": "s"},
        "links": [{"type": "order", "path": "/orders", "transform": "prefix:o"}],
        "device.flags": {"path": "/flags", "map": {"VPN": "vpn", "phone": "call_active"}}
    });
    let event = event(mapped(&mapping, &json!({"orders": [1, null, 2], "flags": ["VPN", "phone", "other"]})));
    assert_eq!(event.links.iter().map(|link| link.id.as_str()).collect::<Vec<_>>(), ["o1", "o2"]);
    assert_eq!(event.device.unwrap().flags, ["vpn", "call_active"]);
}

#[test]
fn split_makes_an_event_of_every_element_and_tells_equal_ids_apart() {
    let mapping = r##"{"id":{"path":"/no"},"subject.id":{"path":"#/who"},"type":{"path":"/t"}}"##;
    let split = |settings: &[(&str, &str)], body: &str| {
        let settings: Vec<_> = settings.iter().copied().chain([("mapping", mapping)]).collect();
        delivery(&[], &settings, body.as_bytes())
    };
    let body =
        r#"{"who":7,"list":[{"no":"a","t":"x"},{"no":"a","t":"y"},{"no":"a#2","t":"x"},{"no":"a","t":"x"}]}"#;
    let all = events(split(&[("split", "/list")], body));
    assert_eq!(all.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["a", "a#2", "a#2#2", "a#3"]);
    assert!(all.iter().all(|event| event.subject.id == "7"), "`#/who` starts at the body");
    let some = [("split", "/list"), ("ignore", r#"[{"path":"/t","equals":"x"}]"#)];
    assert_eq!(events(split(&some, body)).len(), 1);
    let refused = refusal(split(&[("split", "/none")], body));
    assert_eq!(refused.pointer.as_deref(), Some("/none"));
    let refused = refusal(split(&[("split", "/list")], r#"{"who":7,"list":[{"no":1},{}]}"#));
    assert_eq!(refused.pointer.as_deref(), Some("/list/1/no"), "the element is named");
    let empty = Generic::normalize(split(&[("split", "/list")], r#"{"list":[]}"#)).unwrap();
    assert_eq!(empty, Outcome::Ignored("setting `split`: no element".to_owned()));
    let bare = delivery(
        &[],
        &[("split", "#"), ("mapping", r#"{"id":{"path":"/i"},"subject.id":{"value":"s"}}"#)],
        b"[{\"i\":1},{\"i\":2}]",
    );
    assert_eq!(events(bare).len(), 2);
}

#[test]
fn ids_come_from_a_header_only_when_the_body_has_none() {
    let mapping = r#"{"id":{"path":"/id"},"subject.id":{"value":"s"}}"#;
    for header in ["webhook-id", "x-github-delivery", "idempotency-key"] {
        let with = |body: &[u8]| event(delivery(&[(header, "m1")], &[("mapping", mapping)], body)).id;
        assert_eq!((with(b"{}"), with(b"{\"id\":5}")), ("m1".to_owned(), "5".to_owned()), "{header}");
    }
    let none = refusal(delivery(&[("x-request-id", "m1")], &[("mapping", mapping)], b"{}"));
    assert_eq!((none.reason, none.pointer.as_deref()), (RefusalReason::Malformed, Some("/id")));
    let required = r#"{"id":{"path":"/id","required":true},"subject.id":{"value":"s"}}"#;
    let refused = refusal(delivery(&[("webhook-id", "m1")], &[("mapping", required)], b"{}"));
    assert_eq!(refused.pointer.as_deref(), Some("/id"));
}

#[test]
fn a_mistake_in_a_setting_names_setting_and_key() {
    let cases = [
        ("mapping", "[]", "not a JSON object"),
        ("mapping", "{", "not a JSON object"),
        ("mapping", r#"{"id":{"path":"/id"}}"#, "`subject.id` is missing"),
        ("mapping", r#"{"subject.age":{"path":"/a"}}"#, "`subject.age`: no field"),
        ("mapping", r#"{"subject.id":{"path":"id"}}"#, "`subject.id`: `id` is not a JSON pointer"),
        ("mapping", r#"{"subject.id":{"pth":"/id"}}"#, "`subject.id`: unknown field `pth`"),
        ("mapping", r#"{"subject.id":{"path":"/i","header":"h"}}"#, "`subject.id`: give exactly one"),
        ("mapping", r#"{"subject.id":{"paths":[]}}"#, "`subject.id`: give exactly one"),
        ("mapping", r#"{"subject.id":{}}"#, "`subject.id`: give exactly one"),
        (
            "mapping",
            r#"{"subject.id":{"path":"/i","transform":"loud"}}"#,
            "`subject.id`: `loud` is not a transform",
        ),
        ("mapping", r#"{"subject.id":{"path":"/i","transform":1}}"#, "`subject.id`: write the name"),
        ("mapping", r#"{"subject.id":{"path":"/i","transform":"minor_units"}}"#, "`subject.id`: minor_units"),
        ("mapping", r#"{"subject.id":{"path":"/i","map":{"a":[]}}}"#, "`subject.id`: write a text"),
        ("mapping", r#"{"subject.id":"/id"}"#, "`subject.id`: invalid type"),
        ("mapping", r#"{"links":{"type":"a","path":"/a"}}"#, "`links`: write a list"),
        ("mapping", r#"{"links":[{"path":"/a"}]}"#, "`links`: every entry needs a text `type`"),
        ("mapping", r#"{"signals":[{"name":"","path":"/a"}]}"#, "`signals`: every entry needs a text `name`"),
        ("mapping", r#"{"changes":[{"field":"a"}]}"#, "`changes`: every entry needs a pointer `when`"),
        ("mapping", r#"{"changes":[{"field":"a","when":"a"}]}"#, "`changes`: `a` is not a JSON pointer"),
        ("split", "list", "`list` is not a JSON pointer"),
        ("ignore", "{}", "not a JSON list"),
        ("ignore", r#"[{"path":"/a","equals":"x"},{"equals":"x"}]"#, "`1`: give exactly one"),
        ("ignore", r#"[{"path":"/a"}]"#, "`0`: missing field `equals`"),
    ];
    for (setting, value, message) in cases {
        let refused = refusal(delivery(&[("webhook-id", "m")], &[(setting, value)], b"{}"));
        assert_eq!(refused.reason, RefusalReason::Malformed, "{value}");
        let expected = format!("setting `{setting}`: {message}");
        assert!(refused.message.starts_with(&expected), "{} is not {expected}", refused.message);
    }
}

//! `JSONPath` and CEL in mappings: what they find, what they see, and what they may not do.

use serde_json::{Value, json};

use super::given::{borrowed, delivery, event, events, fixtures, preset, refusal};
use crate::Generic;
use crate::wit::{Delivery, Event, Guest, Outcome};

fn mapped(settings: &[(&str, &str)], mapping: &Value, body: &str) -> Delivery {
    let mut mapping = mapping.clone();
    mapping["id"] = json!({ "value": "1" });
    if mapping.get("subject.id").is_none() {
        mapping["subject.id"] = json!({ "value": "s" });
    }
    let mapping = mapping.to_string();
    let settings: Vec<_> = settings.iter().copied().chain([("mapping", mapping.as_str())]).collect();
    delivery(&[("x-from", "Shop")], &settings, body.as_bytes())
}

fn attribute(event: &Event) -> Option<&str> {
    event.attributes.first().map(|attribute| attribute.value.as_str())
}

/// What an expression gives, seen through an attribute.
fn derived(cel: &str, body: &str) -> Option<String> {
    let mapping = json!({ "attributes": [{ "name": "it", "cel": cel }] });
    attribute(&event(mapped(&[], &mapping, body))).map(str::to_owned)
}

#[test]
fn expressions_see_the_event_the_body_and_the_headers() {
    let body = r#"{"n":820982911946154508,"big":123456789012345678901234567890,"s":"Ana","f":1.5,"nil":null,
        "yes":true,"list":[{"k":"a","v":1},{"k":"b","v":2}],"o":{"a b":{"c":"deep"}},"t":["x","y"]}"#;
    let cases = [
        ("item.s + \"!\"", Some("Ana!")),
        ("item.n", Some("820982911946154508")),
        ("item.big", Some("123456789012345678901234567890")),
        ("item.f > 1.0 ? \"more\" : \"less\"", Some("more")),
        ("item.o[\"a b\"].c", Some("deep")),
        ("item.list[1].v + 1", Some("3")),
        ("item.list.exists(one, one.k == \"b\" && one.v > 1)", Some("true")),
        ("item.list.filter(one, one.k == \"b\")[0].v", Some("2")),
        ("size(item.list)", Some("2")),
        ("has(item.none)", Some("false")),
        ("has(item.nil)", Some("true")),
        ("item.nil == null", Some("true")),
        ("\"s\" in item && !(\"x\" in item)", Some("true")),
        ("headers[\"X-From\"]", Some("Shop")),
        ("headers[\"none\"]", None),
        ("item.none", None),
        ("item.nil", None),
        ("item.o", None),
        ("item.s + 1", None),
        ("1 / 0", None),
        ("item.list[7]", None),
        ("\"  \"", None),
        ("body.s == item.s", Some("true")),
        ("string(item.n).startsWith(\"82\")", Some("true")),
    ];
    for (cel, expected) in cases {
        assert_eq!(derived(cel, body).as_deref(), expected, "{cel}");
    }
}

#[test]
fn a_rule_counts_only_when_its_condition_holds() {
    let rule = json!([
        { "path": "/a", "when": "item.kind == \"a\"", "default": "none" },
        { "path": "/b", "when": "item.kind.startsWith(\"b\")" },
        { "path": "/c" }
    ]);
    let name = |body: &str| {
        let mapping = json!({ "subject.name": rule });
        event(mapped(&[], &mapping, body)).subject.name
    };
    assert_eq!(name(r#"{"kind":"a","a":"A","b":"B","c":"C"}"#).as_deref(), Some("A"));
    assert_eq!(name(r#"{"kind":"a","b":"B","c":"C"}"#).as_deref(), Some("none"));
    assert_eq!(name(r#"{"kind":"bb","a":"A","b":"B","c":"C"}"#).as_deref(), Some("B"));
    assert_eq!(name(r#"{"a":"A","b":"B","c":"C"}"#).as_deref(), Some("C"), "no kind at all");
    assert_eq!(name(r#"{"kind":7,"a":"A","b":"B","c":"C"}"#).as_deref(), Some("C"), "a kind of another kind");
}

#[test]
fn an_event_is_taken_only_when_the_setting_holds() {
    let taken = |when: &str, body: &str| {
        Generic::normalize(mapped(&[("when", when)], &json!({}), body)).map(|outcome| match outcome {
            Outcome::Events(events) => events.len().to_string(),
            Outcome::Ignored(reason) => reason,
            Outcome::Reply(_) => "reply".to_owned(),
        })
    };
    assert_eq!(taken("item.live", r#"{"live":true}"#).unwrap(), "1");
    assert_eq!(taken("item.live", r#"{"live":false}"#).unwrap(), "setting `when` is not true");
    assert_eq!(taken("item.live", "{}").unwrap(), "setting `when` is not true", "what is not there is false");
    let said = taken("item.live", r#"{"live":1}"#).unwrap_err().message;
    assert_eq!(said, "setting `when`: gives neither true nor false in this delivery");
    let said = taken("item.sum > 1.0", r#"{"sum":"12"}"#).unwrap_err().message;
    assert!(said.contains("not of the kind"), "{said}");
    let split = [("when", "item.n > 1 && body.all == item.t"), ("split", "$.list[?@.ok]")];
    let body = r#"{"all":"t","list":[{"n":1,"t":"t","ok":1},{"n":2,"t":"t","ok":1},{"n":3,"t":"t"}]}"#;
    assert_eq!(
        events(mapped(&split, &json!({}), body)).len(),
        1,
        "the third has no `ok`, the first no n above 1"
    );
}

#[test]
fn queries_find_what_no_pointer_can_name() {
    let body = r#"{"who":[{"role":"seller","id":1},{"role":"buyer","id":123456789012345678901234567890}],
        "items":[{"id":"a","gift":true},{"id":"b"},{"id":"c","gift":true}]}"#;
    let mapping = json!({
        "subject.id": { "jsonpath": "$.who[?@.role=='buyer'].id", "transform": "prefix:user:" },
        "subject.name": { "jsonpath": "$.who[?@.role=='none'].id", "default": "nobody" },
        "links": [{ "type": "gift", "jsonpath": "$.items[?@.gift].id" }],
        "changes": [
            { "field": "gift", "cel": "item.items.exists(one, has(one.gift))" },
            { "field": "none", "cel": "item.items.exists(one, has(one.none))" }
        ]
    });
    let event = event(mapped(&[], &mapping, body));
    assert_eq!(event.subject.id, "user:123456789012345678901234567890");
    assert_eq!(event.subject.name.as_deref(), Some("nobody"));
    assert_eq!(event.links.iter().map(|link| link.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(event.changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(), ["gift"]);
}

#[test]
fn a_split_by_query_names_the_element_and_takes_none_for_ignored() {
    let mapping = json!({ "subject.id": { "path": "/who" }, "subject.name": { "jsonpath": "#$.shop" } });
    let split = [("split", "$.groups[*].list[*]")];
    let body = r#"{"shop":"S","groups":[{"list":[{"who":1}]},{"list":[{"who":2},{}]}]}"#;
    let refused = refusal(mapped(&split, &mapping, body));
    assert_eq!(refused.pointer.as_deref(), Some("/groups/1/list/1/who"));
    let all = events(mapped(&split, &mapping, &body.replace(",{}", "")));
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].subject.name.as_deref(), Some("S"), "`#$` starts at the body");
    let none = Generic::normalize(mapped(&split, &mapping, "{}")).unwrap();
    assert_eq!(none, Outcome::Ignored("setting `split`: no element".to_owned()));
}

#[test]
fn a_mistake_in_the_language_names_its_place() {
    let chain = format!("1{} > 0", " + 1".repeat(60));
    let long = "a".repeat(1100);
    let cases = [
        ("item.a ==", "CEL: cannot be read at column"),
        ("itm.a == 1", "CEL: `itm` is not known; there are item, body, headers"),
        ("item.a.matches(\"x\")", "CEL: `matches` is no function"),
        (
            "[1].exists(a, [2].exists(b, a == b))",
            "CEL: asks `all`, `exists`, `map` or `filter` within another",
        ),
        ("item.list.map(body, body)", "CEL: calls an item `body`"),
        (chain.as_str(), "CEL: nested too deeply, or too long a chain"),
        (long.as_str(), "CEL: at most 1024 bytes"),
    ];
    for (text, message) in cases {
        let rules = [
            (json!({ "subject.name": { "cel": text } }), "`subject.name`: "),
            (json!({ "subject.name": { "value": "a", "when": text } }), "`subject.name`: "),
            (json!({ "changes": [{ "field": "a", "cel": text }] }), "`changes`: "),
        ];
        for (rule, key) in rules {
            let said = refusal(mapped(&[], &rule, "{}")).message;
            assert!(
                said.starts_with(&format!("setting `mapping`: {key}{message}")),
                "{said} is not {message}"
            );
        }
        let said = refusal(mapped(&[("when", text)], &json!({}), "{}")).message;
        assert!(said.starts_with(&format!("setting `when`: {message}")), "{said} is not {message}");
    }
    let said = refusal(mapped(&[], &json!({ "subject.name": { "jsonpath": "$[" } }), "{}")).message;
    assert!(said.starts_with("setting `mapping`: `subject.name`: `$[` is not a JSONPath"), "{said}");
    let said = refusal(mapped(&[("split", "$..a..b")], &json!({}), "{}")).message;
    assert!(said.starts_with("setting `split`: a JSONPath has at most"), "{said}");
}

#[test]
fn a_long_list_is_not_gone_through() {
    let body = format!("{{\"list\":[{}1]}}", "1,".repeat(5000));
    assert_eq!(derived("item.list.exists(one, one == 2)", &body), None);
    let when = mapped(&[("when", "item.list.exists(one, one == 1)")], &json!({}), &body);
    let said = refusal(when).message;
    assert!(said.contains("a list is too long"), "{said}");
}

#[test]
fn a_source_changes_single_keys_of_its_preset() {
    let Some((_, headers, body)) =
        fixtures().into_iter().find(|(file, ..)| file.contains("payment_approved"))
    else {
        return;
    };
    let mut settings = preset("checkout");
    let mapping =
        json!({ "links": null, "subject.name": { "cel": "item.type + \" \" + item.data.currency" } });
    settings.push(("mapping".to_owned(), mapping.to_string()));
    let event = event(delivery(&borrowed(&headers), &borrowed(&settings), &body));
    assert_eq!(event.subject.name.as_deref(), Some("payment_approved EUR"));
    assert_eq!((event.links.len(), event.type_.as_str()), (0, "payment.authorized"));
    let unknown = refusal(delivery(&[], &[("preset", "none")], b"{}"));
    assert!(
        unknown.message.starts_with("setting `preset`: there is no `none`; there are adyen, "),
        "{}",
        unknown.message
    );
}

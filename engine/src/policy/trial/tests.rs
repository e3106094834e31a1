//! Tests of a policy, and what is wrong with them.

use serde_json::json;

use super::*;

fn trial(document: Value) -> Trial {
    serde_json::from_value(document).unwrap()
}

fn run(document: Value) -> Result<Decision, FieldError> {
    trial(document).run(&Policy::default_policy(), &RuleSet::default())
}

#[test]
fn ages_are_judged_as_they_read() {
    for (seen, points) in [("23 hours ago", 8), ("24 hours ago", 0), ("2 years ago", 0)] {
        let decision = run(json!({
            "name": "device",
            "event": {"type": "login.succeeded", "device": {"id": "d"}},
            "history": {"events": 3, "device_first_seen_at": seen},
            "expect": {"score": points},
        }));
        assert_eq!(decision.map(|decision| decision.score.points), Ok(points), "{seen}");
    }
}

#[test]
fn ages_count_from_the_time_that_is_given() {
    let history = json!({"now": "2026-03-01T03:00:00Z", "contact_changed_at": "2026-02-28T04:00:00Z"});
    let document = json!({"name": "t", "event": {"type": "payout.created"}, "history": history, "expect": {"score": 35}});
    assert!(run(document).is_ok());
}

#[test]
fn a_test_that_cannot_be_run_is_named() {
    let table = [
        (json!({}), json!({}), "/event/type"),
        (json!({"type": "a", "devise": {}}), json!({}), "/event/devise"),
        (json!({"type": "a", "action": {"amount": {"valu": "1"}}}), json!({}), "/event/action/amount/valu"),
        (json!({"type": "a", "links": [{"typ": "card"}]}), json!({}), "/event/links/0/typ"),
        (json!({"type": "a", "action": {"amount": {"value": 1}}}), json!({}), "/event/action/amount/value"),
        (json!({"type": "a", "subject": {"created_at": "long ago"}}), json!({}), "/event/subject/created_at"),
        (json!({"type": "a", "billing": {"country": "Germany"}}), json!({}), "/event/billing/country"),
        (json!({"type": "a"}), json!({"device_first_seen": "1 day ago"}), "/history/device_first_seen"),
        (json!({"type": "a"}), json!({"first_seen_at": "soon"}), "/history/first_seen_at"),
        (json!({"type": "a"}), json!({"now": 7}), "/history/now"),
        (json!({"type": "a"}), json!({"events": "many"}), "/history/events"),
    ];
    for (event, history, pointer) in table {
        let document = json!({"name": "t", "event": event, "history": history, "expect": {"score": 0}});
        assert_eq!(run(document.clone()).unwrap_err().pointer, pointer, "{document}");
    }
}

#[test]
fn every_field_of_an_event_and_of_a_past_may_be_written() {
    let event = json!({
        "id": "e", "type": "payout.created", "occurred_at": "1 minute ago", "test": true,
        "subject": {"id": "s", "email": "a@example.com", "created_at": "1 year ago"},
        "action": {"amount": {"value": "1.00", "currency": "EUR"}, "destination": {"id": "d", "name_match": "close"}},
        "device": {"ip": "203.0.113.9", "latitude": 52.5, "flags": ["vpn"], "session_started_at": "now"},
        "links": [{"type": "card", "id": "fp"}], "signals": [{"name": "p", "score": 1.5}],
        "changes": [{"field": "email"}], "attributes": {"seen_at": "anything", "new": {"a": 1}},
    });
    let history = json!({
        "events": 7, "amount_p95": 12.5, "amounts_7d": ["1.50", 2], "country_seen": true,
        "travel": {"km": 900, "minutes": 30}, "inherited": ["device.id"],
        "lists": [{"list": "deny", "kind": "device", "entry_id": "1"}],
    });
    let document = json!({"name": "t", "event": event, "history": history, "expect": {"score_from": 0}});
    let features = trial(document).features().unwrap();
    assert_eq!((features.history.events, features.history.amounts_7d.len()), (7, 2));
    assert!(features.event.has_card && features.event.test);
}

#[test]
fn a_test_that_expects_nothing_is_none() {
    let document = json!({"name": "t", "event": {"type": "a"}, "expect": {}});
    let error = serde_json::from_value::<Trial>(document).unwrap_err();
    assert!(error.to_string().contains("must expect something"), "{error}");
}

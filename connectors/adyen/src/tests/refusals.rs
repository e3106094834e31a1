//! What is refused or ignored, and how it is said.

use ase_connector_kit::testing::{delivery, events, ignored};
use ase_connector_kit::wit::{Refusal, RefusalReason};

use super::{outcome, samples, signed};
use crate::{payload, signature};

fn item(fields: &str) -> String {
    format!(r#"{{"live":"true","notificationItems":[{{"NotificationRequestItem":{{{fields}}}}}]}}"#)
}

fn unsigned(body: &str) -> Refusal {
    signature::claims(&delivery(body.as_bytes(), &[], &[])).unwrap_err()
}

#[test]
fn a_body_that_means_nothing_is_malformed_and_says_where() {
    let cases = [
        ("", None),
        ("[]", None),
        ("{}", None),
        (r#"{"type":"x"}"#, None),
        (r#"{"notificationItems":{}}"#, Some("/notificationItems")),
        (r#"{"notificationItems":[]}"#, Some("/notificationItems")),
        (r#"{"notificationItems":[{}]}"#, Some("/notificationItems/0/NotificationRequestItem")),
        (&item(""), Some("/notificationItems/0/NotificationRequestItem/eventCode")),
        (&item(r#""eventCode":"REFUND""#), Some("/notificationItems/0/NotificationRequestItem/pspReference")),
        (
            &item(r#""eventCode":"REFUND","eventCode":"CAPTURE""#),
            Some("/notificationItems/0/NotificationRequestItem/eventCode"),
        ),
        (r#"{"type":"balancePlatform.accountHolder.updated","data":{}}"#, Some("/data/accountHolder/id")),
    ];
    for (body, pointer) in cases {
        let refusal = outcome(body).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed, "{body}");
        assert_eq!(refusal.pointer.as_deref(), pointer, "{body}");
    }
}

#[test]
fn more_items_than_a_host_checks_are_refused() {
    let many = |count| {
        let item =
            r#"{"NotificationRequestItem":{"eventCode":"PENDING","pspReference":"P1","success":"true"}}"#;
        format!(r#"{{"live":"true","notificationItems":[{}]}}"#, vec![item; count].join(","))
    };
    assert_eq!(events(outcome(&many(8))).len(), 1, "the same item eight times is one event");
    let refusal = outcome(&many(9)).unwrap_err();
    assert!(refusal.message.contains("9 items, and at most 8"), "{}", refusal.message);
}

#[test]
fn an_item_without_a_usable_signature_is_unauthenticated() {
    let with =
        |data: &str| item(&format!(r#""additionalData":{data},"eventCode":"PENDING","pspReference":"P1""#));
    for data in
        ["null", "{}", r#"{"hmacSignature":""}"#, r#"{"hmacSignature":"AAAA"}"#, r#"{"hmacSignature":7}"#]
    {
        let refusal = unsigned(&with(data));
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated, "{data}");
        assert!(refusal.message.contains("item 0"), "{}", refusal.message);
    }
    let platform = r#"{"type":"balancePlatform.transfer.created","data":{}}"#;
    assert!(unsigned(platform).message.contains("hmacsignature is missing"));
}

#[test]
fn a_field_that_could_be_read_as_two_is_unauthenticated() {
    let signature = r#""additionalData":{"hmacSignature":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#;
    let cases = [
        r#""pspReference":"P:1""#,
        r#""originalReference":"a:b""#,
        r#""merchantAccountCode":"Shop:ref""#,
        r#""amount":{"value":"1:2","currency":"EUR"}"#,
        r#""amount":{"value":1,"currency":"E:R"}"#,
        r#""eventCode":"CAPTURE:true""#,
        r#""success":"true:""#,
        &format!(r#""merchantReference":"{}""#, "x".repeat(257)),
    ];
    for field in cases {
        let refusal = unsigned(&item(&format!("{signature},{field}")));
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated, "{field}");
    }
    let own = item(&format!(r#"{signature},"merchantReference":"order:1:2""#));
    assert!(
        signature::claims(&delivery(own.as_bytes(), &[], &[])).is_ok(),
        "the merchant's reference may hold colons"
    );
}

#[test]
fn another_merchant_account_is_refused_and_tests_can_be_ignored() {
    let mut batch = signed(samples::BATCH);
    batch.settings = delivery(b"", &[], &[("merchant_account", "OtherShop")]).settings;
    let refusal = payload::outcome(&batch).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
    assert_eq!(
        refusal.pointer.as_deref(),
        Some("/notificationItems/0/NotificationRequestItem/merchantAccountCode")
    );
    batch.settings =
        delivery(b"", &[], &[("merchant_account", "ExampleShop"), ("live_only", "true")]).settings;
    assert!(ignored(payload::outcome(&batch)).contains("test environment"));
    batch.settings = delivery(b"", &[], &[("merchant_account", " ")]).settings;
    assert_eq!(events(payload::outcome(&batch)).len(), 4, "a blank setting is not set");
}

#[test]
fn an_unknown_way_to_write_the_secret_is_refused() {
    let mut batch = signed(samples::BATCH);
    batch.settings = delivery(b"", &[], &[("secret_encoding", "rot13")]).settings;
    assert!(signature::claims(&batch).unwrap_err().message.contains("secret_encoding"));
}

#[test]
fn codes_of_no_concern_are_ignored_with_a_reason() {
    for (code, reason) in
        [("REPORT_AVAILABLE", "books"), ("ORDER_OPENED", "split order"), ("SOMETHING_NEW", "SOMETHING_NEW")]
    {
        let body = item(&format!(r#""eventCode":"{code}","pspReference":"P1","success":"true""#));
        assert!(ignored(outcome(&body)).contains(reason), "{code}");
    }
}

//! What a token says of a decision: all of it is there, once, and of one meaning.

use super::*;

#[test]
fn token_of_another_organisation_or_issuer_is_refused_under_our_key() {
    let token = ring().mint(&claims()).unwrap();
    assert_eq!(ring().read(&token, ISSUER, "org_2"), Err(TokenError::Invalid));
    assert_eq!(ring().read(&token, "https://other.example", "org_1"), Err(TokenError::Invalid));
    assert_eq!(read(&with_claim("aud", json!("org_2"))), Err(TokenError::Invalid));
    assert_eq!(read(&with_claim("aud", json!(["org_1", "org_2"]))), Err(TokenError::Invalid));
    assert_eq!(read(&with_claim("iss", json!([ISSUER]))), Err(TokenError::Invalid));
    assert_eq!(read(&with_claim("org_id", json!("org_2"))), Err(TokenError::Invalid));
}

#[test]
fn every_claim_is_required() {
    for name in payload().as_object().unwrap().keys() {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(name);
        assert_eq!(read(&signed(HEADER, &payload.to_string())), Err(TokenError::Invalid), "{name} missing");
        assert_eq!(read(&with_claim(name, Value::Null)), Err(TokenError::Invalid), "{name} null");
        assert_eq!(read(&with_claim(name, json!(""))), Err(TokenError::Invalid), "{name} empty");
        assert_eq!(read(&with_claim(name, json!({}))), Err(TokenError::Invalid), "{name} object");
    }
}

#[test]
fn duplicate_members_are_refused() {
    let payload = payload().to_string();
    for name in ["outcome", "exp", "org_id", "aud", "jti"] {
        let first = payload.replacen('{', &format!(r#"{{"{name}":{},"#, self::payload()[name]), 1);
        assert_eq!(read(&signed(HEADER, &first)), Err(TokenError::Invalid), "{name}");
    }
    let header = HEADER.replacen('{', r#"{"alg":"HS256","#, 1);
    assert_eq!(read(&signed(&header, &payload)), Err(TokenError::Invalid));
    let unknown = payload.replacen('{', r#"{"admin":true,"#, 1);
    assert_eq!(read(&signed(HEADER, &unknown)), Err(TokenError::Invalid));
}

#[test]
fn parts_that_are_no_objects_are_refused() {
    let values: Vec<_> = payload().as_object().unwrap().values().cloned().collect();
    for payload in [json!(values), json!([]), json!(null), json!("claims"), json!(1)] {
        assert_eq!(read(&signed(HEADER, &payload.to_string())), Err(TokenError::Invalid), "{payload}");
    }
    let listed = signed(r#"["HS256","ase-decision+jwt","k1"]"#, &payload().to_string());
    assert_eq!(read(&listed), Err(TokenError::Invalid));
}

#[test]
fn odd_times_are_refused() {
    let odd = [
        json!("1795000600"),
        json!(1_795_000_600.0),
        json!(1_795_000_600.5),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1_795_000_601),
        json!(1e300),
    ];
    for name in ["exp", "expires_at", "iat", "nbf"] {
        for value in &odd {
            assert_eq!(read(&with_claim(name, value.clone())), Err(TokenError::Invalid), "{name} {value}");
        }
        let token = payload()
            .to_string()
            .replace(&format!("\"{name}\":1795000"), &format!("\"{name}\":18446744073709551616"));
        assert_eq!(read(&signed(HEADER, &token)), Err(TokenError::Invalid), "{name} 2^64");
    }
    let mut long = payload();
    (long["exp"], long["expires_at"]) = (json!(1_795_000_601), json!(1_795_000_601));
    assert_eq!(read(&signed(HEADER, &long.to_string())), Err(TokenError::Invalid));
}

#[test]
fn words_of_other_meaning_are_refused() {
    for (name, value) in
        [("outcome", "delay_verify"), ("outcome", "Allow"), ("env", "prod"), ("assurance", "mfa")]
    {
        assert_eq!(read(&with_claim(name, json!(value))), Err(TokenError::Invalid), "{name} {value}");
    }
    for hash in ["ab", &"g".repeat(64), &"AB".repeat(32), &"ab".repeat(33)] {
        assert_eq!(read(&with_claim("action_hash", json!(hash))), Err(TokenError::Invalid), "{hash}");
    }
}

#[test]
fn what_is_no_token_is_malformed() {
    let token = ring().mint(&claims()).unwrap();
    let huge = format!("{token}{}", "A".repeat(1 << 20));
    let deep = format!("{}.{}.AAAA", encode(HEADER), encode(&"[".repeat(2000)));
    let table = [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "🦀.🦀.🦀",
        &huge,
        &deep,
        &format!("{token}."),
        &format!("{token}="),
        &format!(" {token}"),
    ];
    for text in table {
        assert_eq!(read(text), Err(TokenError::Malformed), "{:?}", text.get(..20));
    }
}

#[test]
fn claimed_owner_is_only_a_name_of_ours() {
    assert_eq!(unverified_org(&ring().mint(&claims()).unwrap()).as_deref(), Some("org_1"));
    for name in [json!("org_1' --"), json!("org\0"), json!(""), json!(1), json!(null), json!("o".repeat(65))]
    {
        assert_eq!(unverified_org(&with_claim("org_id", name.clone())), None, "{name}");
    }
}

#[test]
fn contradicting_or_oversized_claims_are_not_signed() {
    let wrong = [
        Claims { expires_at: 1, ..claims() },
        Claims { exp: i64::MAX, iat: i64::MIN, ..claims() },
        Claims { aud: "org_2".into(), ..claims() },
        Claims { jti: String::new(), ..claims() },
        Claims { action_hash: "none".into(), ..claims() },
    ];
    for claims in wrong {
        assert_eq!(ring().mint(&claims), Err(TokenError::Claims));
    }
    assert_eq!(ring().mint(&Claims { sub: "x".repeat(4000), ..claims() }), Err(TokenError::TooLong));
    let longest =
        Claims { sub: "\"".repeat(255), event_id: "\\".repeat(255), action: "a".repeat(255), ..claims() };
    assert_eq!(read(&ring().mint(&longest).unwrap()).unwrap().0, longest);
}

//! Round trips, golden vectors, and forgeries by what must not happen.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::event::Money;

const ISSUER: &str = "https://ase.example";
const SECRET: &[u8; 32] = b"\x01one key of thirty-two bytes....";

fn key(kid: &str, secret: &[u8]) -> TokenKey {
    TokenKey::new(kid, secret).unwrap()
}

fn ring() -> Keyring {
    Keyring::new(vec![key("k1", SECRET)]).unwrap()
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.into(),
        aud: "org_1".into(),
        sub: "user_42".into(),
        jti: "tok_1".into(),
        iat: 1_795_000_000,
        nbf: 1_795_000_000,
        exp: 1_795_000_600,
        session_id: "ses_1".into(),
        org_id: "org_1".into(),
        outcome: TokenOutcome::Allow,
        expires_at: 1_795_000_600,
        event_id: "evt-1".into(),
        action: "payout.destination_changed".into(),
        action_hash: action_hash("payout.destination_changed", "user_42", None, None),
        assurance: Assurance::EmailOtp,
        env: Env::Live,
    }
}

fn read(token: &str) -> Result<(Claims, String), TokenError> {
    ring().read(token, ISSUER, "org_1")
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token over any header and payload, signed with the right key as HS256.
fn signed(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(SECRET), Algorithm::HS256)
            .unwrap();
    format!("{message}.{signature}")
}

const HEADER: &str = r#"{"typ":"ase-decision+jwt","alg":"HS256","kid":"k1"}"#;

fn payload() -> Value {
    serde_json::to_value(claims()).unwrap()
}

fn with_claim(name: &str, value: Value) -> String {
    let mut payload = payload();
    payload[name] = value;
    signed(HEADER, &payload.to_string())
}

fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header: Value = serde_json::from_str(HEADER).unwrap();
    change(&mut header);
    signed(&header.to_string(), &payload().to_string())
}

#[test]
fn signing_by_hand_gives_a_token_that_reads() {
    assert_eq!(read(&signed(HEADER, &payload().to_string())), Ok((claims(), "k1".into())));
}

#[test]
fn token_is_the_same_bytes_each_time() {
    let token = ring().mint(&claims()).unwrap();
    assert_eq!(token, ring().mint(&claims()).unwrap());
    assert_eq!(token, ring().mint_with("k1", &claims()).unwrap());
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts[0], encode(HEADER));
    assert_eq!(parts[2], GOLDEN_SIGNATURE);
}

/// Computed apart from this code: HMAC-SHA-256 of the first two parts in Python.
const GOLDEN_SIGNATURE: &str = "g05lToWerRSQd8kYuj0n5gVW7TahhkKUtrxT_q7O71M";

#[test]
fn rotated_key_still_verifies_and_retired_key_does_not() {
    let old = ring().mint(&claims()).unwrap();
    let rotated =
        Keyring::new(vec![key("k2", b"another key, thirty-two bytes...."), key("k1", SECRET)]).unwrap();
    assert_eq!(rotated.signing_kid(), Some("k2"));
    assert_eq!(rotated.read(&old, ISSUER, "org_1").unwrap().1, "k1");
    assert_eq!(rotated.mint_with("k1", &claims()).unwrap(), old);
    let new = rotated.mint(&claims()).unwrap();
    assert_eq!(rotated.read(&new, ISSUER, "org_1").unwrap().1, "k2");
    assert_eq!(read(&new), Err(TokenError::Invalid));
    assert_eq!(ring().mint_with("k2", &claims()), Err(TokenError::UnknownKey));
}

#[test]
fn unsigned_token_is_refused() {
    for alg in ["none", "None", "NONE", ""] {
        let token = with_header(|header| header["alg"] = json!(alg));
        assert_eq!(read(&token), Err(TokenError::Invalid), "{alg}");
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(read(&format!("{message}.")), Err(TokenError::Invalid), "{alg} without a signature");
        assert_eq!(read(message), Err(TokenError::Malformed));
    }
}

#[test]
fn other_algorithms_are_refused_even_with_the_right_key() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let mut header = Header::new(algorithm);
        header.typ = Some(TYPE.into());
        header.kid = Some("k1".into());
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(SECRET)).unwrap();
        assert_eq!(read(&token), Err(TokenError::Invalid), "{algorithm:?}");
    }
    for alg in ["RS256", "ES256", "EdDSA", "hs256"] {
        assert_eq!(
            read(&with_header(|header| header["alg"] = json!(alg))),
            Err(TokenError::Invalid),
            "{alg}"
        );
    }
}

#[test]
fn other_kinds_of_jwt_are_refused() {
    for typ in [json!("JWT"), json!("at+jwt"), json!("application/ase-decision+jwt"), json!(null), json!(1)] {
        assert_eq!(
            read(&with_header(|header| header["typ"] = typ.clone())),
            Err(TokenError::Invalid),
            "{typ}"
        );
    }
    let untyped = with_header(|header| drop(header.as_object_mut().unwrap().remove("typ")));
    assert_eq!(read(&untyped), Err(TokenError::Invalid));
}

#[test]
fn header_cannot_bring_its_own_key_or_extensions() {
    for name in ["jku", "jwk", "x5u", "x5c", "x5t", "crit", "b64", "zip", "enc", "cty", "other"] {
        for value in [json!("https://evil.example/keys"), json!({"kty": "oct", "k": "AAAA"}), json!(["exp"])]
        {
            let token = with_header(|header| header[name] = value.clone());
            assert_eq!(read(&token), Err(TokenError::Invalid), "{name} {value}");
        }
    }
}

#[test]
fn unknown_key_names_are_refused() {
    for kid in ["k2", "", "../../etc/passwd", "k1' or '1'='1", "k1\0", "K1", &"k".repeat(1000)] {
        assert_eq!(
            read(&with_header(|header| header["kid"] = json!(kid))),
            Err(TokenError::Invalid),
            "{kid}"
        );
    }
    let nameless = with_header(|header| drop(header.as_object_mut().unwrap().remove("kid")));
    assert_eq!(read(&nameless), Err(TokenError::Invalid));
}

#[test]
fn key_of_another_organisation_is_refused_under_the_same_name() {
    let theirs = Keyring::new(vec![key("k1", b"their key, also thirty-two bytes")]).unwrap();
    let ours = theirs.mint(&claims()).unwrap();
    assert_eq!(read(&ours), Err(TokenError::Invalid));
    let foreign = Claims { aud: "org_2".into(), org_id: "org_2".into(), ..claims() };
    let foreign = theirs.mint(&foreign).unwrap();
    assert_eq!(read(&foreign), Err(TokenError::Invalid));
    assert_eq!(unverified_org(&foreign).as_deref(), Some("org_2"));
}

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
fn weak_keys_and_empty_rings_are_refused() {
    for secret in [&b""[..], b"x", b"thirty-one bytes are not enough", &[0; 64]] {
        assert_eq!(TokenKey::new("k1", secret).unwrap_err(), TokenError::WeakKey);
    }
    for kid in ["", "a b", "a/b", "a\0", &"k".repeat(65)] {
        assert_eq!(TokenKey::new(kid, SECRET).unwrap_err(), TokenError::KeyName);
    }
    assert_eq!(Keyring::new(vec![]).unwrap_err(), TokenError::Keyring);
    assert_eq!(Keyring::new(vec![key("k", SECRET), key("k", SECRET)]).unwrap_err(), TokenError::Keyring);
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

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?}", ring());
    assert!(!shown.contains("thirty-two") && !shown.contains("111, 110, 101"), "{shown}");
}

/// Computed apart from this code: the canonical texts hashed with `hashlib` in Python.
#[test]
fn action_hash_keeps_its_golden_vectors() {
    let money = Money::parse("900.00", "EUR").unwrap();
    assert_eq!(
        action_hash("payout.destination_changed", "user_42", Some(&money), Some("iban:DE89")),
        WITH_MONEY
    );
    assert_eq!(action_hash("login", "Zoë \"x\"\n", None, None), WITHOUT_MONEY);
}

const WITH_MONEY: &str = "1104f61d52f2af2076310a0eea7e41f1be8b669a1037b01a05f5456cbf863a64";
const WITHOUT_MONEY: &str = "df46ba8732f0aec88afd82a4c055782c36b38c01a25fae8e09cb98e644f36928";

#[test]
fn equal_amounts_hash_alike_and_other_actions_do_not() {
    let hash = |value: &str, currency: &str, destination| {
        action_hash("a", "s", Some(&Money::parse(value, currency).unwrap()), destination)
    };
    assert_eq!(hash("100.0", "EUR", None), hash("100.00", "eur", None));
    assert_eq!(hash("0.00", "EUR", None), hash("-0", "EUR", None));
    let all = [
        hash("100", "EUR", None),
        hash("10", "EUR", None),
        hash("10000", "EUR", None),
        hash("100", "USD", None),
        hash("100", "EUR", Some("x")),
        hash("100", "EUR", Some("")),
        action_hash("a", "s", None, None),
        action_hash("b", "s", None, None),
        action_hash("a", "t", None, None),
    ];
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

proptest! {
    #[test]
    fn minted_token_reads_as_it_was(
        sub in ".{1,60}", event_id in ".{1,60}", jti in ".{1,40}", iat in 0..i64::MAX - 600,
        block in any::<bool>(), test in any::<bool>(), nbf in 0_i64..600,
    ) {
        let claims = Claims {
            sub, event_id, jti, iat, nbf: iat + nbf, exp: iat + 600, expires_at: iat + 600,
            outcome: if block { TokenOutcome::Block } else { TokenOutcome::Allow },
            env: if test { Env::Test } else { Env::Live },
            ..claims()
        };
        prop_assert_eq!(read(&ring().mint(&claims).unwrap()), Ok((claims, "k1".to_owned())));
    }

    #[test]
    fn any_text_is_refused_without_a_panic(text in any::<String>(), dotted in "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,40}){2}") {
        prop_assert!(read(&text).is_err() && read(&dotted).is_err());
        let _ = unverified_org(&dotted);
    }
}

#[test]
fn any_changed_byte_is_refused() {
    let token = ring().mint(&claims()).unwrap().into_bytes();
    for at in 0..token.len() {
        for byte in (b' '..=b'~').filter(|byte| *byte != token[at]) {
            let mut changed = token.clone();
            changed[at] = byte;
            assert!(read(str::from_utf8(&changed).unwrap()).is_err(), "byte {at} as {byte}");
        }
        assert!(read(str::from_utf8(&token[..at]).unwrap()).is_err(), "cut at {at}");
    }
}

//! What a token says of itself: none of it is believed.

use super::*;

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

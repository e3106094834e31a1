//! The keys that sign: several at a time, never a weak one, never shown.

use super::*;

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
fn debug_shows_no_key() {
    let shown = format!("{:?}", ring());
    assert!(!shown.contains("thirty-two") && !shown.contains("111, 110, 101"), "{shown}");
}

//! Weak master keys are refused, and nothing opens or matches where it does not belong.

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;

const KEY: &str = "b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef";

fn master() -> MasterKey {
    MasterKey::parse(&KEY.into()).unwrap()
}

fn vault() -> OrgVault {
    master().org("org_1")
}

fn parse(text: &str) -> Result<MasterKey, VaultError> {
    MasterKey::parse(&text.into())
}

#[test]
fn key_is_read_from_hex_and_every_form_of_base64() {
    let forms = [
        KEY,
        &KEY.to_uppercase(),
        "t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz+8=",
        "t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz+8",
        "t-FRYortKmq_cViAnPTzx2LnFg84tNpWp4TZBFGQz-8=",
        " t-FRYortKmq_cViAnPTzx2LnFg84tNpWp4TZBFGQz-8\n",
    ];
    let expected = vault().fingerprint("email", "a@b.c");
    for text in forms {
        assert_eq!(parse(text).unwrap().org("org_1").fingerprint("email", "a@b.c"), expected, "{text}");
    }
}

#[test]
fn weak_keys_are_refused_with_their_reason() {
    let weak = |text: &str| match parse(text).unwrap_err() {
        VaultError::Weak(reason) => reason,
        other => panic!("{text}: {other}"),
    };
    assert_eq!(weak(&"00".repeat(32)), "repeats a single byte");
    assert_eq!(weak(&format!("{}=", "A".repeat(43))), "repeats a single byte");
    assert_eq!(weak(&"0123456789abcdef".repeat(4)), "repeats a pattern");
    assert_eq!(weak(&"deadbeef".repeat(8)), "repeats a pattern");
    assert_eq!(weak("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), "counts up or down");
    assert_eq!(weak("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"), "counts up or down");
    assert_eq!(weak(&format!("{}01", "0001020304".repeat(7))), "has too few different bytes");
    let jwt = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    assert_eq!(weak(jwt), "is a published example");
    assert_eq!(weak(PUBLISHED_ED25519), "is a published example");
    assert_eq!(weak("ChangeMe9mZx2Qp7Vt4Ls8Rb3Kf6Wd1Hg5Jn0Yc2Ta8E"), "contains a well-known word");
    assert_eq!(weak("correcthorsebatterystaplecorrectzebrasqueezing"), "is text, not random bytes");
    let phrase = URL_SAFE_NO_PAD.encode("My dog is called Rex, born 1999!!");
    assert_eq!(weak(&phrase), "is text, not random bytes");
}

const PUBLISHED_ED25519: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

#[test]
fn short_empty_and_unreadable_keys_are_refused() {
    assert_eq!(parse("").unwrap_err(), VaultError::Short(0));
    assert_eq!(parse(KEY.get(..62).unwrap()).unwrap_err(), VaultError::Short(31));
    assert_eq!(parse("t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQzw").unwrap_err(), VaultError::Short(31));
    assert_eq!(parse(KEY.get(..63).unwrap()).unwrap_err(), VaultError::Encoding);
    assert_eq!(parse("not a key at all, just a sentence of words").unwrap_err(), VaultError::Encoding);
}

#[test]
fn refusal_never_repeats_the_key() {
    for text in ["hunter2hunter2", "changemechangemechangemechangemechangeme00A", "no key !"] {
        let error = parse(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(text));
    }
}

#[test]
fn generated_keys_are_accepted_and_differ() {
    let mut rng = StdRng::seed_from_u64(1);
    let (one, two) = (MasterKey::generate(&mut rng), MasterKey::generate(&mut rng));
    assert_ne!(one.expose_secret(), two.expose_secret());
    for _ in 0..10_000 {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        parse(&data_encoding::HEXLOWER.encode(&bytes)).unwrap();
        parse(&data_encoding::BASE64.encode(&bytes)).unwrap();
    }
}

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?} {:?}", master(), vault());
    assert_eq!(shown, "MasterKey(hidden) OrgVault(hidden)");
}

/// Computed apart from this code (Python: RFC 5869 and HMAC from `hmac` and `hashlib`).
#[test]
fn derivation_keeps_its_golden_vectors() {
    let hex = |bytes: [u8; 32]| data_encoding::HEXLOWER.encode(&bytes);
    assert_eq!(hex(vault().fingerprint("email", "ana@example.com")), FINGERPRINT);
    assert_eq!(hex(vault().otp_hash("ses_1", 1, "ana@example.com", "123456")), OTP_HASH);
}

const FINGERPRINT: &str = "0694d107d69902b9038433de9d50501ddbcafa624e4f630b8ea6513806ed949f";
const OTP_HASH: &str = "49b49dd9dddbe5040f5b09dbe7ed03f49e45bccda9e76ae805633d0c2849641d";

#[test]
fn sealed_row_cannot_be_moved() {
    let sealed = vault().seal("event/ses_1", b"body", &mut StdRng::seed_from_u64(2));
    assert_eq!(vault().open("event/ses_1", &sealed).unwrap(), b"body");
    assert_eq!(vault().open("event/ses_2", &sealed), Err(VaultError::Sealed));
    assert_eq!(master().org("org_2").open("event/ses_1", &sealed), Err(VaultError::Sealed));
    let other = MasterKey::parse(&MasterKey::generate(&mut StdRng::seed_from_u64(3))).unwrap();
    assert_eq!(other.org("org_1").open("event/ses_1", &sealed), Err(VaultError::Sealed));
}

#[test]
fn sealing_twice_gives_different_bytes() {
    let mut rng = StdRng::seed_from_u64(4);
    assert_ne!(vault().seal("c", b"same", &mut rng), vault().seal("c", b"same", &mut rng));
}

#[test]
fn code_hash_is_bound_to_session_number_address_and_organisation() {
    let hash = vault().otp_hash("ses_1", 1, "a@b.c", "123456");
    let others = [
        vault().otp_hash("ses_2", 1, "a@b.c", "123456"),
        vault().otp_hash("ses_1", 2, "a@b.c", "123456"),
        vault().otp_hash("ses_1", 1, "a@b.d", "123456"),
        vault().otp_hash("ses_1", 1, "a@b.c", "123457"),
        vault().otp_hash("ses_1", 1, "a@b.c1", "23456"),
        master().org("org_2").otp_hash("ses_1", 1, "a@b.c", "123456"),
    ];
    assert!(others.iter().all(|other| *other != hash));
}

#[test]
fn purposes_do_not_share_keys() {
    let vault = vault();
    let binding = vault.binding_hash("ses_1", "cookie");
    assert_ne!(binding, vault.fingerprint("ses_1", "cookie"));
    assert_ne!(URL_SAFE_NO_PAD.encode(binding), vault.form_token("ses_1", "cookie"));
    assert_ne!(vault.fingerprint("email", "x"), vault.fingerprint("phone", "x"));
    assert_ne!(vault.fingerprint("ab", "c"), vault.fingerprint("a", "bc"));
}

#[test]
fn form_token_of_another_session_or_cookie_is_refused() {
    let vault = vault();
    let token = vault.form_token("ses_1", "cookie");
    assert!(vault.form_token_matches("ses_1", "cookie", &token));
    assert!(!vault.form_token_matches("ses_2", "cookie", &token));
    assert!(!vault.form_token_matches("ses_1", "other", &token));
    assert!(!vault.form_token_matches("ses_1", "cookie", ""));
    assert!(!vault.form_token_matches("ses_1", "cookie", token.get(..42).unwrap()));
    assert!(!master().org("org_2").form_token_matches("ses_1", "cookie", &token));
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens(context in ".*", plain in any::<Vec<u8>>(), seed in any::<u64>()) {
        let sealed = vault().seal(&context, &plain, &mut StdRng::seed_from_u64(seed));
        prop_assert_eq!(sealed.len(), plain.len() + 40);
        prop_assert_eq!(vault().open(&context, &sealed).unwrap(), plain);
    }

    #[test]
    fn changed_ciphertext_never_opens(plain in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut sealed = vault().seal("c", &plain, &mut StdRng::seed_from_u64(5));
        let at = at.index(sealed.len());
        sealed[at] ^= 1_u8 << bit;
        prop_assert_eq!(vault().open("c", &sealed), Err(VaultError::Sealed));
        prop_assert_eq!(vault().open("c", &sealed[..at]), Err(VaultError::Sealed));
    }

    #[test]
    fn any_text_is_judged_without_a_panic(text in any::<String>()) {
        let _ = parse(&text);
    }
}

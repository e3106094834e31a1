//! Whatever is signed reads back, and nothing else does.

use super::*;

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

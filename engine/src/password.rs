//! Passwords of those who sign in to the dashboard.
//!
//! It owns how they are stored: Argon2id with 19 MiB, two passes and one lane, the setting of the OWASP Password
//! Storage Cheat Sheet, as PHC strings. It never learns whose password it is. Each call takes tens of
//! milliseconds of one core: callers run it on a blocking thread and bound how many run at once.

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier as _, Version};
use rand::CryptoRng;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// 16 bytes, as RFC 9106 recommends.
const SALT_BYTES: usize = 16;

/// The password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("password could not be hashed; choose a shorter one")]
pub struct PasswordError;

/// The PHC string to store for `password`, under a fresh salt.
///
/// # Errors
/// Only for a password of 4 GiB or more.
pub fn hash(password: &SecretString, rng: &mut (impl CryptoRng + ?Sized)) -> Result<String, PasswordError> {
    let mut salt = [0; SALT_BYTES];
    rng.fill_bytes(&mut salt);
    let phc: PasswordHash =
        hasher().hash_password_with_salt(bytes(password), &salt).or(Err(PasswordError))?;
    Ok(phc.to_string())
}

/// True when `password` is the one behind the PHC string `phc`, whose own parameters apply.
#[must_use]
pub fn verify(password: &SecretString, phc: &str) -> bool {
    match PasswordHash::new(phc) {
        Ok(stored) => hasher().verify_password(bytes(password), &stored).is_ok(),
        Err(_) => verify_unknown(password),
    }
}

/// A stored form of the present setting that no password is behind: its hash is all zeros.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Always false, after the work that [`verify`] does: for a user who does not exist, so that the time of the
/// answer does not tell who does (OWASP ASVS 5.0, 6.3.8).
#[must_use]
pub fn verify_unknown(password: &SecretString) -> bool {
    let spent = PasswordHash::new(NOBODY).map(|nobody| hasher().verify_password(bytes(password), &nobody));
    // keeps the work from being optimised away
    std::hint::black_box(spent.is_ok());
    false
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn bytes(password: &SecretString) -> &[u8] {
    password.expose_secret().as_bytes()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn only_the_right_password_verifies() {
        let mut rng = StdRng::seed_from_u64(1);
        let phc = hash(&"correct horse".into(), &mut rng).unwrap();
        assert!(verify(&"correct horse".into(), &phc));
        assert!(!verify(&"correct horsf".into(), &phc));
        assert!(!verify(&"".into(), &phc));
    }

    #[test]
    fn stored_form_names_the_owasp_setting_and_salts_differ() {
        let mut rng = StdRng::seed_from_u64(2);
        let (one, two) = (hash(&"same".into(), &mut rng).unwrap(), hash(&"same".into(), &mut rng).unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[test]
    fn broken_stored_form_is_no_match() {
        for phc in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            assert!(!verify(&"plain".into(), phc), "{phc}");
        }
    }

    #[test]
    fn unknown_user_costs_the_work_of_a_known_one() {
        let known = hash(&"right".into(), &mut StdRng::seed_from_u64(3)).unwrap();
        let setting = |phc: &str| phc.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(setting(NOBODY), setting(&known));
        let (nobody, known) = (PasswordHash::new(NOBODY).unwrap(), PasswordHash::new(&known).unwrap());
        let lengths = |stored: &PasswordHash| {
            (
                stored.salt.as_deref().map(<[u8]>::len),
                stored.hash.as_ref().map(argon2::password_hash::phc::Output::len),
            )
        };
        assert_eq!(lengths(&nobody), lengths(&known));
        assert!(!verify_unknown(&"right".into()));
    }
}

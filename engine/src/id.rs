//! Random names and secrets.
//!
//! It owns their alphabet and their length. It never reads a source of randomness itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::CryptoRng;

/// Crockford's base32 in lower case: no `i`, `l`, `o`, `u`, so that an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters follow the prefix: 26 of 5 bits are 130 bits, more than the 128 that OWASP ASVS 5.0
/// (7.2.3) asks of a session token.
const LENGTH: usize = 26;

/// An id that cannot be guessed: `prefix` (`ses_`, `org_`, ...) and 26 characters of lower-case base32.
pub fn random_id(prefix: &str, rng: &mut (impl CryptoRng + ?Sized)) -> String {
    let mut bytes = [0; LENGTH];
    rng.fill_bytes(&mut bytes);
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31)));
    prefix.chars().chain(letters.map(|letter| char::from(*letter))).collect()
}

/// A secret of 256 bits for keys and cookies: 43 characters of base64url without padding.
pub fn random_secret(rng: &mut (impl CryptoRng + ?Sized)) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn ids_carry_their_prefix_and_26_characters_of_the_alphabet() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut seen = HashSet::new();
        let mut letters = HashSet::new();
        for _ in 0..10_000 {
            let id = random_id("ses_", &mut rng);
            let rest = id.strip_prefix("ses_").unwrap();
            assert_eq!(rest.len(), 26);
            assert!(rest.bytes().all(|byte| ALPHABET.contains(&byte)), "{id}");
            letters.extend(rest.chars());
            assert!(seen.insert(id));
        }
        assert_eq!(letters.len(), 32, "every letter of the alphabet occurs");
    }

    #[test]
    fn every_letter_is_drawn_equally_often() {
        let mut rng = StdRng::seed_from_u64(2);
        let mut counts = [0_f64; 32];
        let ids = 20_000;
        for _ in 0..ids {
            for byte in random_id("", &mut rng).bytes() {
                counts[ALPHABET.iter().position(|letter| *letter == byte).unwrap()] += 1.0;
            }
        }
        let expected = f64::from(ids) * 26.0 / 32.0;
        let chi: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
        assert!(chi < 65.0, "chi-squared of 31 degrees of freedom is {chi}");
    }

    #[test]
    fn secrets_are_43_characters_and_differ() {
        let mut rng = StdRng::seed_from_u64(3);
        let one = random_secret(&mut rng);
        assert_eq!(one.len(), 43);
        assert_ne!(one, random_secret(&mut rng));
    }
}

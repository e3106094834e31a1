//! One-time codes: how they are drawn, read and compared.
//!
//! It never stores or sends one; what is stored is [`crate::vault::OrgVault::otp_hash`].

use rand::CryptoRng;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// Digits of a code: 20 bits, the least that NIST SP 800-63B allows.
const DIGITS: usize = 6;

/// How many codes there are.
const SPACE: u32 = 1_000_000;

/// The largest multiple of [`SPACE`] that a `u32` can hold. Draws from here on are thrown away, or the lowest
/// codes would come up a little more often.
const FAIR: u32 = u32::MAX - u32::MAX % SPACE;
const _: () = assert!(FAIR.is_multiple_of(SPACE) && FAIR > SPACE);

/// Longest input that is looked at, in bytes: a pasted line, not a pasted page.
const INPUT_MAX: usize = 200;

/// Six digits, shown to nobody but their addressee.
#[derive(Debug, Clone)]
pub struct Code(SecretString);

impl Code {
    /// Draws one of `000000` to `999999`, each equally likely.
    pub fn random(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let drawn = loop {
            let drawn = rng.next_u32();
            if drawn < FAIR {
                break drawn % SPACE;
            }
        };
        Self(format!("{drawn:06}").into())
    }

    /// Reads what a person typed or pasted: six digits in one run, which spaces and hyphens may divide and
    /// words may surround (`Your code is 123 456.`), in ASCII, full-width, Arabic-Indic, extended Arabic-Indic
    /// or Devanagari digits. `None` for anything else and for more than 200 bytes.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        if input.len() > INPUT_MAX {
            return None;
        }
        let plain: String = input.chars().map(plain).collect();
        let mut code = String::new();
        let mut ended = false;
        for word in plain.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())) {
            let has_digit = word.contains(|c: char| c.is_ascii_digit());
            if has_digit && (ended || !word.bytes().all(|byte| byte.is_ascii_digit())) {
                return None;
            }
            if has_digit {
                code.push_str(word);
            } else if !word.is_empty() {
                ended = !code.is_empty();
            }
        }
        (code.len() == DIGITS).then(|| Self(code.into()))
    }

    /// The digits, for hashing and for the message to their addressee.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// True when the stored hash is that of the given code; takes as long wherever they differ.
#[must_use]
pub fn code_matches(stored: &[u8], given: &[u8; 32]) -> bool {
    stored.ct_eq(given).into()
}

/// The character as it counts: a digit of a known script as ASCII, whatever may stand between digits or before
/// them as a space, everything else as it is.
fn plain(c: char) -> char {
    match digit(c).and_then(|value| char::from_digit(value, 10)) {
        Some(digit) => digit,
        None if is_gap(c) => ' ',
        None => c,
    }
}

/// The value of a digit: ASCII, full-width, Arabic-Indic, extended Arabic-Indic or Devanagari.
pub(crate) fn digit(c: char) -> Option<u32> {
    const ZEROS: [char; 5] = ['0', '\u{ff10}', '\u{0660}', '\u{06f0}', '\u{0966}'];
    ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))
}

/// White space, hyphens and dashes, colons and hash signs, and the invisible marks that come with pasted mail.
pub(crate) fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
        || matches!(c, ':' | '\u{ff1a}' | '#')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests;

//! What a text must look like to count as known. Masked, empty and odd values are unknown, so that nobody
//! mistakes "cannot tell" for "differs".

use std::net::IpAddr;

/// Longest id that is kept, in bytes.
const ID_BYTES: usize = 255;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3).
const EMAIL_BYTES: usize = 254;
/// Longest name that is kept, in characters.
const NAME_CHARS: usize = 120;
/// Longest description of a browser that is kept, in bytes.
const USER_AGENT_BYTES: usize = 512;
/// Longest word of a provider's own vocabulary, in bytes.
const WORD_BYTES: usize = 64;

/// The text if it can be an id: printable, without spaces, of bounded length, and never an e-mail address.
#[must_use]
pub fn id(text: &str) -> Option<String> {
    let fits = (1..=ID_BYTES).contains(&text.len());
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    (fits && plain).then(|| text.to_owned())
}

/// A composed id, cut to the length that is kept.
#[must_use]
pub fn clip(mut id: String) -> String {
    let mut end = id.len().min(ID_BYTES);
    while !id.is_char_boundary(end) {
        end -= 1;
    }
    id.truncate(end);
    id
}

/// The text if it is a word of a vocabulary, such as `card_declined`, and not something a person wrote.
#[must_use]
pub fn word(text: &str) -> Option<String> {
    let fits = (1..=WORD_BYTES).contains(&text.len());
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    (fits && plain).then(|| text.to_owned())
}

/// The text if it is an unmasked e-mail address.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '*');
    let whole = !local.is_empty() && domain.contains('.') && text.len() <= EMAIL_BYTES;
    (plain && whole).then(|| text.to_owned())
}

/// The telephone number in E.164 form (`+` and 8 to 15 digits, as the engine reads it); unknown unless it is written internationally.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = number.strip_prefix('+')?;
    let valid = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some(number)
}

/// The text as a name to show: trimmed, cut to a bearable length, without control characters.
#[must_use]
pub fn name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    (!name.is_empty() && !name.chars().all(|c| c == '*')).then_some(name)
}

/// Given name and family name in one, whichever of them is there.
#[must_use]
pub fn full_name(given: Option<String>, family: Option<String>) -> Option<String> {
    match (given, family) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => given.or(family),
    }
}

/// The browser's own description, if it is of bounded length and one line.
#[must_use]
pub fn user_agent(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=USER_AGENT_BYTES).contains(&text.len()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

/// The ISO 3166-1 alpha-2 code in upper case.
#[must_use]
pub fn country(text: &str) -> Option<String> {
    let letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters.then(|| text.to_ascii_uppercase())
}

/// A BCP 47 tag; `de_DE` is read as `de-DE`.
#[must_use]
pub fn locale(text: &str) -> Option<String> {
    let text = text.replace('_', "-");
    let subtags = text
        .split('-')
        .all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let language = text.split('-').next().is_some_and(|tag| (2..=3).contains(&tag.len()));
    (subtags && language && text.len() <= 35).then_some(text)
}

/// The text if it is an address that somebody can have.
#[must_use]
pub fn ip(text: &str) -> Option<String> {
    let address: IpAddr = text.trim().parse().ok()?;
    (!address.is_unspecified()).then(|| address.to_string())
}

/// The last digits of an account or card, as providers show them.
#[must_use]
pub fn last_digits(text: &str) -> Option<String> {
    let plain = (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| text.to_owned())
}

/// What a person may see of an account or card: `EXAMPLE BANK •••• 3000`.
#[must_use]
pub fn label(bank: Option<String>, last: Option<String>) -> Option<String> {
    match (bank, last.map(|last| format!("•••• {last}"))) {
        (Some(bank), Some(digits)) => Some(format!("{bank} {digits}")),
        (bank, digits) => bank.or(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_and_broken_contacts_are_unknown() {
        for text in
            ["", "  ", "j***@example.com", "@example.com", "ana@", "ana", "a b@example.com", "ana@host"]
        {
            assert_eq!(email(text), None, "{text:?}");
        }
        assert_eq!(email(" ana@example.com ").as_deref(), Some("ana@example.com"));
        for text in ["", "+", "030 123456", "+49***456", "+0301234567", "+1234567", "+1234567890123456"] {
            assert_eq!(phone(text), None, "{text:?}");
        }
        assert_eq!(phone("+12345678").as_deref(), Some("+12345678"));
        assert_eq!(phone("+49 (30) 123-456").as_deref(), Some("+4930123456"));
        for text in ["", "*****", " \u{7} "] {
            assert_eq!(name(text), None, "{text:?}");
        }
        assert_eq!(full_name(name(" Ana\u{0} "), name("M.")).as_deref(), Some("Ana M."));
        assert_eq!(user_agent("Mozilla/5.0\nX"), None);
    }

    #[test]
    fn codes_are_known_only_when_well_formed() {
        assert_eq!(country("de").as_deref(), Some("DE"));
        for text in ["", "D", "DEU", "1A", "ä"] {
            assert_eq!(country(text), None, "{text:?}");
        }
        assert_eq!(locale("de_DE").as_deref(), Some("de-DE"));
        for text in ["", "auto", "d"] {
            assert_eq!(locale(text), None, "{text:?}");
        }
        assert_eq!(ip("2001:DB8::1").as_deref(), Some("2001:db8::1"));
        for text in ["0.0.0.0", "::", "203.0.113.x", ""] {
            assert_eq!(ip(text), None, "{text:?}");
        }
        assert_eq!(word("card_declined").as_deref(), Some("card_declined"));
        assert_eq!(word("please call me"), None);
        assert_eq!(last_digits("4111111111111111"), None);
    }

    #[test]
    fn ids_are_bounded_and_no_addresses() {
        for text in ["cus_1", "820982911946154508", "octo-org/octo-repo"] {
            assert_eq!(id(text).as_deref(), Some(text));
        }
        for text in ["", "a b", "ana@example.com", &"x".repeat(256)] {
            assert_eq!(id(text), None, "{text:?}");
        }
    }
}

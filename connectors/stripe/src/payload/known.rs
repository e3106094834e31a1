//! What a text must look like to count as known. Masked, empty and odd values are unknown, so that nobody
//! mistakes "cannot tell" for "differs".

use std::net::IpAddr;

/// Longest id that is kept, in bytes.
const ID_BYTES: usize = 255;
/// Longest e-mail address (RFC 5321, section 4.5.3.1.3).
const EMAIL_BYTES: usize = 254;
/// Longest name that is kept, in characters.
const NAME_CHARS: usize = 120;
/// Longest word of a provider's own vocabulary, in bytes.
const WORD_BYTES: usize = 64;

/// Whether the text can be an id: printable, without spaces, of bounded length, and never an e-mail address.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=ID_BYTES).contains(&text.len())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@')
}

/// The text if it is a word of a vocabulary, such as `card_declined`, and not something a person wrote.
pub(crate) fn word(text: &str) -> Option<&str> {
    let fits = (1..=WORD_BYTES).contains(&text.len());
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    (fits && plain).then_some(text)
}

/// The text if it is an unmasked e-mail address.
pub(crate) fn email(text: &str) -> Option<&str> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '*');
    (plain && !local.is_empty() && domain.contains('.') && text.len() <= EMAIL_BYTES).then_some(text)
}

/// The telephone number in E.164 form; unknown unless it is written internationally.
pub(crate) fn phone(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = number.strip_prefix('+')?;
    let valid = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some(number)
}

/// The text as a name to show: trimmed, cut to a bearable length, without control characters.
pub(crate) fn name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    (!name.is_empty() && !name.chars().all(|c| c == '*')).then_some(name)
}

/// The ISO 3166-1 alpha-2 code in upper case.
pub(crate) fn country(text: &str) -> Option<String> {
    let letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters.then(|| text.to_ascii_uppercase())
}

/// The text if it can be a BCP 47 tag.
pub(crate) fn locale(text: &str) -> Option<&str> {
    let subtags = text
        .split('-')
        .all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let language = text.split('-').next().is_some_and(|tag| (2..=3).contains(&tag.len()));
    (subtags && language && text.len() <= 35).then_some(text)
}

/// The text if it is an address that somebody can have.
pub(crate) fn ip(text: &str) -> Option<&str> {
    let address: IpAddr = text.trim().parse().ok()?;
    (!address.is_unspecified()).then_some(text.trim())
}

/// The last digits of an account or card, as providers show them.
pub(crate) fn last_digits(text: &str) -> Option<&str> {
    let plain = (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some(text)
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
        assert_eq!(email(" ana@example.com "), Some("ana@example.com"));
        for text in ["", "+", "030 123456", "+49***456", "+0301234567", "+1234567890123456"] {
            assert_eq!(phone(text), None, "{text:?}");
        }
        assert_eq!(phone("+49 (30) 123-456").as_deref(), Some("+4930123456"));
        for text in ["", "*****", " \u{7} "] {
            assert_eq!(name(text), None, "{text:?}");
        }
        assert_eq!(name(" Ana\u{0} M. ").as_deref(), Some("Ana M."));
    }

    #[test]
    fn codes_are_known_only_when_well_formed() {
        assert_eq!(country("de").as_deref(), Some("DE"));
        for text in ["", "D", "DEU", "1A", "ä"] {
            assert_eq!(country(text), None, "{text:?}");
        }
        for (text, known) in [("en-US", true), ("de", true), ("auto", false), ("", false), ("en_US", false)] {
            assert_eq!(locale(text).is_some(), known, "{text:?}");
        }
        for (text, known) in [("203.0.113.9", true), ("2001:db8::1", true), ("0.0.0.0", false), ("::", false)]
        {
            assert_eq!(ip(text).is_some(), known, "{text:?}");
        }
        assert_eq!(ip("203.0.113.x"), None);
        assert_eq!(word("card_declined"), Some("card_declined"));
        assert_eq!(word("please call me"), None);
    }

    #[test]
    fn ids_are_bounded_and_no_addresses() {
        assert!(is_id("cus_1"));
        assert!(is_id("820982911946154508"));
        assert!(!is_id(""));
        assert!(!is_id("a b"));
        assert!(!is_id("ana@example.com"));
        assert!(!is_id(&"x".repeat(256)));
    }
}

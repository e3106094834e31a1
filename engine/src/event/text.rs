//! What text from outside may look like before it reaches a page, a mail header or a log.

/// True for characters that break headers, logs or the direction of a line: controls, line and paragraph
/// separators, and the bidirectional overrides of Unicode TR 9.
pub(crate) fn is_unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// True for an address with one `@`, a local part of at most 64 bytes and a dotted domain of host characters.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('-')
        && local.chars().all(|c| !c.is_whitespace() && !is_unsafe_char(c) && !"@,;<>()\"\\:[]".contains(c));
    local_ok && is_domain(domain)
}

/// True for a dotted name of host characters.
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// The address with all but its first character hidden: `a••@example.com`.
#[must_use]
pub fn mask_email(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}••@{domain}")
        }
        None => "••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_inject_are_refused() {
        for good in ["ana@example.com", "a.b+c@mail.example.co.uk", "jörg@münchen.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "ana",
            "a@b",
            "-oX@b.com",
            "a@b.com\r\nBcc: x@y.z",
            "a b@c.de",
            "a@b..com",
            "<a@b.com>",
            "a@-b.com",
            "a,b@c.de",
            "\u{202e}a@b.com",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn masked_address_shows_one_character() {
        assert_eq!(mask_email("ana@example.com"), "a••@example.com");
        assert_eq!(mask_email("no address"), "••");
    }
}

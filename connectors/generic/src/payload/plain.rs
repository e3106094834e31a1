//! The small kinds of text in an event and how each is recognised.
//!
//! What cannot be recognised is unknown. A masked address or number is unknown too: it must never look like a
//! different one.

use std::net::IpAddr;

use crate::wit::NameMatch;

/// What may stand in `device.flags`.
const FLAGS: [&str; 13] = [
    "call_active",
    "screen_share",
    "remote_control",
    "emulator",
    "virtual_machine",
    "automation",
    "headless",
    "replayed_token",
    "vpn",
    "tor",
    "hosting",
    "relay",
    "passkey",
];

/// An email address: one `@` with something on both sides, no blanks, not masked.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let whole = !local.is_empty() && !domain.is_empty() && text.len() <= 254;
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '*');
    (whole && clean).then(|| text.to_owned())
}

/// A telephone number in E.164 form, punctuation removed; `None` without its `+`.
pub(crate) fn phone(text: &str) -> Option<String> {
    let digits: String = text
        .trim()
        .strip_prefix('+')?
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
        .collect();
    let fits = (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("+{digits}"))
}

/// A BCP 47 tag; `de_DE` is read as `de-DE`.
pub(crate) fn locale(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let language = tag.split('-').next().unwrap_or_default();
    let named = (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    let parts = tag
        .split('-')
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (named && parts).then_some(tag)
}

/// Two letters of ISO 3166-1, in upper case.
pub(crate) fn country(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| text.to_ascii_uppercase())
}

/// An IP address of either version.
pub(crate) fn ip(text: &str) -> Option<String> {
    text.trim().parse::<IpAddr>().ok().map(|ip| ip.to_string())
}

/// An angle between `-limit` and `limit` degrees.
pub(crate) fn degrees(text: &str, limit: f64) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|angle| (-limit..=limit).contains(angle))
}

/// A score, brought into 0 to 100.
pub(crate) fn score(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|score| score.is_finite()).map(|score| score.clamp(0.0, 100.0))
}

/// The answer of a payee-name check.
pub(crate) fn name_match(text: &str) -> Option<NameMatch> {
    match text.trim().to_ascii_lowercase().as_str() {
        "none" => Some(NameMatch::None),
        "close" => Some(NameMatch::Close),
        "full" => Some(NameMatch::Full),
        _ => None,
    }
}

/// One of the flags of a device.
pub(crate) fn flag(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    FLAGS.contains(&text.as_str()).then_some(text)
}

/// An absolute web address.
pub(crate) fn url(text: &str) -> Option<String> {
    let text = text.trim();
    let web = text.starts_with("https://") || text.starts_with("http://");
    (web && !text.contains(|c: char| c.is_whitespace() || c.is_control())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_or_broken_is_unknown() {
        for wrong in
            ["", "ana", "@x", "ana@", "a na@example.com", "a***@example.com", "ana@example.com\n\u{0}b"]
        {
            assert_eq!(email(wrong), None, "{wrong}");
        }
        for wrong in ["", "03012345678", "+49 30 ****", "+1", "+123456789012345678", "+49x3012345"] {
            assert_eq!(phone(wrong), None, "{wrong}");
        }
        for wrong in ["", "DEU", "D", "1A", "ÄÖ"] {
            assert_eq!(country(wrong), None, "{wrong}");
        }
        for wrong in ["", "1.2.3", "203.0.113.x", "localhost"] {
            assert_eq!(ip(wrong), None, "{wrong}");
        }
        for wrong in ["", "d", "german language", "de--DE", "1-de"] {
            assert_eq!(locale(wrong), None, "{wrong}");
        }
        for wrong in ["", "javascript:alert(1)", "/after", "https://a b"] {
            assert_eq!(url(wrong), None, "{wrong}");
        }
        assert!(degrees("90.1", 90.0).is_none() && degrees("NaN", 90.0).is_none());
        assert!(score("NaN").is_none() && score("inf").is_none() && score("high").is_none());
    }

    #[test]
    fn what_is_recognised_takes_its_common_form() {
        assert_eq!(email(" Ana@example.com ").as_deref(), Some("Ana@example.com"));
        assert_eq!(phone("+49 (30) 123-456").as_deref(), Some("+4930123456"));
        assert_eq!(country("de").as_deref(), Some("DE"));
        assert_eq!(ip("2001:DB8::1").as_deref(), Some("2001:db8::1"));
        assert_eq!(locale("de_DE").as_deref(), Some("de-DE"));
        assert_eq!(score("140"), Some(100.0));
        assert_eq!(flag("VPN").as_deref(), Some("vpn"));
    }
}

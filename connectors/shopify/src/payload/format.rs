//! What a text must look like to be believed. Owns the forms; never repairs a text beyond its separators.

/// Most digits of an amount: more than any money, and what a 96-bit decimal holds.
const DIGITS: usize = 28;

/// Digits with at most one point between them: no sign, no exponent, no separators.
pub(crate) fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && text.len() <= DIGITS
}

/// Exactly this many letters of the Latin alphabet.
pub(crate) fn is_letters(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Something before and something with a point after one at sign, without blanks (a sieve, not RFC 5321). A masked
/// one is none: `j***@example.com` would be taken for an address that differs.
pub(crate) fn is_email(text: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '*';
    let plain = text.len() <= 254 && !text.chars().any(odd);
    let parts = text.split_once('@');
    plain && parts.is_some_and(|(local, host)| !local.is_empty() && !host.contains('@') && is_domain(host))
}

/// Labels of letters, digits and hyphens (also international ones) with points between them, at least two.
pub(crate) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

/// Subtags of BCP 47: a language of two or three letters, then subtags of up to eight.
pub(crate) fn is_locale(text: &str) -> bool {
    let mut tags = text.split('-');
    let language = tags.next().is_some_and(|tag| is_letters(tag, 2) || is_letters(tag, 3));
    let subtag =
        |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    language && tags.all(subtag)
}

/// The number in E.164 form (`+` and 8 to 15 digits) once blanks, hyphens, points and brackets are gone.
pub(crate) fn e164(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|letter| !" -.()".contains(*letter)).collect();
    let digits = number.strip_prefix('+')?;
    let right = (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    right.then_some(number)
}

/// A time of RFC 3339 section 5.6, with its offset: `2021-12-31T19:00:00-05:00`.
pub(crate) fn is_time(text: &str) -> bool {
    let Some((date, clock)) = text.split_once(['T', 't']) else { return false };
    let Some(offset) = clock.find(['Z', 'z', '+', '-']) else { return false };
    let Some((clock, offset)) = clock.split_at_checked(offset) else { return false };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_date(date) && fraction && is_clock(clock) && is_offset(offset)
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = fields(text, '-', [4, 2, 2]) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn is_clock(text: &str) -> bool {
    fields(text, ':', [2, 2, 2]).is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second < 60)
}

fn is_offset(text: &str) -> bool {
    let Some(distance) = text.strip_prefix(['+', '-']) else { return matches!(text, "Z" | "z") };
    fields(distance, ':', [2, 2]).is_some_and(|[hour, minute]| hour < 24 && minute < 60)
}

/// Numbers of these widths with `between` between them.
fn fields<const N: usize>(text: &str, between: char, widths: [usize; N]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        let right = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = right.then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_with_an_offset() {
        let right = [
            "2021-12-31T19:00:00-05:00",
            "2005-05-05T06:00:00.000Z",
            "2023-03-29T18:00:27.877041743Z",
            "2024-02-29T00:00:00+14:00",
        ];
        let wrong = [
            "2019-01-01 00:00:00.000Z",
            "2021-12-31T19:00:00",
            "2021-12-31",
            "2023-02-29T00:00:00Z",
            "2021-13-01T00:00:00Z",
            "2021-12-31T24:00:00Z",
            "2021-12-31T19:00:00.Z",
            "2021-12-31T19:00:00+5:00",
            "2021-12-31T19:00:00Zulu",
            "example string",
            "",
            "Té+",
        ];
        assert!(right.iter().all(|text| is_time(text)));
        for text in wrong {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn telephone_numbers_need_their_country() {
        let cases = [
            ("+16136120707", Some("+16136120707")),
            ("+1(502)-459-2181", Some("+15024592181")),
            ("555-625-1199", None),
            ("555-555-SHIP", None),
            ("+555-555-SHIP", None),
            ("+0049301234567", None),
            ("+1234567", None),
            ("+12345678", Some("+12345678")),
            ("+49***456789", None),
        ];
        for (text, number) in cases {
            assert_eq!(e164(text).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn masked_values_are_no_domains_locales_or_addresses() {
        assert!(
            is_domain("example.myshopify.com") && !is_domain("{shop}.myshopify.com") && !is_domain("a..b")
        );
        assert!(is_locale("pt-BR") && is_locale("zh-Hant-TW") && !is_locale("example string"));
        assert!(is_email("jon@example.com") && is_email("zoë@büro.example"));
        assert!(!is_email("j***@example.com") && !is_email("*@example.com"));
        assert!(!is_email("example string") && !is_email("@example.com") && !is_email("a@b@example.com"));
    }
}

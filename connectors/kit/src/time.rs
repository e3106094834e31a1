//! Moments as text: from Unix seconds to RFC 3339, and whether a text already is RFC 3339.

/// The last second of the year 9999, beyond which RFC 3339 cannot write a date.
const LAST_SECOND: u64 = 253_402_300_799;

/// Seconds since 1970-01-01T00:00:00Z as RFC 3339 in UTC; none after the year 9999.
#[must_use]
pub fn from_unix(seconds: u64) -> Option<String> {
    if seconds > LAST_SECOND {
        return None;
    }
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// The text if it is an RFC 3339 date and time with an offset.
#[must_use]
pub fn rfc3339(text: &str) -> Option<String> {
    let (date, rest) = text.split_once('T')?;
    let (clock, offset) = rest.split_at_checked(rest.find(['Z', '+', '-'])?)?;
    (is_date(date) && is_clock(clock) && is_offset(offset)).then(|| text.to_owned())
}

/// A date and time without an offset that is known to be in UTC, as RFC 3339.
#[must_use]
pub fn from_utc(text: &str) -> Option<String> {
    rfc3339(&format!("{text}Z"))
}

/// Year, month and day of a count of days since 1970-01-01 in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day comes last; see Howard Hinnant, "chrono-compatible
/// low-level date algorithms", `civil_from_days`.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (
        parts.next().and_then(|part| digits(part, 4)),
        parts.next().and_then(|part| digits(part, 2)),
        parts.next().and_then(|part| digits(part, 2)),
        parts.next(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=length).contains(&day)
}

fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let mut next = |limit| parts.next().and_then(|part| digits(part, 2)).is_some_and(|part| part < limit);
    let in_range = next(24) && next(60) && next(60) && parts.next().is_none();
    in_range && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_offset(text: &str) -> bool {
    let pair = || {
        let (hour, minute) = text.strip_prefix(['+', '-'])?.split_once(':')?;
        Some(digits(hour, 2)? < 24 && digits(minute, 2)? < 60)
    };
    text == "Z" || pair() == Some(true)
}

/// The number that exactly this many digits write.
fn digits(text: &str, count: usize) -> Option<u16> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_seconds_become_rfc3339() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ];
        for (seconds, text) in cases {
            assert_eq!(from_unix(seconds).as_deref(), Some(text));
        }
        assert_eq!(from_unix(u64::MAX), None);
    }

    #[test]
    fn every_day_follows_the_one_before_and_is_a_date() {
        let mut before = civil(0);
        for days in 1..200_000 {
            let (year, month, day) = civil(days);
            let next_day = (year, month, day) == (before.0, before.1, before.2 + 1);
            let next_month = (year, month, day) == (before.0, before.1 + 1, 1);
            let next_year = (year, month, day) == (before.0 + 1, 1, 1) && before.1 == 12;
            assert!(next_day || next_month || next_year, "{before:?} then {year}-{month}-{day}");
            assert!(rfc3339(&from_unix(days * 86_400).unwrap()).is_some());
            before = (year, month, day);
        }
    }

    #[test]
    fn only_rfc3339_texts_are_moments() {
        for text in ["2026-08-20T12:00:00.051Z", "2026-08-20T12:00:00+02:00", "2024-02-29T23:59:59-23:59"] {
            assert_eq!(rfc3339(text).as_deref(), Some(text));
        }
        for text in [
            "",
            "T",
            "2026-08-20",
            "2026-08-20T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-08-20T24:00:00Z",
            "2026-08-20T12:00Z",
            "2026-08-20T12:00:00.Z",
            "2026-08-20T12:00:00+0200",
            "****-**-**T**:**:**Z",
        ] {
            assert_eq!(rfc3339(text), None, "{text}");
        }
        assert_eq!(from_utc("2026-11-22T19:28:02").as_deref(), Some("2026-11-22T19:28:02Z"));
        assert_eq!(from_utc("2026-11-22T19:28:02Z"), None);
        assert_eq!(from_utc(""), None);
    }
}

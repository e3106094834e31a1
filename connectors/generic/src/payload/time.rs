//! Moments as RFC 3339 text. There is no clock here, only what the sender wrote.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

/// The last second that RFC 3339 can write: 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

/// Forms without an offset, all taken as UTC.
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
/// Forms with an offset that RFC 3339 does not allow.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"];

/// The text itself when it is RFC 3339.
pub(crate) fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let separated = text.as_bytes().get(10) == Some(&b'T');
    (separated && DateTime::parse_from_rfc3339(text).is_ok()).then(|| text.to_owned())
}

/// Seconds since 1970 (`scale` 1) or milliseconds (`scale` 1000); a fraction is kept to the nanosecond.
pub(crate) fn from_unix(text: &str, scale: u32) -> Option<String> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let whole = whole.parse::<u64>().ok()?;
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let parts = digits.parse::<u32>().ok()?.checked_div(scale)?;
    let per_second = u64::from(scale);
    let seconds = i64::try_from(whole.checked_div(per_second)?).ok().filter(|seconds| *seconds <= LAST)?;
    let rest = u32::try_from(whole.checked_rem(per_second)?).ok()?;
    let nanos = rest.checked_mul(1_000_000_000_u32.checked_div(scale)?)?.checked_add(parts)?;
    Some(written(DateTime::from_timestamp(seconds, nanos)?))
}

/// A date or time in a common form of ISO 8601, `2020-01-31 10:00:00 UTC` included.
pub(crate) fn from_iso(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(instant) = instant(text) {
        return Some(instant);
    }
    let bare = text.strip_suffix(" UTC").unwrap_or(text);
    let offset = WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    offset
        .map(|time| time.to_utc())
        .or_else(|| {
            let naive = WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok());
            naive.map(|time| time.and_utc())
        })
        .or_else(|| {
            let date = NaiveDate::parse_from_str(bare, "%Y-%m-%d").ok()?;
            Some(date.and_time(NaiveTime::MIN).and_utc())
        })
        .filter(|time| (0..=LAST).contains(&time.timestamp()))
        .map(written)
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_times_become_rfc_3339() {
        let cases = [
            ("1561479335", 1, Some("2019-06-25T16:15:35Z")),
            ("1561479335.25", 1, Some("2019-06-25T16:15:35.250Z")),
            ("1561479335250", 1000, Some("2019-06-25T16:15:35.250Z")),
            ("0", 1, Some("1970-01-01T00:00:00Z")),
            ("-5", 1, None),
            ("99999999999999999999", 1, None),
            ("9999999999999999", 1, None),
            ("1.x", 1, None),
            ("", 1, None),
        ];
        for (text, scale, expected) in cases {
            assert_eq!(from_unix(text, scale).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn common_forms_become_rfc_3339() {
        let cases = [
            ("2023-03-25T16:22:37", Some("2023-03-25T16:22:37Z")),
            ("2023-03-25 16:22:37", Some("2023-03-25T16:22:37Z")),
            ("2023-03-25 16:22:37 UTC", Some("2023-03-25T16:22:37Z")),
            ("2023-03-25 16:22:37 +0100", Some("2023-03-25T15:22:37Z")),
            ("2023-03-25T16:22:37+0100", Some("2023-03-25T15:22:37Z")),
            ("2023-03-25", Some("2023-03-25T00:00:00Z")),
            ("2023-03-08T10:45:05+01:00", Some("2023-03-08T10:45:05+01:00")),
            ("25.03.2023", None),
            ("2019 - 09 - 22 T00: 00: 00 Z ", None),
        ];
        for (text, expected) in cases {
            assert_eq!(from_iso(text).as_deref(), expected, "{text}");
        }
        assert_eq!(instant("2023-03-25 16:22:37Z"), None);
    }
}

//! How commands are told of time: `30d` back, or a moment.

use chrono::{DateTime, TimeDelta, Utc};

/// Longest span, in minutes: ten years.
const MINUTES_MAX: i64 = 3650 * 24 * 60;

/// A span such as `90m`, `12h` or `30d`. It is never negative: whoever looks back would look ahead.
pub(super) fn span(text: &str) -> Result<TimeDelta, String> {
    read(text).ok_or_else(|| "must be a span such as 90m, 12h or 7d, of ten years at most".to_owned())
}

/// A moment, or a span back from now.
pub(super) fn when(text: &str) -> Result<DateTime<Utc>, String> {
    let moment = DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    moment.or_else(|| ase_engine::clock::now().checked_sub_signed(read(text)?)).ok_or_else(|| {
        "must be a span such as 90m, 12h or 7d, of ten years at most, or a time such as 2026-11-22T10:00:00Z"
            .to_owned()
    })
}

fn read(text: &str) -> Option<TimeDelta> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let each = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => return None,
    };
    let minutes = number.parse::<i64>().ok().filter(|number| *number >= 0)?.checked_mul(each)?;
    (minutes <= MINUTES_MAX).then(|| TimeDelta::minutes(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `é` has two bytes, of which the last is no unit.
    const WRONG: [&str; 11] =
        ["", "d", "7", "30", "7w", "x7d", "-1d", "-7d", "3651d", "9999999999999999999d", "3\u{e9}"];

    #[test]
    fn spans_are_minutes_hours_or_days() {
        assert_eq!(span("30d"), Ok(TimeDelta::days(30)));
        assert_eq!(span("12h"), Ok(TimeDelta::hours(12)));
        assert_eq!(span("90m"), Ok(TimeDelta::minutes(90)));
        assert_eq!(span("3650d"), Ok(TimeDelta::days(3650)));
        for wrong in WRONG.into_iter().chain(["2026-11-22T10:00:00Z"]) {
            assert!(span(wrong).unwrap_err().contains("7d"), "{wrong}");
        }
    }

    #[test]
    fn times_are_moments_or_spans_that_lie_behind() {
        let now = ase_engine::clock::now();
        for (text, minutes) in [("0d", 0), ("90m", 90), ("12h", 720), ("7d", 10_080)] {
            let back = now - when(text).unwrap();
            assert!(back.num_minutes().abs_diff(minutes) < 2, "{text}");
        }
        let moment = when("2026-11-22T10:00:00+01:00").unwrap();
        assert_eq!(moment.to_rfc3339(), "2026-11-22T09:00:00+00:00");
        for wrong in WRONG.into_iter().chain(["2026-11-22"]) {
            assert!(when(wrong).unwrap_err().contains("7d"), "{wrong}");
        }
    }
}

//! Times of a test, which an author writes as ages: `3 days ago`.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use crate::problem::step;

/// What an author may write for a time.
pub(super) const FORMS: &str =
    "must be `now`, an age such as `3 days ago`, or a time such as `2026-01-05T12:00:00Z`";

/// Longer ages lie before any account.
const YEARS_MAX: i64 = 200;

/// Reads `now`, `1 hour ago`, `30 minutes ago` or an RFC 3339 time.
pub(super) fn read(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["now"] => Some(now),
        [count, unit, "ago"] => now.checked_sub_signed(age(count.parse().ok()?, unit)?),
        [time] => DateTime::parse_from_rfc3339(time).ok().map(|time| time.with_timezone(&Utc)),
        _ => None,
    }
}

fn age(count: i64, unit: &str) -> Option<TimeDelta> {
    let seconds = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        "year" => 365 * 86_400,
        _ => return None,
    };
    let seconds = count.checked_mul(seconds)?;
    (0..=YEARS_MAX * 365 * 86_400).contains(&seconds).then(|| TimeDelta::seconds(seconds))
}

/// Replaces every age below `value` by its time. The pointer of the first member that is no time is returned.
pub(super) fn resolve(value: &mut Value, now: DateTime<Utc>) -> Result<(), String> {
    let Value::Object(members) = value else { return Ok(()) };
    // attributes are whatever the sender calls them
    for (name, member) in members.iter_mut().filter(|(name, _)| *name != "attributes") {
        let at_fault = match (member.as_str(), name.ends_with("_at")) {
            (Some(text), true) => match read(text, now) {
                Some(time) => {
                    *member = time.to_rfc3339_opts(SecondsFormat::AutoSi, true).into();
                    continue;
                }
                None => String::new(),
            },
            _ => match resolve(member, now) {
                Ok(()) => continue,
                Err(below) => below,
            },
        };
        return Err(format!("{}{at_fault}", step(name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ages_count_back_from_now() {
        let now: DateTime<Utc> = "2026-01-05T12:00:00Z".parse().unwrap();
        let table = [
            ("now", Some("2026-01-05T12:00:00Z")),
            ("1 hour ago", Some("2026-01-05T11:00:00Z")),
            ("90 minutes ago", Some("2026-01-05T10:30:00Z")),
            ("2 days ago", Some("2026-01-03T12:00:00Z")),
            ("1 year ago", Some("2025-01-05T12:00:00Z")),
            ("2025-12-24T20:00:00+02:00", Some("2025-12-24T18:00:00Z")),
            ("yesterday", None),
            ("-1 hours ago", None),
            ("1 month ago", None),
            ("9999999999999 years ago", None),
            ("", None),
        ];
        for (text, time) in table {
            assert_eq!(read(text, now), time.map(|time| time.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn times_are_found_at_any_depth_and_named() {
        let now: DateTime<Utc> = "2026-01-05T12:00:00Z".parse().unwrap();
        let mut event = json!({"action": {"destination": {"created_at": "1 day ago", "id": "1 day ago"}}});
        resolve(&mut event, now).unwrap();
        let resolved = json!({"created_at": "2026-01-04T12:00:00Z", "id": "1 day ago"});
        assert_eq!(event["action"]["destination"], resolved);
        let mut event = json!({"subject": {"created_at": "long ago"}});
        assert_eq!(resolve(&mut event, now), Err("/subject/created_at".to_owned()));
    }
}

//! The machine's clock, read here and nowhere else.
//!
//! It serves logs, waiting and the first look at a delivery. It never decides whether a code, a session or a
//! token has expired: that time is the database's.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};

/// The machine's time in whole microseconds, the precision the store keeps.
///
/// A clock set before 1970 or after the year 262142 reads as 1970-01-01.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).ok().and_then(DateTime::from_timestamp_micros).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_in_this_century_and_has_whole_microseconds() {
        let now = now();
        assert!(now.timestamp() > 1_700_000_000 && now.timestamp() < 4_102_444_800, "{now}");
        assert_eq!(now.timestamp_subsec_nanos() % 1000, 0);
    }
}

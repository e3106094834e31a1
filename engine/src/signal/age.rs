//! Ages in words.

/// `hours` as an analyst would say it: hours up to two days, then days.
pub(super) fn words(hours: i64) -> String {
    match hours {
        ..=0 => "less than an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn ages_read_naturally() {
        let table = [
            (0, "less than an hour"),
            (1, "1 hour"),
            (47, "47 hours"),
            (48, "2 days"),
            (71, "2 days"),
            (72, "3 days"),
        ];
        for (hours, text) in table {
            assert_eq!(words(hours), text);
        }
    }
}

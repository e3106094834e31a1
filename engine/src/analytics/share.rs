//! `Share`: how many of how many, with what chance alone could have made of it.

use serde::Serialize;

/// The two-sided quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// How many.
    pub count: i64,
    /// Of all; `None` of nothing.
    pub share: Option<f64>,
    /// Where the interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

impl Share {
    /// `count` of `of`, with the interval of Wilson (1927), which holds for few cases and for shares near 0 and 1 as
    /// well. All to four decimals.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn new(count: i64, of: i64) -> Self {
        if of <= 0 {
            return Self { count, share: None, low: 0.0, high: 1.0 };
        }
        let all = of as f64;
        let share = (count as f64 / all).clamp(0.0, 1.0);
        let centre = share + Z * Z / (2.0 * all);
        let half = Z * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        let scale = 1.0 + Z * Z / all;
        let bound = |end: f64| rounded((end / scale).clamp(0.0, 1.0));
        Self { count, share: Some(rounded(share)), low: bound(centre - half), high: bound(centre + half) }
    }
}

fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        // the last four: Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        let table = [
            (0, 0, None, 0.0, 1.0),
            (0, 10, Some(0.0), 0.0, 0.2775),
            (1, 10, Some(0.1), 0.0179, 0.4042),
            (5, 10, Some(0.5), 0.2366, 0.7634),
            (10, 10, Some(1.0), 0.7225, 1.0),
            (81, 263, Some(0.308), 0.2553, 0.3662),
            (15, 148, Some(0.1014), 0.0624, 0.1605),
            (0, 20, Some(0.0), 0.0, 0.1611),
            (1, 29, Some(0.0345), 0.0061, 0.1718),
        ];
        for (count, of, share, low, high) in table {
            assert_eq!(Share::new(count, of), Share { count, share, low, high }, "{count} of {of}");
        }
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_narrows_with_more(of in 1_i64..100_000, part in 0.0..=1.0_f64) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a part of a count")]
            let count = (of as f64 * part) as i64;
            let few = Share::new(count, of);
            let share = few.share.unwrap();
            prop_assert!(0.0 <= few.low && few.low <= share && share <= few.high && few.high <= 1.0, "{few:?}");
            let many = Share::new(count * 10, of * 10);
            prop_assert!(many.high - many.low <= few.high - few.low, "{few:?} {many:?}");
        }
    }
}

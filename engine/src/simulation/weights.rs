//! `Weights`: which reasons the scores of many events were made of.

use std::collections::BTreeMap;

use super::report::Weight;
use crate::score::Reason;

/// Points by reason, over a number of events.
#[derive(Debug, Default)]
pub(super) struct Weights {
    events: u32,
    points: BTreeMap<String, i64>,
}

impl Weights {
    pub(super) fn add(&mut self, reasons: &[Reason]) {
        self.events += 1;
        for reason in reasons {
            *self.points.entry(reason.code.clone()).or_default() += i64::from(reason.points);
        }
    }

    /// The reasons that moved the scores most, with their points per event.
    pub(super) fn heaviest(&self) -> Vec<Weight> {
        let mut weights: Vec<_> = self.points.iter().collect();
        weights.sort_by_key(|(code, points)| (std::cmp::Reverse(points.abs()), *code));
        let weight = |(code, points): (&String, &i64)| Weight {
            reason: code.clone(),
            points_per_event: tenths(*points, self.events),
        };
        weights.into_iter().take(12).map(weight).collect()
    }
}

/// A share of `points` to one digit, without the rest.
fn tenths(points: i64, events: u32) -> String {
    let tenths = points.abs() * 10 / i64::from(events.max(1));
    let sign = if points < 0 && tenths > 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_keep_their_sign() {
        for (points, events, text) in [(15, 10, "1.5"), (-5, 10, "-0.5"), (-105, 10, "-10.5"), (0, 0, "0.0")]
        {
            assert_eq!(tenths(points, events), text);
        }
    }
}

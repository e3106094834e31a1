//! `Step`: points from a limit on, the one shape in which signals grade what they find.

use serde::{Deserialize, Deserializer, Serialize};

/// Points for what passes a limit; the list it stands in says the unit and the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Hours, a count, a multiple, per cent or a score, as the name of the list says.
    pub limit: u32,
    /// What it adds to the score, 0 to 100.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

/// Steps written as pairs of limit and points.
pub(super) fn steps<const N: usize>(pairs: [(u32, i32); N]) -> Vec<Step> {
    pairs.into_iter().map(|(limit, points)| Step { limit, points }).collect()
}

/// Of the steps whose limit is passed, the one with the most points, so that their order does not matter.
pub(super) fn highest(steps: &[Step], passes: impl Fn(u32) -> bool) -> Option<Step> {
    steps.iter().copied().filter(|step| passes(step.limit)).max_by_key(|step| step.points)
}

/// Points of a signal, 0 to 100. Which signals take theirs off is not for a document to say, so that none can be made
/// to clear a scam.
pub(crate) fn read_points<'de, D: Deserializer<'de>>(reader: D) -> Result<i32, D::Error> {
    let points = i32::deserialize(reader)?;
    if (0..=100).contains(&points) { Ok(points) } else { Err(serde::de::Error::custom("must be 0 to 100")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_steps_does_not_matter() {
        let rising = steps([(24, 15), (168, 10), (720, 5)]);
        let falling = steps([(720, 5), (168, 10), (24, 15)]);
        for hours in [0, 23, 24, 167, 168, 719, 720] {
            let below = |limit| hours < limit;
            assert_eq!(highest(&rising, below), highest(&falling, below), "{hours}");
        }
        assert_eq!(highest(&[], |_| true), None);
    }
}

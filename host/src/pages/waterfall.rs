//! `Step`: how the points of reasons add up to a score, as bars to draw.

use serde::Serialize;

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonView {
    /// Stable code, such as `NEW_DEVICE`.
    pub code: String,
    /// What it adds; negative for a cap.
    pub points: i32,
    /// One sentence with the facts behind it.
    pub detail: String,
}

/// One bar of the waterfall. `offset` and `width` are percent of the widest sum reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The reason behind the bar.
    #[serde(flatten)]
    pub reason: ReasonView,
    /// Where the bar begins, 0 to 100.
    pub offset: i64,
    /// How wide it is, 0 to 100.
    pub width: i64,
    /// The sum once this reason is counted.
    pub sum: i64,
}

/// Lays the reasons out from left to right. The scale is 100 points, or more where a sum passes them before a cap.
pub(super) fn steps(reasons: &[ReasonView]) -> Vec<Step> {
    let scale = sums(reasons).map(|(_, sum)| sum).max().unwrap_or(0).max(100);
    let percent = |points: i64| points.clamp(0, scale) * 100 / scale;
    reasons
        .iter()
        .zip(sums(reasons))
        .map(|(reason, (before, sum))| {
            let (offset, end) = (percent(before.min(sum)), percent(before.max(sum)));
            Step { reason: reason.clone(), offset, width: end - offset, sum }
        })
        .collect()
}

/// The sum before and after each reason.
fn sums(reasons: &[ReasonView]) -> impl Iterator<Item = (i64, i64)> + '_ {
    reasons.iter().scan(0_i64, |sum, reason| {
        let before = *sum;
        *sum = before.saturating_add(i64::from(reason.points));
        Some((before, *sum))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(points: &[i32]) -> Vec<ReasonView> {
        points.iter().map(|&points| ReasonView { code: "X".into(), points, detail: String::new() }).collect()
    }

    #[test]
    fn bars_follow_one_another() {
        let laid: Vec<_> =
            steps(&reasons(&[15, 30, 12])).iter().map(|s| (s.offset, s.width, s.sum)).collect();
        assert_eq!(laid, [(0, 15, 15), (15, 30, 45), (45, 12, 57)]);
    }

    #[test]
    fn a_cap_runs_backwards_on_a_wider_scale() {
        let laid: Vec<_> =
            steps(&reasons(&[120, 80, -100])).iter().map(|s| (s.offset, s.width, s.sum)).collect();
        assert_eq!(laid, [(0, 60, 120), (60, 40, 200), (50, 50, 100)]);
    }

    #[test]
    fn extreme_points_stay_inside_the_picture() {
        for step in steps(&reasons(&[i32::MAX, i32::MAX, i32::MIN, -5])) {
            assert!((0..=100).contains(&step.offset) && (0..=100).contains(&(step.offset + step.width)));
        }
        assert!(steps(&[]).is_empty());
    }
}

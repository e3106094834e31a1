//! `PROVIDER_RISK`: somebody else already rated the risk as high.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by the highest rating that came with the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderRisk {
    /// Whether it counts.
    pub mode: Mode,
    /// From a rating of so many of 100 on.
    pub from_score: Vec<Step>,
}

impl Default for ProviderRisk {
    fn default() -> Self {
        Self { mode: Mode::Live, from_score: steps([(65, 20), (75, 35)]) }
    }
}

impl Signal for ProviderRisk {
    fn code(&self) -> &'static str {
        "PROVIDER_RISK"
    }

    fn group(&self) -> Group {
        Group::Provider
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        let Some(rating) = event.signals.iter().max_by(|one, other| one.score.total_cmp(&other.score)) else {
            return Finding::Miss;
        };
        match highest(&self.from_score, |limit| rating.score >= f64::from(limit)) {
            Some(step) => Finding::hit(step.points, format!("{} says {} of 100", rating.name, rating.score)),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{event, history, outline};

    #[test]
    fn highest_rating_counts() {
        let table: [(&[f64], i32); 7] = [
            (&[], 0),
            (&[64.9], 0),
            (&[65.0], 20),
            (&[74.9], 20),
            (&[75.0], 35),
            (&[0.0, 100.0, 66.0], 35),
            (&[70.0, 1.0], 20),
        ];
        for (scores, points) in table {
            let signals: Vec<_> =
                scores.iter().map(|score| json!({"name": "fraud", "score": score})).collect();
            let event = event("payment.created", json!({"signals": signals}));
            assert_eq!(
                outline(ProviderRisk::default().judge(&Features::new(&event, history()))),
                Ok(points),
                "{scores:?}"
            );
        }
    }
}

//! `TopicCoverage`: which of the topics that a manifest declares some fixture really turned into events.

use serde::Serialize;

use super::{Golden, Request};
use crate::connectors::Manifest;

/// Which declared topics were exercised.
#[derive(Debug, Default, Serialize)]
pub struct TopicCoverage {
    /// Those that some fixture turned into events or a reply.
    pub exercised: Vec<String>,
    /// Those that none did.
    pub missing: Vec<String>,
}

impl TopicCoverage {
    /// Of the topics of a manifest, those among `seen`.
    pub(super) fn new(manifest: &Manifest, seen: &[String]) -> Self {
        let topics = manifest.topics.iter().map(|topic| topic.name.clone());
        let (exercised, missing) = topics.partition(|topic| seen.contains(topic));
        Self { exercised, missing }
    }

    /// Whole per cent, rounded down; all of nothing is all.
    #[must_use]
    pub fn percent(&self) -> u32 {
        let all = self.exercised.len() + self.missing.len();
        let percent = (self.exercised.len() * 100).checked_div(all).unwrap_or(100);
        u32::try_from(percent).unwrap_or(100)
    }
}

/// The topic that a request is about: as its file says, else the one that stands in a header or, as a JSON text, in the
/// body. Only what became something counts as exercised.
pub(super) fn topic_of(request: &Request, golden: &Golden, manifest: &Manifest) -> Option<String> {
    if !matches!(golden.verdict, "events" | "reply") {
        return None;
    }
    if request.topic.is_some() {
        return request.topic.clone();
    }
    let names = || manifest.topics.iter().map(|topic| topic.name.as_str());
    let in_header =
        |name: &&str| request.delivery.headers.iter().any(|(_, value)| value.as_slice() == name.as_bytes());
    let in_body = |name: &&str| {
        let quoted = format!("\"{name}\"");
        request.delivery.body.windows(quoted.len()).any(|window| window == quoted.as_bytes())
    };
    names().find(in_header).or_else(|| names().find(in_body)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(exercised: usize, missing: usize) -> TopicCoverage {
        TopicCoverage { exercised: vec![String::new(); exercised], missing: vec![String::new(); missing] }
    }

    #[test]
    fn per_cent_is_never_flattered() {
        for (exercised, missing, percent) in [(0, 0, 100), (2, 1, 66), (199, 1, 99), (3, 0, 100), (0, 3, 0)] {
            assert_eq!(coverage(exercised, missing).percent(), percent);
        }
    }
}

//! `Suite`: every recorded request of a directory.

use std::path::PathBuf;

use serde::Serialize;

use super::coverage::TopicCoverage;
use super::fixture::{self, EXPECTED, Fixture, Verdict};
use super::request::SUFFIX;
use super::{KitError, Specimen};

/// A directory of fixtures.
#[derive(Debug)]
pub struct Suite {
    /// Where they are.
    pub dir: PathBuf,
    /// Write what comes instead of comparing it.
    pub update: bool,
    /// Per cent of the declared topics that must be exercised.
    pub min_coverage: Option<u32>,
}

/// What came of all of them.
#[derive(Debug, Serialize)]
pub struct SuiteReport {
    /// Each in order of name.
    pub fixtures: Vec<Fixture>,
    /// Which declared topics they exercised.
    pub coverage: TopicCoverage,
    /// What is wrong beyond single fixtures.
    pub problems: Vec<String>,
}

impl SuiteReport {
    /// How many ended so.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.fixtures.iter().filter(|fixture| fixture.verdict == verdict).count()
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.count(Verdict::Failed) == 0 && self.problems.is_empty()
    }
}

impl Suite {
    /// Runs the samples of the manifest and every fixture.
    ///
    /// # Errors
    /// The directory cannot be read, or there is nothing in it to test.
    pub async fn run(&self, specimen: &Specimen) -> Result<SuiteReport, KitError> {
        let requests = fixture::files(&self.dir, SUFFIX)?;
        if requests.is_empty() {
            let problem = format!("holds no NAME{SUFFIX}: record one (connectors/README.md shows how)");
            return Err(KitError::Directory { path: self.dir.clone(), problem });
        }
        let mut problems = self.orphans()?;
        if let Err(error) = specimen.prove().await {
            problems.push(error.to_string());
        }
        let mut fixtures = Vec::new();
        for request in &requests {
            fixtures.push(fixture::run(specimen, request, self.update).await);
        }
        let seen: Vec<String> = fixtures.iter().filter_map(|fixture| fixture.topic.clone()).collect();
        let coverage = TopicCoverage::new(specimen.manifest(), &seen);
        problems.extend(self.too_little(&coverage));
        Ok(SuiteReport { fixtures, coverage, problems })
    }

    /// Answers without a request: somebody renamed one and believes that both are tested.
    fn orphans(&self) -> Result<Vec<String>, KitError> {
        let expected = fixture::files(&self.dir, EXPECTED)?;
        let lost = expected.iter().filter(|file| !fixture::request_path(file).exists());
        let named = |file: &PathBuf| file.file_name().unwrap_or_default().display().to_string();
        Ok(lost
            .map(|file| format!("{} belongs to no request: rename it or remove it", named(file)))
            .collect())
    }

    fn too_little(&self, coverage: &TopicCoverage) -> Option<String> {
        let least = self.min_coverage.filter(|least| coverage.percent() < *least)?;
        Some(format!(
            "fixtures exercise {} % of the declared topics, and {least} % are asked for",
            coverage.percent()
        ))
    }
}

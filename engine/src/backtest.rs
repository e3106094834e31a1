//! `Backtest`: what a candidate would have decided of the decisions that were made.
//!
//! It judges the stored features again, so it sees exactly what was known then and nothing that came later.

mod report;

use chrono::{DateTime, Utc};

use crate::Engine;
use crate::decision::{Decision, decide};
use crate::features::Features;
use crate::policy::{Policy, PolicyVersion};
use crate::rule::RuleSet;
use crate::store::decisions::{self, Past};
use crate::store::{Scope, StoreError};

pub use report::{Changed, Report, Transition};

/// How many decisions are read at once.
const PAGE: i64 = 10_000;

/// What to judge again.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// From when on.
    pub since: DateTime<Utc>,
    /// At most so many decisions, from the oldest on; all where it is `None`.
    pub limit: Option<u64>,
}

impl Engine {
    /// Judges the decisions of an organisation again under `candidate`. `progress` is called with how many are done
    /// and how many there are. The next page is read while one is judged; judging goes on off the response path.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn backtest(
        &self,
        org_id: &str,
        candidate: &PolicyVersion,
        span: Span,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Report, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let all = u64::try_from(decisions::count(&mut tx, org_id, span.since).await?).unwrap_or(0);
        let all = span.limit.map_or(all, |limit| all.min(limit));
        let mut report = Report::default();
        let mut page = decisions::page(&mut tx, org_id, span.since, None, PAGE).await?;
        while !page.is_empty() && report.decisions < all {
            page.truncate(usize::try_from(all - report.decisions).unwrap_or(usize::MAX));
            let after = page.last().map(|last| (last.decided_at, last.session_id.clone()));
            let judging = judge_apart(candidate.clone(), std::mem::take(&mut report), page);
            let next = decisions::page(&mut tx, org_id, span.since, after, PAGE);
            let (judged, next) = tokio::join!(judging, next);
            (report, page) = (judged?, next?);
            progress(report.decisions, all);
        }
        tx.commit().await?;
        Ok(report)
    }
}

/// Judges a page on a thread that no request waits for.
async fn judge_apart(
    candidate: PolicyVersion,
    mut report: Report,
    page: Vec<Past>,
) -> Result<Report, StoreError> {
    let judging = tokio::task::spawn_blocking(move || {
        for past in &page {
            judge(&candidate.policy, &candidate.rules, &mut report, past);
        }
        report
    });
    judging.await.or(Err(StoreError::Corrupt("snapshot")))
}

/// Judges one decision again and adds it to the report. One whose snapshot does not read back is counted apart.
pub fn judge(policy: &Policy, rules: &RuleSet, report: &mut Report, past: &Past) {
    match Features::from_json(&past.features) {
        Ok(features) if features.event.test => report.add_test(),
        Ok(features) => {
            let decision: Decision = decide(&features, policy, rules);
            report.add(past, &features, &decision);
        }
        Err(_) => report.add_unreadable(),
    }
}

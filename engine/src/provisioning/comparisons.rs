//! A shadow version of a connector beside the live one: what is noted, and what is shown.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Engine;
use crate::store::connector_comparisons::{Counts, CountsRow, DifferenceRow, Pair};
use crate::store::{self, Scope, StoreError};

/// Deliveries of one shadow that are kept as examples.
const EXAMPLES: i64 = 100;
/// Pairs of versions that are shown.
const PAIRS: i64 = 20;

/// One delivery that two versions read.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Whose delivery, and which versions.
    pub pair: Pair,
    /// The delivery.
    pub delivery_id: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Both read the same.
    Same,
    /// They differ at these JSON pointers. Values are never kept: they are personal.
    Different(Vec<String>),
    /// The shadow failed; how, in one word.
    Failed(&'static str),
}

/// How a shadow does.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The connector.
    pub connector_id: String,
    /// How often what came of it, per pair of versions, the latest first.
    pub comparisons: Vec<CountsRow>,
    /// The first deliveries that were read otherwise.
    pub differences: Vec<DifferenceRow>,
}

impl Engine {
    /// Notes comparisons, many at once.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then none is noted.
    pub async fn note_comparisons(&self, compared: &[Compared]) -> Result<(), StoreError> {
        // in one order on every node, so that none waits for another in a circle
        let mut counts: BTreeMap<&Pair, Counts> = BTreeMap::new();
        for one in compared {
            let counts = counts.entry(&one.pair).or_default();
            match one.verdict {
                Verdict::Same => counts.same += 1,
                Verdict::Different(_) => counts.different += 1,
                Verdict::Failed(_) => counts.failed += 1,
            }
        }
        let mut tx = self.store.begin(Scope::System).await?;
        for (pair, counts) in counts {
            store::connector_comparisons::count(&mut tx, pair, counts).await?;
        }
        for one in compared {
            let found: (Option<&str>, &[String]) = match &one.verdict {
                Verdict::Same => continue,
                Verdict::Different(pointers) => (None, pointers),
                Verdict::Failed(how) => (Some(how), &[]),
            };
            store::connector_comparisons::keep(&mut tx, &one.pair, &one.delivery_id, found, EXAMPLES).await?;
        }
        tx.commit().await
    }

    /// How the shadows of a connector do beside what is live.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn connector_comparison(&self, connector_id: &str) -> Result<Comparison, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let comparisons = store::connector_comparisons::counts(&mut tx, connector_id, None, PAIRS).await?;
        let differences =
            store::connector_comparisons::differences(&mut tx, connector_id, None, EXAMPLES).await?;
        tx.commit().await?;
        Ok(Comparison { connector_id: connector_id.to_owned(), comparisons, differences })
    }
}

//! `connector compare`: how a shadow reads beside the live version.

use serde_json::json;

use crate::cli::{CliError, Desk, Output};

/// Shows the counts, and where the first deliveries differ.
pub(super) async fn run(desk: &Desk, id: &str, output: &Output) -> Result<(), CliError> {
    let comparison = desk.engine.connector_comparison(id).await?;
    if output.is_json() {
        return output.fields(&comparison);
    }
    let digits = |digest: &str| digest.get(..19).unwrap_or(digest).to_owned();
    let rows: Vec<_> = comparison
        .comparisons
        .iter()
        .map(|row| {
            json!({ "live": digits(&row.live_digest), "shadow": digits(&row.shadow_digest), "same": row.same,
                "different": row.different, "failed": row.failed, "last_at": row.last_at })
        })
        .collect();
    output.rows(&rows, &["live", "shadow", "same", "different", "failed", "last_at"])?;
    let rows: Vec<_> = comparison
        .differences
        .iter()
        .map(|row| {
            let told = row.failure.clone().unwrap_or_else(|| row.pointers.join(" "));
            json!({ "delivery_id": row.delivery_id, "shadow": digits(&row.shadow_digest), "differs_at": told })
        })
        .collect();
    if rows.is_empty() { Ok(()) } else { output.rows(&rows, &["delivery_id", "shadow", "differs_at"]) }
}

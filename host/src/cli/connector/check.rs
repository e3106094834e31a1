//! `connector check`.

use std::path::Path;

use serde_json::json;

use crate::cli::{CliError, Output};
use crate::connectors::kit::Kit;

/// Prints every check; fails when one failed.
pub(super) async fn run(kit: &Kit, file: &Path, output: &Output) -> Result<(), CliError> {
    let report = kit.check(file).await;
    let failed = report.failed();
    if output.is_json() {
        output.fields(&json!({ "file": file, "good": failed == 0, "checks": report.checks }))?;
    } else {
        output.rows(&report.checks, &["check", "status", "found"])?;
    }
    if failed == 0 {
        return Ok(());
    }
    let all = report.checks.len();
    Err(CliError::Refuted(format!("{}: {failed} of {all} checks failed; no server takes it", file.display())))
}

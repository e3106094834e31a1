//! `connector list`.

use std::path::PathBuf;

use crate::cli::{CliError, Common, Desk, Output};
use crate::connectors::{ConnectorStatus, Connectors, Origin};

/// Loads and proves what a server would.
pub(super) async fn run(common: &Common, dir: Option<PathBuf>, output: &Output) -> Result<(), CliError> {
    let mut config = common.settings()?.connectors()?;
    config.dir = dir.or(config.dir);
    let connectors = Connectors::start(config).await?;
    // whoever writes a connector needs no database
    if common.settings()?.has("database.url") {
        connectors.sync(&Desk::open(common)?.engine).await?;
    }
    let found = connectors.list();
    connectors.stop().await;
    if output.is_json() {
        return output.rows(&found, &[]);
    }
    let rows: Vec<_> = found.iter().map(row).collect();
    output.rows(&rows, &["id", "version", "title", "origin", "grant", "digest", "last_error"])
}

fn row(status: &ConnectorStatus) -> serde_json::Value {
    let origin = match &status.origin {
        Origin::Bundled => "bundled".to_owned(),
        Origin::Installed => "installed".to_owned(),
        Origin::File(path) => path.display().to_string(),
    };
    let digest = status.digest.as_deref().and_then(|digest| digest.get(..19));
    serde_json::json!({ "id": status.id, "version": status.version, "title": status.title, "origin": origin,
        "grant": status.grant, "digest": digest, "last_error": status.last_error })
}

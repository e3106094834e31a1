//! `connector list`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{CliError, Common, Output};
use crate::connectors::{ConnectorStatus, Connectors, Origin};

/// Commands of `ase connector`.
#[derive(Debug, Subcommand)]
pub(super) enum ConnectorCommand {
    /// Load and prove every connector, and say which can be used
    List {
        /// Further connectors
        #[arg(long, value_name = "DIR")]
        connectors_dir: Option<PathBuf>,
    },
}

/// Runs one of them.
pub(super) async fn run(
    common: &Common,
    command: &ConnectorCommand,
    output: &Output,
) -> Result<(), CliError> {
    let ConnectorCommand::List { connectors_dir } = command;
    let mut config = common.settings()?.connectors()?;
    if connectors_dir.is_some() {
        config.dir.clone_from(connectors_dir);
    }
    let connectors = Connectors::start(config).await?;
    let found = connectors.list();
    connectors.stop().await;
    if output.is_json() {
        return output.rows(&found, &[]);
    }
    let rows: Vec<_> = found.iter().map(row).collect();
    output.rows(&rows, &["id", "version", "title", "origin", "digest", "last_error"])
}

fn row(status: &ConnectorStatus) -> serde_json::Value {
    let origin = match &status.origin {
        Origin::Bundled => "bundled".to_owned(),
        Origin::File(path) => path.display().to_string(),
    };
    let digest = status.digest.as_deref().and_then(|digest| digest.get(..19));
    serde_json::json!({ "id": status.id, "version": status.version, "title": status.title, "origin": origin,
        "digest": digest, "last_error": status.last_error })
}

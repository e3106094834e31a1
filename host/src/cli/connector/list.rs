//! `connector list`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::serving;
use crate::cli::{CliError, Common, Desk, Output};
use crate::connectors::{ConnectorStatus, Connectors, Origin};

/// Loads and proves what a server would.
pub(super) async fn run(
    common: &Common,
    dir: Option<PathBuf>,
    server: Option<SocketAddr>,
    output: &Output,
) -> Result<(), CliError> {
    let held = held(common, server).await?;
    let settings = common.settings()?;
    let mut config = settings.connectors()?;
    config.dir = dir.or(config.dir);
    let connectors = Connectors::start(config).await?;
    // whoever writes a connector needs no database
    if settings.has("database.url") {
        connectors.sync(&Desk::open(common)?.engine).await?;
    }
    let found = connectors.list();
    connectors.stop().await;
    if output.is_json() {
        let told: Vec<_> = found.iter().map(|status| told(status, held.as_ref())).collect();
        return output.rows(&told, &[]);
    }
    let rows: Vec<_> = found.iter().map(|status| row(status, held.as_ref())).collect();
    output.rows(&rows, &["id", "version", "title", "origin", "grant", "digest", "state", "last_error"])
}

/// What a running server holds back. Unknown without one.
async fn held(common: &Common, server: Option<SocketAddr>) -> Result<Option<BTreeSet<String>>, CliError> {
    let Some(address) = server else { return Ok(None) };
    let token = common.settings()?.metrics_token()?.ok_or_else(|| {
        let problem = "--server needs ASE_METRICS_TOKEN, the one that the server was started with";
        CliError::Argument(problem.to_owned())
    })?;
    Ok(Some(serving::quarantined(address, &token).await?))
}

/// All that is known, with what the server said of it.
fn told(status: &ConnectorStatus, held: Option<&BTreeSet<String>>) -> serde_json::Value {
    let mut told = serde_json::json!(status);
    if let (Some(fields), Some(held)) = (told.as_object_mut(), held) {
        fields.insert("quarantined".to_owned(), held.contains(&status.id).into());
    }
    told
}

fn row(status: &ConnectorStatus, held: Option<&BTreeSet<String>>) -> serde_json::Value {
    let origin = match &status.origin {
        Origin::Bundled => "bundled".to_owned(),
        Origin::Installed => "installed".to_owned(),
        Origin::File(path) => path.display().to_string(),
    };
    let digest = status.digest.as_deref().and_then(|digest| digest.get(..19));
    let state = match held {
        Some(held) if held.contains(&status.id) => Some("quarantined"),
        _ => status.version.as_ref().map(|_| "in use"),
    };
    serde_json::json!({ "id": status.id, "version": status.version, "title": status.title, "origin": origin,
        "grant": status.grant, "digest": digest, "state": state, "last_error": status.last_error })
}

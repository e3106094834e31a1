//! `source create`, `source list`, `source rotate` and `source disable`.

use ase_engine::provisioning::{NewSource, SECRET_OVERLAP_HOURS};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::desk::read_secret;
use super::{CliError, Desk, Output};
use crate::connectors::{Connectors, Coverage, Manifest};
use crate::trial;

/// Commands of `ase source`.
#[derive(Debug, Subcommand)]
pub(super) enum SourceCommand {
    /// Make a source; its secret is printed once and never again
    Create(NewSourceArgs),
    /// List the sources of an organisation
    List {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    /// Give a source a new secret; the old ones count for a day more
    Rotate {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `src_…`
        source_id: String,
        /// Take the secret from standard input instead of making one
        #[arg(long)]
        secret_stdin: bool,
    },
    /// Say how long a source may be silent before that is worth a look: in the log, the audit log and a metric
    Expect {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `src_…`
        source_id: String,
        /// Minutes without a delivery; 0 for never mind
        #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(i32).range(0..=43_200))]
        within: i32,
    },
    /// Which secrets of a source are good, until when, and when each proved a delivery last
    Secrets {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `src_…`
        source_id: String,
    },
    /// End an old secret of a source before its day is over
    EndSecret {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `src_…`
        source_id: String,
        /// `sec_…` (`ase source secrets`)
        secret_id: String,
    },
    /// Answer the webhooks of a source no longer
    Disable {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `src_…`
        source_id: String,
    },
}

/// Arguments of `ase source create`.
#[derive(Debug, Args)]
pub(super) struct NewSourceArgs {
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
    /// Which connector reads it (`ase connector list`)
    connector: String,
    /// As operators know it
    #[arg(long)]
    name: String,
    /// A setting of the connector, repeatable; its value is read from a file where it is written `@path`
    #[arg(long = "setting", value_name = "NAME=VALUE|@FILE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// Take the secret that the platform gave from standard input instead of making one
    #[arg(long)]
    secret_stdin: bool,
    /// How old or how far ahead a signature may be, in seconds
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(i32).range(1..=3600))]
    tolerance: i32,
    /// Accept HMAC-SHA-1
    #[arg(long)]
    allow_sha1: bool,
    /// Accept signatures that cover a part of the body alone
    #[arg(long)]
    accept_partial: bool,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    let value = match value.strip_prefix('@') {
        None => value.to_owned(),
        Some(path) => {
            let read = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
            read.trim_end().to_owned()
        }
    };
    Ok((name.to_owned(), value))
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: SourceCommand, output: &Output) -> Result<(), CliError> {
    match command {
        SourceCommand::Create(new) => create(desk, new, output).await,
        SourceCommand::List { org } => list(desk, org, output).await,
        SourceCommand::Rotate { org, source_id, secret_stdin } => {
            let org = desk.org(org).await?;
            let given = secret_stdin.then(read_secret).transpose()?;
            let new = desk.engine.rotate_source(&org, &source_id, given, &desk.actor).await?;
            let shown = (!secret_stdin).then(|| new.secret.expose_secret());
            output.fields(&json!({ "source_id": source_id, "secret_id": new.secret_id, "secret": shown,
                "overlap_hours": SECRET_OVERLAP_HOURS }))
        }
        SourceCommand::Expect { org, source_id, within } => {
            let org = desk.org(org).await?;
            let minutes = (within > 0).then_some(within);
            desk.engine.expect_source_within(&org, &source_id, minutes, &desk.actor).await?;
            output.fields(&json!({ "source_id": source_id, "silence_minutes": minutes }))
        }
        SourceCommand::Secrets { org, source_id } => {
            let org = desk.org(org).await?;
            let secrets = desk.engine.source_secrets(&org, &source_id).await?;
            output.rows(&secrets, &["secret_id", "created_at", "not_after", "last_matched_at"])
        }
        SourceCommand::EndSecret { org, source_id, secret_id } => {
            let org = desk.org(org).await?;
            desk.engine.end_source_secret(&org, &source_id, &secret_id, &desk.actor).await?;
            output.fields(&json!({ "source_id": source_id, "secret_id": secret_id, "ended": true }))
        }
        SourceCommand::Disable { org, source_id } => {
            let org = desk.org(org).await?;
            desk.engine.disable_source(&org, &source_id, &desk.actor).await?;
            output.fields(&json!({ "source_id": source_id, "disabled": true }))
        }
    }
}

async fn create(desk: &Desk, new: NewSourceArgs, output: &Output) -> Result<(), CliError> {
    let org = desk.org(new.org.clone()).await?;
    let connectors = Connectors::start(desk.settings.connectors()?).await?;
    connectors.sync(&desk.engine).await?;
    let checked = checked(&connectors, &new).await;
    connectors.stop().await;
    checked.map_err(CliError::Argument)?;
    let settings: Map<String, Value> =
        new.settings.into_iter().map(|(name, value)| (name, value.into())).collect();
    let source = NewSource {
        connector: new.connector.clone(),
        name: new.name,
        settings: Value::Object(settings),
        secret: new.secret_stdin.then(read_secret).transpose()?,
        tolerance_seconds: new.tolerance,
        allow_sha1: new.allow_sha1,
        accept_partial: new.accept_partial,
    };
    let (source_id, secret) = desk.engine.create_source(&org, source, &desk.actor).await?;
    let shown = (!new.secret_stdin).then(|| secret.expose_secret().to_owned());
    let url = format!("{}/webhooks/{}/{source_id}", desk.engine.public_url(), new.connector);
    output.fields(&json!({ "source_id": source_id, "url": url, "secret": shown }))
}

/// Whether the connector is there, and finds nothing wrong with the settings.
async fn checked(connectors: &Connectors, new: &NewSourceArgs) -> Result<(), String> {
    let manifest = connectors.manifest(&new.connector);
    check(manifest.as_deref(), &new.connector, &new.settings, new.accept_partial)?;
    match trial::mistake(connectors, &new.connector, new.settings.clone()).await {
        Ok(None) => Ok(()),
        Ok(Some(mistake)) => Err(mistake),
        Err(error) => Err(format!("`{}` cannot be asked about its settings: {}", new.connector, error.fault)),
    }
}

/// Whether the connector is there and its manifest knows these settings.
fn check(
    manifest: Option<&Manifest>,
    connector: &str,
    settings: &[(String, String)],
    accept_partial: bool,
) -> Result<(), String> {
    let manifest =
        manifest.ok_or_else(|| format!("there is no connector `{connector}`: see `ase connector list`"))?;
    let known: Vec<&str> = manifest.settings.iter().map(|spec| spec.name.as_str()).collect();
    if let Some((name, _)) = settings.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return Err(format!("`{connector}` has no setting `{name}`; it has: {}", known.join(", ")));
    }
    let given = |name: &str| settings.iter().any(|(other, _)| other == name);
    if let Some(spec) = manifest.settings.iter().find(|spec| spec.required && !given(&spec.name)) {
        return Err(format!("`{connector}` needs --setting {}=…: {}", spec.name, spec.description));
    }
    if manifest.signs == Coverage::Partial && !accept_partial {
        return Err(format!(
            "`{connector}` signs a part of the body alone: say --accept-partial to accept that"
        ));
    }
    Ok(())
}

async fn list(desk: &Desk, org: Option<String>, output: &Output) -> Result<(), CliError> {
    let org = desk.org(org).await?;
    let sources = desk.engine.sources(&org).await?;
    let rows: Vec<_> = sources
        .into_iter()
        .map(|source| {
            let url = format!("{}/webhooks/{}/{}", desk.engine.public_url(), source.connector, source.source_id);
            json!({ "source_id": source.source_id, "connector": source.connector, "name": source.name, "url": url,
                "settings": source.settings, "tolerance_seconds": source.tolerance_seconds,
                "allow_sha1": source.allow_sha1, "accept_partial": source.accept_partial,
                "connector_digest": source.connector_digest, "silence_minutes": source.silence_minutes, "silent_since": source.silent_since,
                "created_at": source.created_at, "disabled_at": source.disabled_at })
        })
        .collect();
    output.rows(&rows, &["source_id", "connector", "name", "silent_since", "disabled_at", "url"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_can_stand_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mapping.json");
        std::fs::write(&path, "{\"id\": 1}\n").unwrap();
        let given = format!("mapping=@{}", path.display());
        assert_eq!(setting(&given), Ok(("mapping".to_owned(), "{\"id\": 1}".to_owned())));
        assert_eq!(setting("url=https://a?b=c"), Ok(("url".to_owned(), "https://a?b=c".to_owned())));
        let missing = setting("mapping=@/none/mapping.json").unwrap_err();
        assert!(missing.starts_with("/none/mapping.json: "), "{missing}");
        assert!(setting("mapping").is_err());
    }
}

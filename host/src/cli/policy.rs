//! `policy check`, `schema`, `preset` and `show`; what becomes of versions is in [`life`].

pub(super) mod document;

use std::path::PathBuf;

use clap::Subcommand;

use super::life::{self, LifeCommand};
use super::{CliError, Common, Desk, Output};

/// Commands of `ase policy`.
#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Check a document, its rules and its tests, without a database
    Check {
        /// The document in YAML or JSON; `-` for standard input
        file: PathBuf,
    },
    /// Print the JSON Schema of documents, for editors
    Schema,
    /// Print a document to start from
    Preset {
        /// Its name
        #[arg(required_unless_present = "list")]
        name: Option<String>,
        /// Tell which there are
        #[arg(long, conflicts_with = "name")]
        list: bool,
    },
    /// Print the live policy as it could be published again
    Show {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    #[command(flatten)]
    Life(LifeCommand),
}

/// Runs one of them. What is about a document alone needs no configuration.
pub(super) async fn run(common: &Common, command: PolicyCommand, output: &Output) -> Result<(), CliError> {
    match command {
        PolicyCommand::Check { file } => document::check(&file, output),
        PolicyCommand::Schema => document::schema(output),
        PolicyCommand::Preset { name: Some(name), .. } => document::preset(&name, output),
        PolicyCommand::Preset { name: None, .. } => document::presets(output),
        PolicyCommand::Show { org } => show(&Desk::open(common)?, org, output).await,
        PolicyCommand::Life(command) => life::run(&Desk::open(common)?, command, output).await,
    }
}

async fn show(desk: &Desk, org: Option<String>, output: &Output) -> Result<(), CliError> {
    let org = desk.org(org).await?;
    let policies = desk.engine.policies(&org).await?;
    let live = policies.iter().find(|policy| policy.status == "live");
    let live = live.ok_or_else(|| CliError::Argument("the organisation has no live policy".to_owned()))?;
    Ok(output.line(serde_json::to_string_pretty(&live.document)?)?)
}

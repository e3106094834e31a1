//! `policy show`.

use clap::Subcommand;

use super::life::{self, LifeCommand};
use super::{CliError, Desk, Output};

/// Commands of `ase policy`.
#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Print the live policy as it could be published again
    Show {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    #[command(flatten)]
    Life(LifeCommand),
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: PolicyCommand, output: &Output) -> Result<(), CliError> {
    let org = match command {
        PolicyCommand::Show { org } => org,
        PolicyCommand::Life(command) => return life::run(desk, command, output).await,
    };
    let org = desk.org(org).await?;
    let policies = desk.engine.policies(&org).await?;
    let live = policies.iter().find(|policy| policy.status == "live");
    let live = live.ok_or_else(|| CliError::Argument("the organisation has no live policy".to_owned()))?;
    Ok(output.line(serde_json::to_string_pretty(&live.document)?)?)
}

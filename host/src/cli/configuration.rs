//! `config check` and `config new-key`.

use ase_engine::vault::MasterKey;
use clap::Subcommand;
use secrecy::ExposeSecret as _;

use super::{CliError, Common, Output};

/// Commands of `ase config`.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check everything that `serve` would, and print what holds in the end, without secrets
    Check,
    /// Make a master key
    NewKey,
}

/// Runs one of them.
pub(super) fn run(common: &Common, command: &ConfigCommand, output: &Output) -> Result<(), CliError> {
    match command {
        ConfigCommand::NewKey => Ok(output.line(MasterKey::generate(&mut rand::rng()).expose_secret())?),
        ConfigCommand::Check => {
            let settings = common.settings()?;
            // the errors come after the print, so that both can be read together
            if output.is_json() {
                output.fields(&settings.effective_json())?;
            } else {
                output.line(settings.effective().trim_end())?;
            }
            let demo = common.data_dir.is_some();
            if demo { settings.demo_config() } else { settings.config() }.map(|_| ()).map_err(CliError::from)
        }
    }
}

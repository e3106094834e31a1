//! `CliError`: why a command did not do what it was asked for.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use ase_engine::policy::Complaint;
use ase_engine::problem::FieldError;
use ase_engine::provisioning::ProvisioningError;
use ase_engine::simulation::SimulationError;
use ase_engine::store::StoreError;
use thiserror::Error;

use crate::app::BuildError;
use crate::config::ConfigError;
use crate::connectors::ConnectorsError;
use crate::connectors::kit::KitError;
use crate::demo::DemoError;
use crate::server::ServeError;

/// Why a command did not do what it was asked for.
#[derive(Debug, Error)]
pub enum CliError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An argument is wrong in a way that shows only with what is stored.
    #[error("{0}")]
    Argument(String),
    /// A policy document is not good.
    #[error("{} is no policy that can be published:{}", .file.display(), lines(.complaints))]
    Document {
        /// Where it came from; `-` for standard input.
        file: PathBuf,
        /// What is wrong with it.
        complaints: Vec<Complaint>,
    },
    /// The address to listen on is not to be had.
    #[error("{address} cannot be listened on: {source}; stop what listens there, or choose another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The system refused something else.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The store refused, or is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something was not made, changed or taken back.
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    /// Connectors do not start.
    #[error(transparent)]
    Connectors(#[from] ConnectorsError),
    /// The connector kit could not do its work.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// Something was looked at and is not good; all of it was told.
    #[error("{0}")]
    Refuted(String),
    /// The server does not start.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The server did not end well.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The demo does not start, or did not end well.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A simulation ended early.
    #[error(transparent)]
    Simulation(SimulationError),
    /// Something could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A signal came before the figures.
    #[error("ended before there were any figures, on a signal")]
    Stopped,
    /// A second signal came before the orderly end.
    #[error("ended at once, on a second signal")]
    Interrupted,
}

impl CliError {
    /// 2 for what the operator wrote, 1 for what happened.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) | Self::Argument(_) | Self::Document { .. } => ExitCode::from(2),
            Self::Demo(error) if error.is_configuration() => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

/// What an operator wrote is told in the words of the command, which are those of `wrong`.
pub(super) fn refused(wrong: fn(FieldError) -> CliError) -> impl Fn(ProvisioningError) -> CliError {
    move |error| match error {
        ProvisioningError::Field(error) => wrong(error),
        other => other.into(),
    }
}

/// A line for each complaint.
fn lines(complaints: &[Complaint]) -> String {
    complaints.iter().fold(String::new(), |mut told, complaint| {
        // a text takes whatever is written to it
        let _ = write!(told, "\n  {complaint}");
        told
    })
}

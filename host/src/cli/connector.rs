//! `connector new`, `build`, `pack`, `check`, `test`, `run`, `install`, `list`, and the life of what is installed.

mod build;
mod check;
mod compare;
mod list;
mod new;
mod release;
mod run;
mod scaffold;
mod serving;
mod sign;
mod test;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{CliError, Common, Output};
use crate::connectors::Grant;
use crate::connectors::kit::Kit;

/// Commands of `ase connector`.
#[derive(Debug, Subcommand)]
pub(super) enum ConnectorCommand {
    /// Make a project that builds and passes its own tests at once
    New(new::NewArgs),
    /// Build a project into one file that a server takes: compile, wrap, append connector.toml
    Build {
        /// The project's directory: it holds connector.toml
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Append connector.toml to a component that another tool made; a core module is wrapped first
    Pack {
        /// What the tool made
        file: PathBuf,
        /// The manifest
        #[arg(long, value_name = "FILE", default_value = "connector.toml")]
        manifest: PathBuf,
        /// Where to write [default: ID.wasm beside FILE]
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Look at everything that a server would before it takes a component
    Check(KitArgs),
    /// Run recorded requests, compare what comes with what is expected
    Test(test::TestArgs),
    /// Show what one recorded request becomes, and what it costs
    Run(run::RunArgs),
    /// Install a component for every node of the deployment, once nothing speaks against it
    Install {
        #[command(flatten)]
        kit: KitArgs,
        #[command(flatten)]
        target: release::Target,
    },
    /// Make a key that signs components: the secret goes into FILE, the public key is printed
    NewKey {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Sign a component, once nothing speaks against it
    Sign {
        #[command(flatten)]
        sign: sign::SignArgs,
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Compile the component on the standard input; a server starts this
    #[command(hide = true)]
    Compile {
        /// For an engine without a pool
        #[arg(long)]
        on_demand: bool,
    },
    #[command(flatten)]
    Release(release::ReleaseCommand),
    /// Load and prove every connector, and say which can be used
    List {
        /// Further connectors
        #[arg(long, value_name = "DIR")]
        connectors_dir: Option<PathBuf>,
        /// Also say which are quarantined by the server that listens there; needs its metrics token
        #[arg(long, value_name = "ADDRESS")]
        server: Option<SocketAddr>,
    },
}

/// Which component, and what it is granted.
#[derive(Debug, Args)]
pub(super) struct KitArgs {
    /// The component
    file: PathBuf,
    #[command(flatten)]
    grant: GrantArgs,
}

/// What is granted.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct GrantArgs {
    /// As if its operator had granted it inert-wasi [default: what the configuration grants]
    #[arg(long)]
    inert_wasi: bool,
}

/// Runs one of them.
pub(super) async fn run(common: &Common, command: ConnectorCommand, output: &Output) -> Result<(), CliError> {
    match command {
        ConnectorCommand::New(args) => new::run(&args, output),
        ConnectorCommand::Build { dir } => build::build(&dir, output),
        ConnectorCommand::Pack { file, manifest, output: to } => {
            build::pack(&file, &manifest, to.as_deref(), output)
        }
        ConnectorCommand::Check(args) => check::run(&kit(common, args.grant)?, &args.file, output).await,
        ConnectorCommand::Test(args) => test::run(&kit(common, args.grant)?, args, output).await,
        ConnectorCommand::Run(args) => run::run(&kit(common, args.kit.grant)?, &args, output).await,
        ConnectorCommand::Install { kit: args, target } => {
            let kit = kit(common, args.grant)?;
            match &target.connectors_dir {
                Some(dir) => build::install(&kit, &args.file, dir, output).await,
                None => release::install(common, &kit, &args.file, &target, output).await,
            }
        }
        ConnectorCommand::NewKey { file } => sign::new_key(&file, output),
        ConnectorCommand::Sign { sign, grant } => sign::sign(&kit(common, grant)?, &sign, output).await,
        // the process that compiles has no runtime, so it ends before there is one
        ConnectorCommand::Compile { .. } => Ok(()),
        ConnectorCommand::Release(command) => release::run(common, command, output).await,
        ConnectorCommand::List { connectors_dir, server } => {
            list::run(common, connectors_dir, server, output).await
        }
    }
}

/// The kit with the cache and the grants that a server of this configuration has.
fn kit(common: &Common, grant: GrantArgs) -> Result<Kit, CliError> {
    let config = common.settings()?.connectors()?;
    Ok(Kit::start(&config, grant.inert_wasi.then_some(Grant::InertWasi))?)
}

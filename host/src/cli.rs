//! `cli`: the commands of `ase`, one file per noun.
//!
//! A command reads its arguments, makes a few calls and prints. It exits with 0 when done, 1 when something failed
//! and 2 when the arguments or the configuration are wrong.

mod backtest;
mod brand;
mod configuration;
mod connector;
mod delivery;
mod desk;
mod failure;
mod key;
mod life;
mod list;
mod org;
mod output;
mod policy;
mod seed;
mod simulate;
mod source;
mod start;
mod user;
mod when;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use self::desk::Desk;
pub use self::failure::CliError;
pub use self::output::Output;
pub(crate) use self::user::new_password;
use crate::config::Settings;

/// Anti Social Engine: scores what happens to an account and asks its owner before harm is done
#[derive(Debug, Parser)]
#[command(name = "ase", version, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The configuration file [default: what `ASE_CONFIG` names; the environment overrules it]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory of a demo: its own for `demo`, that of a running one for every other command
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a demo that needs nothing: a database of its own, an organisation, a source per connector, a mailbox
    Demo(start::DemoArgs),
    /// Serve in production
    Serve,
    /// Bring the database up to date
    Migrate,
    /// Look at the configuration
    #[command(subcommand)]
    Config(configuration::ConfigCommand),
    /// Organisations
    #[command(subcommand)]
    Org(org::OrgCommand),
    /// API keys of an organisation
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Users of the dashboard
    #[command(subcommand)]
    User(user::UserCommand),
    /// Sources of webhooks
    #[command(subcommand)]
    Source(source::SourceCommand),
    /// Connectors
    #[command(subcommand)]
    Connector(connector::ConnectorCommand),
    /// Policies
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Lists: whom and what the organisation denies, watches and allows
    #[command(subcommand)]
    List(list::ListCommand),
    /// See what a policy stops and whom it asks in vain, on simulated people and scams, without any database of yours
    Simulate(simulate::SimulateArgs),
    /// Verified deliveries: what came, what became of it, and having it read anew
    #[command(subcommand)]
    Delivery(delivery::DeliveryCommand),
    /// Make up a past, to see how everything does with much of it: not for an organisation in use
    ///
    /// Writes events of the last 90 days by one person for every 50 of them, and what screening would have left behind
    /// of each: its decision under the live policy, its session, and traces of devices, addresses, destinations, cards
    /// and orders. No personal data, no tokens and no entries of the audit log. The database's user needs no more than
    /// in production; only where it owns the tables are they vacuumed and analysed at the end. Broken off, the same
    /// command goes on.
    Seed(seed::SeedArgs),
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // also the way of --help and --version
        Err(usage) => {
            let code = u8::try_from(usage.exit_code()).unwrap_or(2);
            return if usage.print().is_ok() { ExitCode::from(code) } else { ExitCode::FAILURE };
        }
    };
    if let Command::Connector(connector::ConnectorCommand::Compile { on_demand }) = cli.command {
        return crate::connectors::compile(on_demand);
    }
    let output = Output::new(cli.common.json);
    let ended = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let ended = runtime.block_on(Box::pin(run(cli, &output)));
            // whatever is still going on was told to stop and had its time
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(CliError::from(error)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.failure(&error);
            error.exit_code()
        }
    }
}

async fn run(cli: Cli, output: &Output) -> Result<(), CliError> {
    let common = &cli.common;
    match cli.command {
        Command::Demo(args) => start::demo(common, args, output).await,
        Command::Serve => start::serve(common).await,
        Command::Migrate => start::migrate(common, output).await,
        Command::Config(command) => configuration::run(common, &command, output),
        Command::Connector(command) => connector::run(common, command, output).await,
        Command::Simulate(args) => simulate::run(common, args, output).await,
        Command::Org(command) => org::run(&Desk::open(common)?, command, output).await,
        Command::Key(command) => key::run(&Desk::open(common)?, command, output).await,
        Command::User(command) => user::run(&Desk::open(common)?, command, output).await,
        Command::Source(command) => source::run(&Desk::open(common)?, command, output).await,
        Command::Policy(command) => policy::run(common, command, output).await,
        Command::List(command) => list::run(&Desk::open(common)?, command, output).await,
        Command::Delivery(command) => delivery::run(&Desk::open(common)?, command, output).await,
        Command::Seed(args) => seed::run(&Desk::open(common)?, args, output).await,
    }
}

impl Common {
    /// What file and environment say. Connectors are compiled by this program, unless they name another.
    fn written(&self) -> Result<Settings, CliError> {
        let settings = Settings::read(self.config.as_deref())?;
        Ok(match std::env::current_exe() {
            Ok(program) => settings.suggest("connectors.compiler", &program.to_string_lossy()),
            Err(_) => settings,
        })
    }

    /// What file and environment say, and over that what a demo in `--data-dir` says.
    fn settings(&self) -> Result<Settings, CliError> {
        let settings = self.written()?;
        match &self.data_dir {
            Some(data_dir) => Ok(crate::demo::settings_of(data_dir, settings)?),
            None => Ok(settings),
        }
    }
}

#[cfg(test)]
mod tests;

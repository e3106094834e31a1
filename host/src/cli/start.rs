//! `demo`, `serve` and `migrate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use ase_engine::store::Store;
use clap::Args;
use tokio::net::TcpListener;

use super::{CliError, Common, Output};
use crate::demo::{self, DemoOptions};
use crate::signals::Signals;
use crate::{app, server, telemetry};

/// Arguments of `ase demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Further connectors, watched: what is put there is used at once
    #[arg(long, value_name = "DIR")]
    connectors_dir: Option<PathBuf>,
}

/// Serves a demo until a signal.
pub(super) async fn demo(common: &Common, args: DemoArgs, output: &Output) -> Result<(), CliError> {
    let signals = Signals::watch()?;
    let listener = listen(args.listen).await?;
    let options = DemoOptions {
        data_dir: common.data_dir.clone().unwrap_or_else(|| PathBuf::from(".ase")),
        connectors_dir: args.connectors_dir,
        settings: common.written()?,
    };
    let serving = demo::run(options, listener, signals.graceful.clone(), output.clone());
    tokio::select! {
        ended = serving => Ok(ended?),
        () = signals.immediate.cancelled() => Err(CliError::Interrupted),
    }
}

/// Serves in production until a signal.
pub(super) async fn serve(common: &Common) -> Result<(), CliError> {
    let config = common.settings()?.config()?;
    telemetry::start(&config.log);
    let signals = Signals::watch()?;
    let serving = async {
        let listener = listen(config.listen).await?;
        let Some(built) = signals.graceful.run_until_cancelled(app::build(&config)).await else {
            return Ok(());
        };
        tracing::info!(listen = %config.listen, public_url = config.public_url, "serving");
        Ok(server::serve(built?, listener, signals.graceful.clone()).await?)
    };
    tokio::select! {
        ended = serving => ended,
        () = signals.immediate.cancelled() => Err(CliError::Interrupted),
    }
}

/// Runs the migrations that are missing.
pub(super) async fn migrate(common: &Common, output: &Output) -> Result<(), CliError> {
    let settings = common.settings()?;
    let store = Store::connect(&settings.migration_url()?, 1)?;
    store.migrate().await?;
    store.close().await;
    Ok(output.line("the database is up to date")?)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|source| CliError::Listen { address, source })
}

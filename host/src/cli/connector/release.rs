//! `connector install`, `versions`, `promote`, `canary`, `shadow`, `withdraw`, `rollback`, `compare`, `pin` and `retire`: which
//! versions read on every node.

use std::path::{Path, PathBuf};

use ase_engine::channel::Seat;
use ase_engine::provisioning::{Installed, Moved, ProvisioningError};
use ase_engine::store::connectors::NewVersion;
use clap::{Args, Subcommand};
use serde_json::json;

use super::build::{proven, signer};
use super::compare;
use crate::cli::{CliError, Common, Desk, Output};
use crate::connectors::Connectors;
use crate::connectors::kit::Kit;

/// What happens to installed versions.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ReleaseCommand {
    /// List the installed versions of a connector, which of them read, and what changed last
    Versions {
        /// The connector
        id: String,
    },
    /// Have a version read everything [default: the canary, else the shadow]
    Promote {
        /// The connector
        id: String,
        /// The version: its digest or the first digits of it
        digest: Option<String>,
    },
    /// Have a version read a share of all deliveries
    Canary {
        /// The connector
        id: String,
        /// The share
        #[arg(value_name = "PERCENT", value_parser = clap::value_parser!(i32).range(1..=99))]
        percent: i32,
        /// The version: its digest or the first digits of it [default: the canary, else the shadow]
        digest: Option<String>,
    },
    /// Have a version read along, to be compared with the live one
    Shadow {
        /// The connector
        id: String,
        /// The version: its digest or the first digits of it
        digest: String,
    },
    /// End canary and shadow: the live version reads everything
    Withdraw {
        /// The connector
        id: String,
    },
    /// Take the latest step back: the canary where there is one, else the live version
    Rollback {
        /// The connector
        id: String,
    },
    /// Say how a shadow reads beside the live version
    Compare {
        /// The connector
        id: String,
    },
    /// Have a source stay with a version, whatever becomes live
    Pin(PinArgs),
    /// Put a version away that nothing uses
    Retire {
        /// The connector
        id: String,
        /// The version: its digest or the first digits of it
        digest: String,
    },
}

/// Arguments of `connector pin`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PinArgs {
    /// `src_…`
    source_id: String,
    /// The version: its digest or the first digits of it; an installed one, or the one that is part of the program
    #[arg(required_unless_present = "unpin")]
    digest: Option<String>,
    /// Have it follow the live version again
    #[arg(long, conflicts_with = "digest")]
    unpin: bool,
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
}

/// Where an installed component goes.
#[derive(Debug, Args)]
pub(in crate::cli) struct Target {
    /// Have it read so many percent of all deliveries
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(i32).range(1..=99),
        conflicts_with_all = ["shadow", "connectors_dir"])]
    canary: Option<i32>,
    /// Have it read along, to be compared with the live version
    #[arg(long, conflicts_with_all = ["connectors_dir", "live"])]
    shadow: bool,
    /// Have it read everything: the default
    #[arg(long, conflicts_with_all = ["canary", "connectors_dir"])]
    live: bool,
    /// Put it into this directory instead, which a server on this machine watches
    #[arg(long, value_name = "DIR")]
    pub(super) connectors_dir: Option<PathBuf>,
}

impl Target {
    fn seat(&self) -> Seat {
        match self.canary {
            Some(percent) => Seat::Canary(percent),
            None if self.shadow => Seat::Shadow,
            None => Seat::Live,
        }
    }
}

/// Installs a component that would be taken, for every node.
pub(super) async fn install(
    common: &Common,
    kit: &Kit,
    file: &Path,
    target: &Target,
    output: &Output,
) -> Result<(), CliError> {
    let specimen = proven(kit, file).await?;
    let signed_by = signer(kit, file, &specimen)?;
    let desk = Desk::open(common)?;
    let manifest = specimen.manifest();
    let new = NewVersion {
        connector_id: &manifest.id,
        digest: specimen.digest(),
        version: &manifest.version,
        manifest: &serde_json::to_value(&**manifest)?,
        component: specimen.component(),
        signed_by: signed_by.as_deref(),
    };
    tell(&desk.engine.install_connector(new, target.seat(), &desk.actor).await?, output)
}

/// Runs one of the others.
pub(super) async fn run(common: &Common, command: ReleaseCommand, output: &Output) -> Result<(), CliError> {
    let desk = Desk::open(common)?;
    let (engine, actor) = (&desk.engine, &desk.actor);
    let moved = match command {
        ReleaseCommand::Versions { id } => return versions(&desk, &id, output).await,
        ReleaseCommand::Compare { id } => return compare::run(&desk, &id, output).await,
        ReleaseCommand::Pin(args) => return pin(&desk, args, output).await,
        ReleaseCommand::Promote { id, digest } => {
            engine.seat_connector(&id, digest.as_deref(), Seat::Live, actor).await
        }
        ReleaseCommand::Canary { id, percent, digest } => {
            engine.seat_connector(&id, digest.as_deref(), Seat::Canary(percent), actor).await
        }
        ReleaseCommand::Shadow { id, digest } => {
            engine.seat_connector(&id, Some(&digest), Seat::Shadow, actor).await
        }
        ReleaseCommand::Withdraw { id } => engine.withdraw_connector(&id, actor).await,
        ReleaseCommand::Rollback { id } => {
            engine.roll_back_connector(&id, Connectors::is_bundled(&id), actor).await
        }
        ReleaseCommand::Retire { id, digest } => engine.retire_connector(&id, &digest, actor).await,
    };
    tell(&moved?, output)
}

async fn versions(desk: &Desk, id: &str, output: &Output) -> Result<(), CliError> {
    let installed = desk.engine.installed_connector(id).await?;
    let installed = installed.ok_or(ProvisioningError::NotFound("installed connector"))?;
    if output.is_json() {
        return output.fields(&installed);
    }
    let Installed { channel, versions, .. } = installed;
    let rows: Vec<_> = versions
        .iter()
        .map(|row| {
            let previous = channel.previous.as_deref() == Some(&row.digest);
            let seat = channel.seat_of(&row.digest).or(previous.then_some("previous"));
            json!({ "digest": row.digest.get(..19), "version": row.version, "reads": seat, "pinned": row.pinned,
                "signed_by": row.signed_by, "installed_at": row.installed_at, "retired_at": row.retired_at })
        })
        .collect();
    output.rows(&rows, &["digest", "version", "reads", "pinned", "signed_by", "installed_at", "retired_at"])
}

async fn pin(desk: &Desk, args: PinArgs, output: &Output) -> Result<(), CliError> {
    let org = desk.org(args.org).await?;
    let digest = args.digest.filter(|_| !args.unpin);
    let source = (Some(org.as_str()), args.source_id.as_str());
    output.fields(&Connectors::pin(&desk.engine, source, digest.as_deref(), &desk.actor).await?)
}

fn tell(moved: &Moved, output: &Output) -> Result<(), CliError> {
    output.fields(moved)
}

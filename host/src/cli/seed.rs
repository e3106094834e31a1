//! `seed`: a made-up past.

use std::time::Instant;

use ase_engine::seeding::SeedingError;
use clap::Args;
use serde_json::json;

use super::{CliError, Desk, Output};

/// What `ase seed` takes.
#[derive(Debug, Args)]
pub(super) struct SeedArgs {
    /// How many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    events: u64,
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
    /// Yes, write N made-up events into the organisation; nothing takes them out again
    #[arg(long)]
    yes: bool,
    /// Also into an organisation with real events
    #[arg(long)]
    force: bool,
}

/// Makes up a past.
pub(super) async fn run(desk: &Desk, args: SeedArgs, output: &Output) -> Result<(), CliError> {
    let SeedArgs { events, org, yes, force } = args;
    let org = desk.org(org).await?;
    if !yes {
        let told = format!(
            "this writes {events} made-up events into the organisation {org}, and nothing takes them out again: \
            say --yes if that is wanted"
        );
        return Err(CliError::Argument(told));
    }
    let begun = Instant::now();
    let progress = |done, all| output.progress("events made up", done, all);
    let tidied = desk.engine.seed(&org, events, force, progress).await.map_err(|error| match error {
        SeedingError::Store(error) => CliError::Store(error),
        SeedingError::Real => CliError::Argument(format!("{error}: say --force to mix them")),
        other => CliError::Argument(other.to_string()),
    })?;
    output.fields(&json!({
        "org_id": org, "events": events, "seconds": begun.elapsed().as_secs(), "vacuumed": tidied,
    }))
}

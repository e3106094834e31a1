//! `policy list|add|recheck|shadow|publish|retire|rollback|report|two-person|backtest`: the life of policy versions.

use std::path::PathBuf;

use ase_engine::backtest::Span;
use ase_engine::policy::{PolicyText, Step};
use ase_engine::provisioning::{Wish, candidate};
use ase_engine::store::policies::PolicyRow;
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::policy::document::read;
use super::when::span;
use super::{CliError, Desk, Output};

/// What happens to versions.
#[derive(Debug, Subcommand)]
pub(super) enum LifeCommand {
    /// List all versions, newest first
    List(Whose),
    /// Keep a document as the next version of its name, when it has no mistakes
    Add {
        /// The document; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        whose: Whose,
        /// Keep it even with mistakes
        #[arg(long)]
        draft: bool,
    },
    /// Look for mistakes in a draft, and keep it as checked when there are none
    Recheck(Version),
    /// Let a version judge beside the live one, without deciding
    Shadow(Version),
    /// Let a version decide from the next event on
    Publish(Version),
    /// Put a version away
    Retire(Version),
    /// Let the version decide again that decided before the live one
    Rollback(Whose),
    /// Say what a version on trial would have decided in the last 30 days
    Report(Version),
    /// Ask for two people to publish, or no longer
    TwoPerson {
        /// `on` or `off`
        #[arg(value_parser = ["on", "off"])]
        wanted: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Judge past decisions again under a document
    Backtest {
        /// The document; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        whose: Whose,
        /// How far back: a span such as 30d, 12h or 90m
        #[arg(long, default_value = "30d", value_parser = span)]
        since: TimeDelta,
        /// At most so many decisions
        #[arg(long)]
        limit: Option<u64>,
    },
}

/// Whose policies.
#[derive(Debug, Args)]
pub(super) struct Whose {
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
}

/// Which version.
#[derive(Debug, Args)]
pub(super) struct Version {
    /// The policy's name
    name: String,
    /// Its number
    #[arg(value_name = "VERSION")]
    number: i32,
    #[command(flatten)]
    whose: Whose,
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: LifeCommand, output: &Output) -> Result<(), CliError> {
    match command {
        LifeCommand::List(whose) => list(desk, whose, output).await,
        LifeCommand::Add { file, whose, draft } => add(desk, &file, whose, draft, output).await,
        LifeCommand::Recheck(version) => step(desk, version, Step::Check, output).await,
        LifeCommand::Shadow(version) => step(desk, version, Step::Shadow, output).await,
        LifeCommand::Publish(version) => step(desk, version, Step::Publish, output).await,
        LifeCommand::Retire(version) => step(desk, version, Step::Retire, output).await,
        LifeCommand::Rollback(whose) => {
            let org = desk.org(whose.org).await?;
            output.fields(&shown(&desk.engine.roll_back_policy(&org, &desk.actor).await?))
        }
        LifeCommand::Report(version) => report(desk, version, output).await,
        LifeCommand::TwoPerson { wanted, whose } => {
            let org = desk.org(whose.org).await?;
            desk.engine.ask_for_two_people(&org, wanted == "on", &desk.actor).await?;
            output.fields(&json!({ "org_id": org, "two_person_policies": wanted == "on" }))
        }
        LifeCommand::Backtest { file, whose, since, limit } => {
            let org = desk.org(whose.org).await?;
            let candidate = candidate(&read(&file)?).await?;
            let span = Span { since: ase_engine::clock::now() - since, limit };
            let progress = |done, all| output.progress("judged again", done, all);
            let report = desk.engine.backtest(&org, &candidate, span, progress).await?;
            super::backtest::show(&report, output)
        }
    }
}

async fn list(desk: &Desk, whose: Whose, output: &Output) -> Result<(), CliError> {
    let org = desk.org(whose.org).await?;
    let rows: Vec<Value> = desk.engine.policies(&org).await?.iter().map(shown).collect();
    output.rows(&rows, &["name", "version", "status", "author", "publisher", "created_at", "digest"])
}

async fn add(
    desk: &Desk,
    file: &std::path::Path,
    whose: Whose,
    draft: bool,
    output: &Output,
) -> Result<(), CliError> {
    let org = desk.org(whose.org).await?;
    let text = read(file)?;
    let written = PolicyText::read(&text).map_err(|complaint| CliError::Argument(complaint.to_string()))?;
    let name = written.value().get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let wish = if draft { Wish::Draft } else { Wish::Check };
    output.fields(&shown(&desk.engine.add_policy(&org, &name, &text, wish, &desk.actor).await?))
}

async fn step(desk: &Desk, version: Version, step: Step, output: &Output) -> Result<(), CliError> {
    let org = desk.org(version.whose.org).await?;
    let row = desk.engine.step_policy(&org, &version.name, version.number, step, &desk.actor).await?;
    output.fields(&shown(&row))
}

async fn report(desk: &Desk, version: Version, output: &Output) -> Result<(), CliError> {
    let org = desk.org(version.whose.org).await?;
    let since = ase_engine::clock::now() - TimeDelta::days(30);
    let compared = desk.engine.compare_shadow(&org, &version.name, version.number, since).await?;
    let compared = compared.ok_or_else(|| CliError::Argument("there is no such version".to_owned()))?;
    output.rows(&compared, &["live", "shadow", "decisions"])
}

fn shown(row: &PolicyRow) -> Value {
    json!({
        "name": row.name, "version": row.version, "status": row.status, "digest": row.digest,
        "author": row.author, "publisher": row.publisher, "created_at": row.created_at,
        "demoted_at": row.demoted_at,
    })
}

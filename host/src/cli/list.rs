//! `list add`, `list remove`, `list show`, `list import` and `list export`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ase_engine::lists::{Entry, EntryKind, ListName, NewEntry};
use ase_engine::problem::FieldError;
use ase_engine::provisioning::{EntryFilter, Listed};
use ase_engine::review::{Cursor, PAGE_MAX};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::refused;
use super::{CliError, Desk, Output};

/// Largest file that is read.
const FILE_MAX: u64 = 12 * 1024 * 1024;

/// Commands of `ase list`.
#[derive(Debug, Subcommand)]
pub(super) enum ListCommand {
    /// Add an entry; one that is on the list already takes the new reason and expiry
    Add(EntryArgs),
    /// End an entry: it counts no longer
    Remove {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `lst_…`
        entry_id: String,
    },
    /// List entries, newest first
    Show {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// Only this list
        #[arg(long, value_parser = lists())]
        list: Option<String>,
        /// Only this kind
        #[arg(long, value_parser = kinds())]
        kind: Option<String>,
        /// Also those that are ended or expired
        #[arg(long)]
        all: bool,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Add the entries of a CSV file, all or none: `list,kind,value,reason,expires_at`
    Import {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// The file; `-` for standard input
        file: PathBuf,
    },
    /// Print every entry that counts now, as the CSV that `import` reads
    Export {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
}

/// Arguments of `ase list add`.
#[derive(Debug, Args)]
pub(super) struct EntryArgs {
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
    /// On which list
    #[arg(value_parser = lists())]
    list: String,
    /// What is named
    #[arg(value_parser = kinds())]
    kind: String,
    /// An id, an address or a range such as 203.0.113.0/24, or a domain
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// Why, for whoever reads the list later
    #[arg(long)]
    reason: String,
    /// Until when, such as 2027-01-31T00:00:00Z [default: until it is removed]
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
}

fn lists() -> PossibleValuesParser {
    PossibleValuesParser::new(ListName::ALL.map(ListName::as_str))
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(EntryKind::ALL.map(EntryKind::as_str))
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: ListCommand, output: &Output) -> Result<(), CliError> {
    match command {
        ListCommand::Add(args) => add(desk, args, output).await,
        ListCommand::Remove { org, entry_id } => {
            let org = desk.org(org).await?;
            output.fields(&desk.engine.end_list_entry(&org, &entry_id, &desk.actor).await?)
        }
        ListCommand::Show { org, list, kind, all, limit } => {
            let org = desk.org(org).await?;
            let filter = EntryFilter {
                list: list.map(|word| ListName::read("list", &word)).transpose().map_err(wrong)?,
                kind: kind.map(|word| EntryKind::read("kind", &word)).transpose().map_err(wrong)?,
                past: all,
            };
            let entries = entries(desk, &org, filter, limit.into()).await?;
            output.rows(&entries, &["entry_id", "list", "kind", "value", "active", "expires_at", "reason"])
        }
        ListCommand::Import { org, file } => {
            let org = desk.org(org).await?;
            let text = read_file(&file)?;
            let imported = desk.engine.import_list_csv(&org, &text, &desk.actor).await;
            output.fields(&imported.map_err(refused(wrong))?)
        }
        ListCommand::Export { org } => {
            let org = desk.org(org).await?;
            let text = desk.engine.export_list_csv(&org).await?;
            if output.is_json() {
                return output.fields(&json!({ "csv": text }));
            }
            Ok(output.line(text.trim_end())?)
        }
    }
}

async fn add(desk: &Desk, args: EntryArgs, output: &Output) -> Result<(), CliError> {
    let EntryArgs { org, list, kind, value, reason, expires_at } = args;
    let org = desk.org(org).await?;
    let entry =
        NewEntry { list: Some(list), kind: Some(kind), value: Some(value), reason: Some(reason), expires_at };
    let listed =
        desk.engine.add_list_entries(&org, vec![entry], &desk.actor).await.map_err(refused(wrong))?;
    listed.iter().try_for_each(|listed: &Listed| output.fields(listed))
}

/// So many entries, page by page.
async fn entries(desk: &Desk, org: &str, filter: EntryFilter, limit: i64) -> Result<Vec<Entry>, CliError> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut wanted = limit;
    while wanted > 0 {
        let last = entries.last();
        let after = last.map(|last| Cursor { time: last.created_at, id: last.entry_id.clone() });
        let page = desk.engine.list_entries(org, filter, after, wanted.min(PAGE_MAX)).await?;
        if page.is_empty() {
            break;
        }
        wanted -= i64::try_from(page.len()).unwrap_or(wanted);
        entries.extend(page);
    }
    Ok(entries)
}

fn read_file(path: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(FILE_MAX + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(FILE_MAX + 1).read_to_string(&mut text))
    };
    read.map_err(|error| CliError::Argument(format!("{} cannot be read: {error}", path.display())))?;
    if text.len() as u64 > FILE_MAX {
        return Err(CliError::Argument(format!("{} is larger than {FILE_MAX} bytes", path.display())));
    }
    Ok(text)
}

fn wrong(error: FieldError) -> CliError {
    // an error of a file names line and column itself
    match error.pointer.strip_prefix("/entries/0/") {
        Some(field) => CliError::Argument(format!("{field} {}", error.detail)),
        None => CliError::Argument(error.detail),
    }
}

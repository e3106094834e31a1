//! `delivery list`, `show`, `normalize` and `replay`: the inbox from a shell.

use std::sync::Arc;

use ase_engine::directory::Tenant;
use ase_engine::inbox::{KeptRequest, STATUSES};
use ase_engine::store::deliveries::{DeliveryRow, Filter};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::when::when;
use super::{CliError, Desk, Output};
use crate::connectors::Connectors;
use crate::intake::{DeliveryView, RequestView, preview};

/// Commands of `ase delivery`.
#[derive(Debug, Subcommand)]
pub(super) enum DeliveryCommand {
    /// List verified deliveries, newest first
    List {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        #[command(flatten)]
        chosen: Chosen,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Show one delivery
    Show {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `dlv_…`
        #[arg(value_name = "ID")]
        delivery_id: String,
        /// With its headers and its body, as they came: personal data
        #[arg(long)]
        request: bool,
    },
    /// Show what the connector of now would make of a delivery, without screening anything
    Normalize {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `dlv_…`
        #[arg(value_name = "ID")]
        delivery_id: String,
        /// With this version instead: a digest or the first digits of it; a canary, a shadow, one that is pinned or was
        /// live before
        #[arg(long)]
        digest: Option<String>,
    },
    /// Have a running server read deliveries anew: those named, or all that are chosen. Events that were screened
    /// stay as they are
    #[command(group(clap::ArgGroup::new("which").required(true).multiple(true)
        .args(["delivery_ids", "source", "status", "since", "until"])))]
    Replay {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `dlv_…`
        #[arg(value_name = "ID")]
        delivery_ids: Vec<String>,
        #[command(flatten)]
        chosen: Chosen,
    },
}

/// Which deliveries.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// Of this source
    #[arg(long, value_name = "SRC")]
    source: Option<String>,
    /// In this status
    #[arg(long, value_parser = STATUSES)]
    status: Option<String>,
    /// Received since: a span such as 90m, 12h or 7d, or a time (RFC 3339)
    #[arg(long, value_name = "WHEN", value_parser = when)]
    since: Option<DateTime<Utc>>,
    /// Received before, likewise
    #[arg(long, value_name = "WHEN", value_parser = when)]
    until: Option<DateTime<Utc>>,
}

impl Chosen {
    fn filter(self) -> Filter {
        Filter { source_id: self.source, status: self.status, since: self.since, until: self.until }
    }
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: DeliveryCommand, output: &Output) -> Result<(), CliError> {
    match command {
        DeliveryCommand::List { org, chosen, limit } => {
            let org = desk.org(org).await?;
            let rows = desk.engine.deliveries(&org, &chosen.filter(), None, limit).await?;
            let rows: Vec<_> = rows.iter().map(DeliveryView::from).collect();
            output.rows(
                &rows,
                &["delivery_id", "connector", "status", "times_seen", "received_at", "last_error"],
            )
        }
        DeliveryCommand::Show { org, delivery_id, request: true } => {
            let (tenant, unknown) = (tenant(desk, org, &delivery_id).await?, || unknown(&delivery_id));
            let found = desk.engine.show_delivery(&tenant, &delivery_id, &desk.actor).await?;
            let (row, kept) = found.ok_or_else(unknown)?;
            let request = match &kept {
                Some(kept) => Some(RequestView::of(&desk.engine, &row.source_id, kept).await),
                None => None,
            };
            output.fields(&json!({ "delivery": view(&row, kept.as_ref()), "request": request }))
        }
        DeliveryCommand::Show { org, delivery_id, request: false } => {
            let (row, kept) = find(desk, org, &delivery_id).await?;
            output.fields(&view(&row, kept.as_ref()))
        }
        DeliveryCommand::Normalize { org, delivery_id, digest } => {
            let (row, kept) = find(desk, org, &delivery_id).await?;
            let kept = kept.ok_or_else(|| {
                CliError::Argument(format!("the request of `{delivery_id}` is kept no longer"))
            })?;
            let connectors = Connectors::start(desk.settings.connectors()?).await?;
            connectors.sync(&desk.engine).await?;
            let read = preview(&desk.engine, &connectors, &row, kept, digest.as_deref()).await;
            connectors.stop().await;
            output.fields(&read.map_err(|error| CliError::Argument(error.to_string()))?)
        }
        DeliveryCommand::Replay { org, delivery_ids, chosen } => {
            let (ids, filter) = ((!delivery_ids.is_empty()).then_some(delivery_ids), chosen.filter());
            let org = desk.org(org).await?;
            let chosen = desk.engine.replay_deliveries(&org, ids.as_deref(), &filter, &desk.actor).await?;
            if chosen == 0 {
                return Err(CliError::Argument("no delivery whose request is kept fits".to_owned()));
            }
            output.fields(&json!({ "deliveries": chosen, "due": "now" }))
        }
    }
}

fn view(row: &DeliveryRow, kept: Option<&KeptRequest>) -> DeliveryView {
    DeliveryView { request_kept: Some(kept.is_some()), ..DeliveryView::from(row) }
}

fn unknown(delivery_id: &str) -> CliError {
    CliError::Argument(format!("there is no delivery `{delivery_id}`"))
}

async fn tenant(desk: &Desk, org: Option<String>, delivery_id: &str) -> Result<Arc<Tenant>, CliError> {
    let org = desk.org(org).await?;
    desk.engine.directory().tenant(&org).await?.ok_or_else(|| unknown(delivery_id))
}

async fn find(
    desk: &Desk,
    org: Option<String>,
    delivery_id: &str,
) -> Result<(DeliveryRow, Option<KeptRequest>), CliError> {
    let tenant = tenant(desk, org, delivery_id).await?;
    desk.engine.delivery(&tenant, delivery_id).await?.ok_or_else(|| unknown(delivery_id))
}

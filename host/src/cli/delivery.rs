//! `delivery list` and `delivery replay`.

use ase_engine::store::{Scope, deliveries};
use clap::Subcommand;
use serde_json::json;

use super::{CliError, Desk, Output};

/// Commands of `ase delivery`.
#[derive(Debug, Subcommand)]
pub(super) enum DeliveryCommand {
    /// List deliveries that a connector failed on, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Have a running server try one again at once
    Replay {
        /// `dlv_…`
        #[arg(value_name = "ID")]
        delivery_id: String,
    },
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: DeliveryCommand, output: &Output) -> Result<(), CliError> {
    let mut tx = desk.engine.store().begin(Scope::System).await?;
    match command {
        DeliveryCommand::List { limit } => {
            let rows: Vec<_> = deliveries::list(&mut tx, limit)
                .await?
                .into_iter()
                .map(|row| {
                    json!({ "delivery_id": row.delivery_id, "org_id": row.org_id, "source_id": row.source_id,
                        "connector": row.connector, "status": row.status, "tries": row.tries,
                        "received_at": row.received_at, "last_error": row.last_error })
                })
                .collect();
            output.rows(&rows, &["delivery_id", "connector", "status", "tries", "received_at", "last_error"])
        }
        DeliveryCommand::Replay { delivery_id } => {
            if !deliveries::replay(&mut tx, &delivery_id).await? {
                return Err(CliError::Argument(format!("no delivery `{delivery_id}` waits or failed")));
            }
            tx.commit().await?;
            output.fields(&json!({ "delivery_id": delivery_id, "due": "now" }))
        }
    }
}

//! `key create`, `key list` and `key revoke`.

use ase_engine::access::KeyScope;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{CliError, Desk, Output};

/// Commands of `ase key`.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key; it is printed once and never again
    Create {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may do, repeatable; connectors:read and connectors:write reach beyond the organisation: the
        /// connectors are those of the whole deployment
        #[arg(long = "scope", value_name = "SCOPE", value_parser = scopes(), required_unless_present = "all_scopes")]
        scopes: Vec<String>,
        /// It may do everything in its organisation
        #[arg(long, conflicts_with = "scopes")]
        all_scopes: bool,
    },
    /// List the keys of an organisation
    List {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    /// Take a key back, everywhere at once
    Revoke {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `key_…`
        key_id: String,
    },
}

fn scopes() -> PossibleValuesParser {
    let all = KeyScope::ALL.into_iter().chain(KeyScope::DEPLOYMENT);
    PossibleValuesParser::new(all.map(KeyScope::as_str).collect::<Vec<_>>())
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: KeyCommand, output: &Output) -> Result<(), CliError> {
    match command {
        KeyCommand::Create { org, name, scopes, all_scopes } => {
            let org = desk.org(org).await?;
            let named = || scopes.iter().filter_map(|name| KeyScope::parse(name)).collect();
            let scopes: Vec<KeyScope> = if all_scopes { KeyScope::ALL.to_vec() } else { named() };
            let key = desk.engine.create_key(&org, &name, &scopes, &desk.actor).await?;
            output.fields(&json!({ "org_id": org, "api_key": key.expose_secret() }))
        }
        KeyCommand::List { org } => {
            let org = desk.org(org).await?;
            let keys = desk.engine.keys(&org).await?;
            let rows: Vec<_> = keys
                .into_iter()
                .map(|key| {
                    json!({ "key_id": key.key_id, "name": key.name, "scopes": key.scopes, "created_at": key.created_at,
                        "revoked_at": key.revoked_at })
                })
                .collect();
            output.rows(&rows, &["key_id", "name", "created_at", "revoked_at", "scopes"])
        }
        KeyCommand::Revoke { org, key_id } => {
            let org = desk.org(org).await?;
            desk.engine.revoke_key(&org, &key_id, &desk.actor).await?;
            output.fields(&json!({ "key_id": key_id, "revoked": true }))
        }
    }
}

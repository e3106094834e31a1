//! `Desk`: what the management commands work with: the engine over the configured database.

use std::io::Read as _;

use ase_engine::Engine;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::store::Store;
use secrecy::SecretString;

use super::{CliError, Common};
use crate::config::Settings;

/// Connections of a command.
const CONNECTIONS: u32 = 2;

/// The engine, and what the configuration says beside it.
pub(super) struct Desk {
    pub(super) engine: Engine,
    pub(super) settings: Settings,
    /// Who the log says has done it.
    pub(super) actor: Actor,
}

impl Desk {
    /// Reads the configuration. The database is asked only by the first call to it.
    pub(super) fn open(common: &Common) -> Result<Self, CliError> {
        let settings = common.settings()?;
        let store = Store::connect(&settings.database()?.url, CONNECTIONS)?;
        let public_url = settings.public_url(common.data_dir.is_some())?;
        let texts = settings.sms()?.is_some() || common.data_dir.is_some();
        let engine = Engine::new(store, settings.master_key()?, &public_url).with_texts(texts);
        let actor = Actor { actor_type: ActorType::System, id: "cli".to_owned() };
        Ok(Self { engine, settings, actor })
    }

    /// The organisation that is meant: the one given, or the only one there is.
    pub(super) async fn org(&self, given: Option<String>) -> Result<String, CliError> {
        if let Some(org_id) = given {
            return Ok(org_id);
        }
        let mut orgs = self.engine.orgs().await?;
        match (orgs.pop(), orgs.is_empty()) {
            (Some(org), true) => Ok(org.org_id),
            (Some(_), false) => {
                Err(CliError::Argument("there are several organisations: say which with --org".to_owned()))
            }
            (None, _) => {
                Err(CliError::Argument("there is no organisation: make one with `ase org create`".to_owned()))
            }
        }
    }
}

/// A secret from standard input, without the line's end.
pub(super) fn read_secret() -> Result<SecretString, CliError> {
    let mut text = String::new();
    std::io::stdin().lock().take(4096).read_to_string(&mut text)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(CliError::Argument("standard input holds no secret".to_owned()));
    }
    Ok(SecretString::from(text))
}

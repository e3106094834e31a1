//! Furnishes a demo: what is missing is made, what is there is kept. A start that was cut short is taken up where it
//! ended.

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::id::random_id;
use ase_engine::org::Org;
use ase_engine::provisioning::{NewSource, ProvisioningError};
use ase_engine::store::StoreError;
use ase_engine::store::sources::SourceRow;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::DemoError;
use super::home::Home;
use super::record::{Dashboard, Record, SourceRecord};
use crate::App;
use crate::cli::new_password;
use crate::config::Config;
use crate::connectors::Coverage;

/// The user of the dashboard.
const EMAIL: &str = "analyst@example.com";

/// Makes the demo complete and writes it down.
pub(super) async fn furnish(app: &App, home: &Home, config: &Config) -> Result<Record, DemoError> {
    let mut record = home.record()?.unwrap_or_default();
    let base_url = config.public_url.clone();
    record.database_url = Some(config.database.url.expose_secret().to_owned());
    record.mailbox_url = Some(format!("{base_url}/demo/mailbox"));
    let dir = config.connectors.dir.as_ref().and_then(|dir| dir.canonicalize().ok());
    record.connectors_dir = dir.map(|dir| dir.to_string_lossy().into_owned());
    let org_id = match record.org_id.clone() {
        Some(org_id) => org_id,
        None => org(app, &base_url).await?,
    };
    record.org_id = Some(org_id.clone());
    if record.api_key.is_none() {
        let key = app.engine.create_key(&org_id, "demo", &KeyScope::ALL, &actor()).await?;
        record.api_key = Some(key.expose_secret().to_owned());
        home.keep(&record)?;
    }
    let url = format!("{base_url}/dashboard");
    record.dashboard = Some(match record.dashboard.take() {
        Some(known) => Dashboard { url, ..known },
        None => user(app, &org_id, url).await?,
    });
    // the password is known to nobody else, so it is kept before anything can go wrong
    home.keep(&record)?;
    record.sources = sources(app, &org_id, &base_url).await?;
    record.base_url = Some(base_url);
    home.keep(&record)?;
    Ok(record)
}

fn actor() -> Actor {
    Actor { actor_type: ActorType::System, id: "demo".to_owned() }
}

/// The organisation; one that was made just before a crash is taken over.
async fn org(app: &App, base_url: &str) -> Result<String, DemoError> {
    if let Some(org) = app.engine.orgs().await?.into_iter().next() {
        return Ok(org.org_id);
    }
    // the last is where the sample shop of `sdk/web/example` is open
    let own =
        ["https://shop.example", "http://127.0.0.1:8080", "http://localhost:8080", "http://localhost:3000"];
    let mut return_urls: Vec<String> = own.map(str::to_owned).to_vec();
    if !return_urls.iter().any(|url| url == base_url) {
        return_urls.push(base_url.to_owned());
    }
    let org = Org {
        org_id: String::new(),
        name: "Demo Shop".to_owned(),
        policy_statement: "Demo Shop never calls or writes to ask you to move money, to read out a code, or to \
                           install an app that lets others see your screen. Nobody from Demo Shop will tell you \
                           what to answer here."
            .to_owned(),
        support_url: Some("https://help.example.com/security".to_owned()),
        // of the numbers that Ofcom keeps for fiction
        support_phone: Some("+44 20 7946 0123".to_owned()),
        support_email: Some("support@example.com".to_owned()),
        return_urls,
    };
    Ok(app.engine.create_org(org, &actor()).await?)
}

/// A user with a fresh password. After a crash the address may be taken by one whose password nobody knows.
async fn user(app: &App, org_id: &str, url: String) -> Result<Dashboard, DemoError> {
    let password = new_password();
    let kept = password.expose_secret().to_owned();
    let made = app.engine.create_user(org_id, EMAIL, "owner", password, &actor()).await;
    let email = match made {
        Ok(_) => EMAIL.to_owned(),
        Err(ProvisioningError::Store(StoreError::Taken(_))) => {
            let email = format!("{}@example.com", random_id("analyst-", &mut rand::rng()));
            let password = SecretString::from(kept.clone());
            app.engine.create_user(org_id, &email, "owner", password, &actor()).await?;
            email
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Dashboard { url, email, password: kept })
}

/// One source per connector that can be called, named like it.
async fn sources(app: &App, org_id: &str, base_url: &str) -> Result<Vec<SourceRecord>, DemoError> {
    let known = app.engine.sources(org_id).await?;
    let mut records = Vec::new();
    for connector in app.connectors.list().into_iter().map(|status| status.id) {
        let mine = |row: &&SourceRow| {
            row.name == connector && row.connector == connector && row.disabled_at.is_none()
        };
        let source_id = match known.iter().find(mine) {
            Some(row) => row.source_id.clone(),
            None => match new_source(app, &connector) {
                Some(new) => app.engine.create_source(org_id, new, &actor()).await?.0,
                None => continue,
            },
        };
        let Some(source) = app.engine.directory().source(&source_id).await? else { continue };
        let Some(secret) = source.secrets.first() else { continue };
        records.push(SourceRecord {
            url: format!("{base_url}/webhooks/{connector}/{source_id}"),
            id: source_id,
            connector,
            secret: secret.expose_secret().to_owned(),
            scheme: source.settings.iter().find(|(name, _)| name == "scheme").map(|(_, value)| value.clone()),
        });
    }
    Ok(records)
}

/// The source that the connector's manifest asks for; none where it cannot be called.
fn new_source(app: &App, connector: &str) -> Option<NewSource> {
    let manifest = app.connectors.manifest(connector)?;
    let wanted = manifest.demo.as_ref().map(|demo| demo.settings.clone()).unwrap_or_default();
    Some(NewSource {
        connector: connector.to_owned(),
        name: connector.to_owned(),
        settings: Value::Object(wanted.into_iter().map(|(name, value)| (name, value.into())).collect()),
        secret: None,
        tolerance_seconds: 300,
        allow_sha1: false,
        accept_partial: manifest.signs == Coverage::Partial,
    })
}

//! `org create`, `org list`, `org brand`, `org keep-deliveries`, `org channels`, `org break-contact` and
//! `org rotate-key`.

use ase_engine::org::Org;
use ase_engine::outbox::Channel;
use ase_engine::reach::Reach;
use ase_engine::variant::Variants;
use clap::{Args, Subcommand};
use serde_json::json;

use super::brand::{self, BrandCommand};
use super::failure::refused;
use super::{CliError, Desk, Output};

/// Commands of `ase org`.
#[derive(Debug, Subcommand)]
pub(super) enum OrgCommand {
    /// Make an organisation, with a signing key and the default policy
    Create(NewOrg),
    /// List all organisations
    List,
    /// Say how it looks and what it says in other languages, on the pages and in the mails of its challenges
    #[command(subcommand)]
    Brand(BrandCommand),
    /// Say for how many days what platforms send is kept, sealed, to be read again: 0 to 400; at first 35
    KeepDeliveries {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// Days; 0 wipes every request within minutes
        #[arg(long, value_parser = clap::value_parser!(i32).range(0..=400))]
        days: i32,
    },
    /// Say on which ways codes go, the first that works first, and how many; without an option, show it
    Channels {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// The ways in order: email, sms, or both with a comma between them
        #[arg(value_delimiter = ',')]
        channels: Vec<String>,
        /// Where text messages may go, repeatable: a country's code such as +49, or more of a number
        #[arg(long = "sms-prefix", value_name = "PREFIX")]
        sms_prefixes: Vec<String>,
        /// Codes within an hour
        #[arg(long)]
        codes_hourly: Option<i32>,
        /// Text messages within an hour below each prefix
        #[arg(long)]
        sms_hourly: Option<i32>,
    },
    /// Say which wordings take part for whoever breaks off contact; without one, show them
    BreakContact {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `default`, `counter_script`, `own_control`, with commas between them; one alone compares nothing
        #[arg(value_delimiter = ',')]
        variants: Vec<String>,
    },
    /// Sign decision tokens with a new key; those of the old one stay good until they end
    RotateKey {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
}

/// Arguments of `ase org create`.
#[derive(Debug, Args)]
pub(super) struct NewOrg {
    /// As its users know it
    #[arg(long)]
    name: String,
    /// What it never asks for; people in doubt read it
    #[arg(long)]
    policy_statement: Option<String>,
    /// Official support page, https
    #[arg(long)]
    support_url: Option<String>,
    /// Official telephone number
    #[arg(long)]
    support_phone: Option<String>,
    /// Official address for mail
    #[arg(long)]
    support_email: Option<String>,
    /// Where people may be sent back to, repeatable: an origin, with a path if need be
    #[arg(long = "return-url", value_name = "URL")]
    return_urls: Vec<String>,
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: OrgCommand, output: &Output) -> Result<(), CliError> {
    match command {
        OrgCommand::Create(new) => {
            let org_id = desk.engine.create_org(new.org(), &desk.actor).await;
            output.fields(&json!({ "org_id": org_id.map_err(refused(brand::wrong))? }))
        }
        OrgCommand::List => {
            let rows: Vec<_> = desk.engine.orgs().await?.iter().map(row).collect();
            output.rows(&rows, &["org_id", "name", "support_url", "return_urls"])
        }
        OrgCommand::Brand(command) => brand::run(desk, command, output).await,
        OrgCommand::KeepDeliveries { org, days } => {
            let org = desk.org(org).await?;
            desk.engine.keep_deliveries(&org, days, &desk.actor).await?;
            output.fields(&json!({ "org_id": org, "delivery_days": days }))
        }
        OrgCommand::Channels { org, channels, sms_prefixes, codes_hourly, sms_hourly } => {
            let org = desk.org(org).await?;
            let now = desk.engine.reach(&org).await?;
            let changed = !channels.is_empty()
                || !sms_prefixes.is_empty()
                || codes_hourly.is_some()
                || sms_hourly.is_some();
            let wanted = Reach {
                channels: if channels.is_empty() { now.channels } else { read_channels(&channels)? },
                sms_prefixes: if sms_prefixes.is_empty() { now.sms_prefixes } else { sms_prefixes },
                codes_hourly: codes_hourly.unwrap_or(now.codes_hourly),
                sms_hourly: sms_hourly.unwrap_or(now.sms_hourly),
            };
            let reach =
                if changed { desk.engine.set_reach(&org, wanted, &desk.actor).await? } else { wanted };
            let ways: Vec<&str> = reach.channels.iter().map(|channel| channel.as_str()).collect();
            output.fields(&json!({
                "org_id": org, "channels": ways, "sms_prefixes": reach.sms_prefixes,
                "codes_hourly": reach.codes_hourly, "sms_hourly": reach.sms_hourly,
            }))
        }
        OrgCommand::BreakContact { org, variants } => {
            let org = desk.org(org).await?;
            let variants = if variants.is_empty() {
                desk.engine.variants(&org).await?
            } else {
                let wanted = Variants::read(&variants)
                    .map_err(|error| CliError::Argument(format!("wordings {}", error.detail)))?;
                desk.engine.set_variants(&org, wanted, &desk.actor).await?
            };
            output.fields(&json!({ "org_id": org, "variants": variants.names() }))
        }
        OrgCommand::RotateKey { org } => {
            let org = desk.org(org).await?;
            let kid = desk.engine.rotate_token_key(&org, &desk.actor).await?;
            output.fields(&json!({ "org_id": org, "kid": kid }))
        }
    }
}

impl NewOrg {
    fn org(self) -> Org {
        let statement = self.policy_statement.unwrap_or_else(|| {
            format!(
                "{} never asks you to move money to keep it safe, to tell anybody a code, or to let anybody control \
                 your device.",
                self.name
            )
        });
        Org {
            org_id: String::new(),
            name: self.name,
            policy_statement: statement,
            support_url: self.support_url,
            support_phone: self.support_phone,
            support_email: self.support_email,
            return_urls: self.return_urls,
        }
    }
}

fn read_channels(names: &[String]) -> Result<Vec<Channel>, CliError> {
    let channels: Option<Vec<Channel>> = names.iter().map(|name| Channel::parse(name.trim())).collect();
    channels.ok_or_else(|| CliError::Argument("the ways are `email` and `sms`".to_owned()))
}

fn row(org: &Org) -> serde_json::Value {
    json!({
        "org_id": org.org_id,
        "name": org.name,
        "policy_statement": org.policy_statement,
        "support_url": org.support_url,
        "support_phone": org.support_phone,
        "support_email": org.support_email,
        "return_urls": org.return_urls,
    })
}

//! `org brand show`, `org brand set`, `org brand logo` and `org brand text`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ase_engine::brand::{LOGO_FILE_MAX, Logo, Texts};
use ase_engine::problem::FieldError;
use clap::{Args, Subcommand};

use super::failure::refused;
use super::{CliError, Desk, Output};
use crate::brand;

/// Commands of `ase org brand`.
#[derive(Debug, Subcommand)]
pub(super) enum BrandCommand {
    /// Show how the organisation looks and speaks
    Show {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    /// Set its colours and the language of its own words; what is left out is plain
    Set {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// Buttons and links, such as #0c5c4f
        #[arg(long, value_name = "COLOUR", requires = "on_accent")]
        accent: Option<String>,
        /// What is written on buttons, such as #ffffff
        #[arg(long, value_name = "COLOUR", requires = "accent")]
        on_accent: Option<String>,
        /// The language of its policy statement and its support, such as en
        #[arg(long, default_value = "en")]
        default_language: String,
    },
    /// Set its logo, a PNG, JPEG or WebP; without a file, take it away
    Logo {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// The picture
        file: Option<PathBuf>,
    },
    /// Set what it says in one language; without any text, take it back
    Text(Text),
}

/// Arguments of `ase org brand text`.
#[derive(Debug, Args)]
pub(super) struct Text {
    /// Which organisation [default: the only one]
    #[arg(long)]
    org: Option<String>,
    /// Which language, such as de
    #[arg(long)]
    language: String,
    /// What it never asks for
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
}

/// Runs one of them, and shows what stands then.
pub(super) async fn run(desk: &Desk, command: BrandCommand, output: &Output) -> Result<(), CliError> {
    let org = match command {
        BrandCommand::Show { org } => desk.org(org).await?,
        BrandCommand::Set { org, accent, on_accent, default_language } => {
            let org = desk.org(org).await?;
            let colours = brand::colours(accent.as_deref(), on_accent.as_deref()).map_err(wrong)?;
            let language = brand::language("/default_language", &default_language).map_err(wrong)?;
            desk.engine.paint(&org, language, colours, &desk.actor).await.map_err(refused(wrong))?;
            org
        }
        BrandCommand::Logo { org, file } => {
            let org = desk.org(org).await?;
            let logo = file.as_deref().map(logo).transpose()?;
            desk.engine.show_logo(&org, logo.as_ref(), &desk.actor).await.map_err(refused(wrong))?;
            org
        }
        BrandCommand::Text(text) => say(desk, text).await?,
    };
    output.fields(&desk.engine.brand(&org).await?)
}

async fn say(desk: &Desk, text: Text) -> Result<String, CliError> {
    let Text { org, language, policy_statement, support_url, support_phone, support_email } = text;
    let org = desk.org(org).await?;
    let language = brand::language("/language", &language).map_err(wrong)?;
    let texts = Texts { policy_statement, support_url, support_phone, support_email };
    let said = if texts == Texts::default() {
        desk.engine.unsay_in(&org, language, &desk.actor).await
    } else {
        desk.engine.say_in(&org, language, &texts, &desk.actor).await
    };
    said.map_err(refused(wrong))?;
    Ok(org)
}

fn logo(path: &Path) -> Result<Logo, CliError> {
    let mut file = Vec::new();
    // one byte more than is taken, so that what is too large is told as such
    let limit = LOGO_FILE_MAX as u64 + 1;
    std::fs::File::open(path)
        .and_then(|opened| opened.take(limit).read_to_end(&mut file))
        .map_err(|error| CliError::Argument(format!("{} cannot be read: {error}", path.display())))?;
    Logo::read(&file).map_err(wrong)
}

/// A field by the name of its option.
pub(super) fn wrong(error: FieldError) -> CliError {
    let FieldError { pointer, detail } = error;
    let field = pointer.trim_start_matches('/').replace('_', "-");
    CliError::Argument(format!("{field} {detail}").trim_start().to_owned())
}

//! `user create`, `user list` and `user disable`.

use ase_engine::id::random_id;
use ase_engine::provisioning::ROLES;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::desk::read_secret;
use super::{CliError, Desk, Output};

/// Commands of `ase user`.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make a user of the dashboard; a generated password is printed once and never again
    Create {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// E-mail address, to sign in with
        email: String,
        /// What the user may do
        #[arg(long, value_parser = PossibleValuesParser::new(ROLES), default_value = "analyst")]
        role: String,
        /// Take the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the users of an organisation
    List {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
    },
    /// Shut a user out and sign them out everywhere
    Disable {
        /// Which organisation [default: the only one]
        #[arg(long)]
        org: Option<String>,
        /// `usr_…`
        user_id: String,
    },
}

/// Runs one of them.
pub(super) async fn run(desk: &Desk, command: UserCommand, output: &Output) -> Result<(), CliError> {
    match command {
        UserCommand::Create { org, email, role, password_stdin } => {
            let org = desk.org(org).await?;
            let password = if password_stdin { read_secret()? } else { new_password() };
            let shown = (!password_stdin).then(|| password.expose_secret().to_owned());
            let user_id = desk.engine.create_user(&org, &email, &role, password, &desk.actor).await?;
            output.fields(&json!({ "user_id": user_id, "email": email, "role": role, "password": shown }))
        }
        UserCommand::List { org } => {
            let org = desk.org(org).await?;
            let users = desk.engine.users(&org).await?;
            let rows: Vec<_> = users
                .into_iter()
                .map(|user| {
                    json!({ "user_id": user.user_id, "email": user.email, "role": user.role, "disabled": user.disabled })
                })
                .collect();
            output.rows(&rows, &["user_id", "email", "role", "disabled"])
        }
        UserCommand::Disable { org, user_id } => {
            let org = desk.org(org).await?;
            desk.engine.disable_user(&org, &user_id, &desk.actor).await?;
            output.fields(&json!({ "user_id": user_id, "disabled": true }))
        }
    }
}

/// A password that can be read aloud: 26 characters of 5 bits.
pub(crate) fn new_password() -> SecretString {
    SecretString::from(random_id("", &mut rand::rng()))
}

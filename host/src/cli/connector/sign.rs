//! `connector new-key` and `connector sign`.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::cli::{CliError, Output};
use crate::connectors;
use crate::connectors::kit::{Kit, KitError};

/// Arguments of `connector sign`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignArgs {
    /// The component
    file: PathBuf,
    /// The secret key, as `ase connector new-key` wrote it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write [default: in place]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes a fresh key, for its owner alone, and prints what others check with.
pub(super) fn new_key(file: &Path, output: &Output) -> Result<(), CliError> {
    let (secret, public) = connectors::new_key();
    let mut written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(KitError::file(file))?;
    writeln!(written, "{}", secret.expose_secret()).map_err(KitError::file(file))?;
    output.fields(&json!({ "file": file, "public_key": public }))
}

/// Signs a component that a server would take: what is broken is not vouched for.
pub(super) async fn sign(kit: &Kit, args: &SignArgs, output: &Output) -> Result<(), CliError> {
    let specimen = super::build::proven(kit, &args.file).await?;
    let key = SecretString::from(std::fs::read_to_string(&args.key).map_err(KitError::file(&args.key))?);
    let (signed, by) = connectors::sign(specimen.component(), &key)
        .map_err(|error| CliError::Argument(format!("{} {error}", args.key.display())))?;
    let to = args.output.as_ref().unwrap_or(&args.file);
    // a server may watch the directory: the file changes at once or not at all
    let draft = to.with_extension("wasm.new");
    std::fs::write(&draft, signed).map_err(KitError::file(&draft))?;
    std::fs::rename(&draft, to).map_err(KitError::file(to))?;
    output.fields(&json!({ "file": to, "signed_by": by }))
}

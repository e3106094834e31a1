//! `connector new`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::scaffold::{self, Language};
use crate::cli::{CliError, Output};

/// Arguments of `ase connector new`.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewArgs {
    /// Its id: lower-case letters, digits and dashes
    #[arg(value_parser = name)]
    name: String,
    /// What it is written in
    #[arg(long, value_enum)]
    lang: Language,
    /// The directory to make [default: NAME]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// An id as `Manifest` takes it, and a little stricter: it becomes part of names elsewhere.
fn name(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let problem = match text.bytes().find(|byte| !plain(*byte)) {
        _ if text.is_empty() || text.len() > 64 => "must have 1 to 64 characters".to_owned(),
        Some(b'A'..=b'Z') => format!("must be in lower case, such as `{}`", text.to_lowercase()),
        Some(b'_' | b' ') => "must have dashes instead of underscores and blanks".to_owned(),
        Some(_) => "must be made of lower-case letters, digits and dashes".to_owned(),
        None if !text.starts_with(|first: char| first.is_ascii_lowercase()) => {
            "must start with a letter".to_owned()
        }
        None if text.ends_with('-') || text.contains("--") => {
            "must have single dashes, each between two words".to_owned()
        }
        None => return Ok(text.to_owned()),
    };
    Err(problem)
}

/// Writes the files and says what comes next.
pub(super) fn run(args: &NewArgs, output: &Output) -> Result<(), CliError> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    make(&dir)?;
    let files = scaffold::files(args.lang, &args.name);
    for file in &files {
        let path = dir.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, &file.text)?;
        if file.executable {
            make_executable(&path)?;
        }
    }
    let next = next(args.lang, &dir.display().to_string());
    if output.is_json() {
        let files: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        return output.fields(&json!({ "dir": dir, "files": files, "next": next }));
    }
    output.line(format!("{} holds a connector in {}. Next:", dir.display(), args.lang.title()))?;
    next.iter().try_for_each(|line| Ok(output.line(format!("  {line}"))?))
}

/// Makes the directory itself; one that is there already belongs to somebody.
fn make(dir: &Path) -> Result<(), CliError> {
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::create_dir(dir).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let dir = dir.display();
            CliError::Argument(format!("{dir} is there already and stays as it is: choose another --dir"))
        }
        _ => CliError::Argument(format!("{} cannot be made: {error}", dir.display())),
    })
}

fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

/// The commands that lead to a tested component.
fn next(language: Language, dir: &str) -> Vec<String> {
    let setup = match language {
        Language::Rust => "rustup target add wasm32-unknown-unknown".to_owned(),
        Language::Javascript => format!("npm install --prefix {dir}"),
        Language::Python => {
            format!("python3 -m venv {dir}/.venv && {dir}/.venv/bin/pip install -r {dir}/requirements.txt")
        }
    };
    vec![setup, format!("ase connector build {dir}"), format!("ase connector test {dir}")]
}

impl Language {
    fn title(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_bad_name_is_told_what_is_wrong() {
        for (text, told) in [
            ("", "1 to 64"),
            (&"a".repeat(65), "1 to 64"),
            ("Acme", "lower case, such as `acme`"),
            ("my_shop", "dashes instead"),
            ("my shop", "dashes instead"),
            ("../acme", "lower-case letters"),
            ("café", "lower-case letters"),
            ("7shop", "start with a letter"),
            ("-shop", "start with a letter"),
            ("shop-", "single dashes"),
            ("my--shop", "single dashes"),
        ] {
            let error = name(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
        for text in ["acme", "my-shop", "a", "shop24"] {
            assert_eq!(name(text).unwrap(), text);
        }
    }

    #[test]
    fn what_is_there_already_stays_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let kept = directory.path().join("kept");
        std::fs::write(&kept, "mine").unwrap();
        for there in [directory.path(), &kept] {
            let args = NewArgs { name: "acme".to_owned(), lang: Language::Rust, dir: Some(there.to_owned()) };
            let error = run(&args, &Output::new(false)).unwrap_err().to_string();
            assert!(error.contains("is there already and stays as it is"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "mine");
    }

    #[test]
    fn the_directories_above_are_made() {
        let directory = tempfile::tempdir().unwrap();
        let dir = directory.path().join("a/b/acme");
        let args = NewArgs { name: "acme".to_owned(), lang: Language::Python, dir: Some(dir.clone()) };
        run(&args, &Output::new(false)).unwrap();
        let mode = std::fs::metadata(dir.join("build")).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "the build script can be started");
    }
}

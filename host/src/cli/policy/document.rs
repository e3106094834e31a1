//! What can be said of a policy document without an organisation.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ase_engine::nearest::nearest;
use ase_engine::policy::{self, DOCUMENT_MAX, PRESETS};
use serde_json::json;

use crate::cli::{CliError, Output};

/// Prints the digest of a good document and how many tests it passed; every complaint about another.
pub(super) fn check(file: &Path, output: &Output) -> Result<(), CliError> {
    let report = policy::check(&read(file)?);
    let tests = report.tests();
    if let Some(policy) = report.policy {
        return output.fields(&json!({ "policy": policy.name, "digest": policy.digest(), "tests": tests }));
    }
    if output.is_json() {
        output.fields(&json!({ "complaints": report.complaints }))?;
    }
    Err(CliError::Document { file: file.to_owned(), complaints: report.complaints })
}

/// The text of a file, or of standard input. One that is too long is cut just above the limit, so that whoever reads it
/// as a policy refuses it.
pub(in crate::cli) fn read(file: &Path) -> Result<String, CliError> {
    let read = if file == Path::new("-") {
        read_some(io::stdin().lock())
    } else {
        File::open(file).and_then(read_some)
    };
    read.map_err(|error| CliError::Argument(format!("{} cannot be read: {error}", file.display())))
}

/// No more than is needed to see that it is too much.
fn read_some(source: impl Read) -> io::Result<String> {
    let most = u64::try_from(DOCUMENT_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    source.take(most).read_to_end(&mut bytes)?;
    // a character that was cut in two at the end is beyond the limit as well
    match String::from_utf8(bytes) {
        Err(error) if error.as_bytes().len() <= DOCUMENT_MAX => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
        }
        read => Ok(read.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())),
    }
}

/// Prints the schema.
pub(super) fn schema(output: &Output) -> Result<(), CliError> {
    Ok(output.line(serde_json::to_string_pretty(&policy::schema())?)?)
}

/// Prints one preset as it is, comments included.
pub(super) fn preset(name: &str, output: &Output) -> Result<(), CliError> {
    let Some(preset) = policy::preset(name) else {
        let meant = nearest(name, PRESETS.iter().map(|preset| preset.name));
        let hint = meant.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
        let told = format!("there is no preset {name}; `ase policy preset --list` shows all.{hint}");
        return Err(CliError::Argument(told));
    };
    Ok(output.line(preset.text.trim_end())?)
}

/// Prints the names of all presets and what they are for.
pub(super) fn presets(output: &Output) -> Result<(), CliError> {
    let rows = PRESETS.map(|preset| json!({ "name": preset.name, "for": preset.summary }));
    output.rows(&rows, &["name", "for"])
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use super::*;

    fn checked(text: &[u8]) -> Result<(), CliError> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("policy.yaml");
        std::fs::write(&file, text).unwrap();
        check(&file, &Output::new(false))
    }

    #[test]
    fn a_bad_document_is_told_line_by_line() {
        let error = checked(b"name: own\notp: {from_score: 102}\nfloor: []\n").unwrap_err();
        let told = error.to_string();
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines[0].ends_with("policy.yaml is no policy that can be published:"), "{told}");
        assert_eq!(
            lines[1..],
            [
                "  line 2, column 7 (/otp/from_score): must be 0 to 101",
                "  line 3, column 1 (/floor): unknown field `floor`; did you mean `floors`?",
            ]
        );
        assert_eq!(format!("{:?}", error.exit_code()), format!("{:?}", ExitCode::from(2)));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (text, told) in
            [(vec![0xff], "not UTF-8"), ("é".repeat(DOCUMENT_MAX).into_bytes(), "at most 256 KiB")]
        {
            let error = checked(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
        let error = check(Path::new("/nowhere/policy.yaml"), &Output::new(false)).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/policy.yaml cannot be read"), "{error}");
    }

    #[test]
    fn every_preset_is_good_and_a_misspelt_one_is_guessed() {
        for preset in PRESETS {
            checked(preset.text.as_bytes()).unwrap();
        }
        let error = preset("pay-out", &Output::new(false)).unwrap_err().to_string();
        assert!(error.ends_with("Did you mean payout?"), "{error}");
    }
}

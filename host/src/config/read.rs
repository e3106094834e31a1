//! `Settings`: what was said, by whom, before it is checked as a whole.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use ase_engine::nearest::nearest;
use toml::{Table, Value};

use super::ConfigError;
use super::settings::{self, FILE_VARIABLE, FOREIGN, Kind, SETTINGS, Setting};

/// Everything that was said about settings: by a file, by the environment, by a command.
#[derive(Clone, Default)]
pub struct Settings {
    given: BTreeMap<&'static str, Given>,
}

/// One value and who said it.
#[derive(Clone)]
pub(super) struct Given {
    /// Text, number, list or table, as the setting's kind asks.
    pub(super) value: Value,
    /// Who said it.
    pub(super) origin: Origin,
}

/// Who said a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file.
    File(PathBuf),
    /// The setting's variable.
    Environment,
    /// A command, with its arguments.
    Command,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.given.keys()).finish()
    }
}

impl Settings {
    /// Reads the file (`file`, else `ASE_CONFIG`, else none) and then the environment.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read and for everything in it or in the environment that is no
    /// setting or has the wrong type.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let named = std::env::var_os(FILE_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        let file = file.map(Path::to_owned).or(named);
        let text = match &file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| ConfigError::File { file: path.clone(), problem: error.to_string() })?,
            None => String::new(),
        };
        Self::combine(&file.unwrap_or_default(), &text, std::env::vars_os())
    }

    /// What the file `text` says, overruled by `variables`.
    pub(super) fn combine(
        file: &Path,
        text: &str,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut settings = Self::default();
        let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::File {
            file: file.to_owned(),
            // the parser's own words, without the line it quotes: that may hold a secret
            problem: format!("{}{}", place(text, error.span()), error.message()),
        })?;
        settings.take_table(file, "", table)?;
        for (name, value) in variables {
            settings.take_variable(&name, value)?;
        }
        Ok(settings)
    }

    /// Presets a value, written as in a variable, over whatever file and environment say.
    ///
    /// An unknown `path` is ignored: every path is a constant of this program.
    #[must_use]
    pub fn preset(mut self, path: &str, value: impl Into<String>) -> Self {
        if let Some(setting) = settings::by_path(path) {
            let text = value.into();
            let value = read_text(setting.path, setting.kind, &text).unwrap_or(Value::String(text));
            let given = Given { value, origin: Origin::Command };
            self.given.insert(setting.path, given);
        }
        self
    }

    /// Sets a text where neither file nor environment says anything.
    #[must_use]
    pub fn suggest(self, path: &str, value: &str) -> Self {
        if self.has(path) { self } else { self.preset(path, value) }
    }

    /// Whether somebody said anything about `path`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.given.contains_key(path)
    }

    pub(super) fn given(&self, setting: &Setting) -> Option<&Given> {
        self.given.get(setting.path)
    }

    fn take_table(&mut self, file: &Path, prefix: &str, table: Table) -> Result<(), ConfigError> {
        for (key, value) in table {
            let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            match (settings::by_path(&path), value) {
                (Some(setting), value) => {
                    check_kind(&path, setting.kind, &value)?;
                    let origin = Origin::File(file.to_owned());
                    self.given.insert(setting.path, Given { value, origin });
                }
                (None, Value::Table(inner)) if is_section(&path) => self.take_table(file, &path, inner)?,
                (None, _) => return Err(unknown(&path, SETTINGS.iter().map(|setting| setting.path))),
            }
        }
        Ok(())
    }

    fn take_variable(&mut self, name: &OsString, value: OsString) -> Result<(), ConfigError> {
        let name = name.to_string_lossy();
        let passed_over = name == FILE_VARIABLE || FOREIGN.contains(&&*name) || value.is_empty();
        if !name.starts_with("ASE_") || passed_over {
            return Ok(());
        }
        let Some(setting) = settings::by_variable(&name) else {
            let known = SETTINGS.iter().map(|setting| setting.variable).chain([FILE_VARIABLE]);
            return Err(unknown(&name, known));
        };
        let text = value.into_string().ok().ok_or_else(|| wrong(&name, "must be UTF-8 text"))?;
        let value = read_text(&name, setting.kind, &text)?;
        check_kind(&name, setting.kind, &value)?;
        self.given.insert(setting.path, Given { value, origin: Origin::Environment });
        Ok(())
    }
}

impl Given {
    /// Under which name the operator knows it.
    pub(super) fn name(&self, setting: &Setting) -> String {
        match self.origin {
            Origin::File(_) => setting.path.to_owned(),
            Origin::Environment | Origin::Command => setting.variable.to_owned(),
        }
    }
}

/// Reads a variable's text as the kind asks.
pub(super) fn read_text(name: &str, kind: Kind, text: &str) -> Result<Value, ConfigError> {
    let text = text.trim();
    let parts = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
    Ok(match kind {
        Kind::Text => Value::String(text.to_owned()),
        Kind::Number(..) => {
            let number = text.parse::<i64>();
            Value::Integer(number.ok().ok_or_else(|| wrong(name, "must be a whole number"))?)
        }
        Kind::Flag => Value::Boolean(text.parse().ok().ok_or_else(|| wrong(name, "must be true or false"))?),
        Kind::List => Value::Array(parts().map(|part| Value::String(part.to_owned())).collect()),
        Kind::Table => {
            let pair = |part: &str| {
                let (key, value) = part.split_once('=')?;
                Some((key.trim().to_owned(), Value::String(value.trim().to_owned())))
            };
            let pairs: Option<Table> = parts().map(pair).collect();
            Value::Table(pairs.ok_or_else(|| wrong(name, "must be `name=value`, separated by commas"))?)
        }
    })
}

/// Whether a value is written as its setting asks. The value itself is not repeated: it may be a secret.
fn check_kind(name: &str, kind: Kind, value: &Value) -> Result<(), ConfigError> {
    match (kind, value) {
        (Kind::Text, Value::String(_)) | (Kind::Flag, Value::Boolean(_)) => Ok(()),
        (Kind::Text, _) => Err(wrong(name, "must be text in quotation marks")),
        (Kind::Number(least, most), value) => {
            match value.as_integer().and_then(|number| u64::try_from(number).ok()) {
                Some(number) if (least..=most).contains(&number) => Ok(()),
                _ => Err(wrong(name, &format!("must be a whole number from {least} to {most}"))),
            }
        }
        (Kind::Flag, _) => Err(wrong(name, "must be true or false")),
        (Kind::List, Value::Array(list)) if list.iter().all(Value::is_str) => Ok(()),
        (Kind::List, _) => Err(wrong(name, "must be a list of texts")),
        (Kind::Table, Value::Table(table)) if table.values().all(Value::is_str) => Ok(()),
        (Kind::Table, _) => Err(wrong(name, "must be a table of texts")),
    }
}

/// Whether settings stand below `path`.
fn is_section(path: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> ConfigError {
    ConfigError::Unknown { name: name.to_owned(), nearest: nearest(name, known) }
}

fn wrong(name: &str, problem: &str) -> ConfigError {
    ConfigError::Value { name: name.to_owned(), problem: problem.to_owned() }
}

/// `line 3: `, counted from one.
fn place(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|span| text.get(..span.start));
    before.map(|before| format!("line {}: ", before.matches('\n').count() + 1)).unwrap_or_default()
}

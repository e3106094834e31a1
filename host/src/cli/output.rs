//! `Output`: the one place that prints. Tables and lines for people, JSON for scripts, errors on standard error.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::Value;

/// Where a command's answer goes.
#[derive(Debug, Clone)]
pub struct Output {
    json: bool,
}

impl Output {
    /// An output for people, or for scripts.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a script reads it.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints one line.
    ///
    /// # Errors
    /// Standard output is gone, other than by being closed.
    pub fn line(&self, text: impl Display) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            // `ase … | head` has seen enough
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Prints one line with colours, which go where a terminal shows them and nowhere else.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn styled(&self, text: impl Display) -> io::Result<()> {
        let mut stdout = anstream::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Prints one thing: its fields under each other, or as an object.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn fields(&self, value: &impl Serialize) -> Result<(), super::CliError> {
        let value = serde_json::to_value(value)?;
        if self.json {
            return Ok(self.line(serde_json::to_string_pretty(&value)?)?);
        }
        let fields = value.as_object().into_iter().flatten();
        let width = fields.clone().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in fields.filter(|(_, value)| !value.is_null()) {
            self.line(format!("{name:<width$}  {}", plain(value)))?;
        }
        Ok(())
    }

    /// Prints many of a kind: a table of `columns`, or an array of objects.
    ///
    /// # Errors
    /// As [`Output::line`].
    pub fn rows<T: Serialize>(&self, rows: &[T], columns: &[&str]) -> Result<(), super::CliError> {
        let rows: Vec<Value> = rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        if self.json {
            return Ok(self.line(serde_json::to_string_pretty(&rows)?)?);
        }
        let cells =
            |row: &Value| columns.iter().map(|name| row.get(*name).map(plain).unwrap_or_default()).collect();
        let head: Vec<String> = columns.iter().map(|name| name.to_uppercase().replace('_', " ")).collect();
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
        let width = |column: usize| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns.len()).map(width).collect();
        for line in &lines {
            let padded =
                line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width));
            self.line(padded.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }

    /// Draws how far something long is, on standard error, where a person looks on.
    pub fn progress(&self, what: &str, done: u64, all: u64) {
        let mut stderr = io::stderr().lock();
        if self.json || !io::IsTerminal::is_terminal(&stderr) {
            return;
        }
        let filled = usize::try_from(done * 30 / all.max(1)).unwrap_or(30).min(30);
        let end = if done >= all { "\n" } else { "" };
        let bar = format!("{}{}", "#".repeat(filled), ".".repeat(30 - filled));
        // nobody is left to tell that standard error is closed
        let _ = write!(stderr, "\r[{bar}] {done} of {all} {what}{end}").and_then(|()| stderr.flush());
    }

    /// Tells of an error and its causes, on standard error.
    pub fn failure(&self, error: &dyn Error) {
        let mut told = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // some errors say the cause in their own words already
            if !told.contains(&text) {
                told = format!("{told}: {text}");
            }
            cause = error.source();
        }
        // nobody is left to tell that standard error is closed
        let _ = writeln!(io::stderr().lock(), "ase: {told}");
    }
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_read_plainly() {
        for (value, expected) in
            [(json!(null), "-"), (json!("a b"), "a b"), (json!(["a", 1]), "a 1"), (json!(true), "true")]
        {
            assert_eq!(plain(&value), expected);
        }
    }
}

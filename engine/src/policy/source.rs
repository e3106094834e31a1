//! `PolicyText`: a document as its author wrote it, YAML or JSON, and the line of everything in it.
//!
//! JSON is read as the YAML that it is, but for a character written as two escapes (`\ud83d\ude00`). What would make
//! a document mean something else than what it shows is refused: names written twice, anchors and aliases, tags, a
//! second document. With no aliases nothing can grow while it is read.

mod builder;
mod scalar;
mod spot;

use saphyr_parser::{Parser, ScanError};
use serde_json::Value;

use self::builder::Builder;
use self::spot::Spot;
use super::Complaint;
use crate::problem::FieldError;

/// Largest document, in bytes.
pub const DOCUMENT_MAX: usize = 256 * 1024;

/// A document that could be read, whatever it says.
#[derive(Debug, Clone)]
pub struct PolicyText {
    value: Value,
    root: Spot,
}

impl PolicyText {
    /// Reads a document written in YAML 1.2 (core schema) or JSON.
    ///
    /// # Errors
    /// The [`Complaint`] at which reading stopped.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        if text.len() > DOCUMENT_MAX {
            let detail = format!("a policy has at most {} KiB", DOCUMENT_MAX / 1024);
            return Err(Complaint { pointer: String::new(), line: 1, column: 1, detail });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut builder = Builder::default();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| syntax(text, &error))?;
            builder.take(event, span.start)?;
        }
        let (value, root) = builder.finish()?;
        Ok(Self { value, root })
    }

    /// The document as a JSON value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The line and column of the name or, in a list, of the item that `pointer` names; of what would contain it,
    /// where there is no such field.
    #[must_use]
    pub fn place(&self, pointer: &str) -> (usize, usize) {
        self.root.find(pointer)
    }

    /// The complaint about a field of this document.
    #[must_use]
    pub fn complaint(&self, error: FieldError) -> Complaint {
        let (line, column) = self.place(&error.pointer);
        Complaint { pointer: error.pointer, line, column, detail: error.detail }
    }
}

/// What the parser could not read. A tab where spaces belong is the commonest cause, and the least visible one.
fn syntax(text: &str, error: &ScanError) -> Complaint {
    let (line, column) = spot::of(*error.marker());
    let written = text.lines().nth(line - 1).unwrap_or_default();
    let indentation = written.chars().take_while(|c| c.is_whitespace());
    let detail = if indentation.into_iter().any(|c| c == '\t') {
        "lines must be indented with spaces, not with tabs".to_owned()
    } else {
        format!("is neither YAML nor JSON: {}", error.info())
    };
    Complaint { pointer: String::new(), line, column, detail }
}

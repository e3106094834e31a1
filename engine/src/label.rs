//! `Label`: what an analyst says became of an action, once they know.
//!
//! It owns the words and how one is read. It weighs nothing itself: backtests count labels before whatever else is known.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::FieldError;

/// Longest note, in characters.
const NOTE_MAX: usize = 500;

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// It was a scam: an analyst, the person or a later dispute says so.
    Scam,
    /// It was what its owner wanted, or it went through and nobody complained.
    Good,
}

/// A label as somebody wrote it, nothing read yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// Name of a [`Label`].
    pub label: String,
    /// Why, for other analysts: up to 500 characters.
    #[serde(default)]
    pub note: Option<String>,
}

/// A label as it stands.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct GivenLabel {
    /// What became of it.
    pub label: Label,
    /// Why; `None` also when the subject was erased since.
    pub note: Option<String>,
    /// Id of the user or key that said so last.
    pub labelled_by: String,
    /// Address of that user, for a page; never part of an answer.
    #[serde(skip)]
    pub labelled_by_email: Option<String>,
    /// When.
    pub labelled_at: DateTime<Utc>,
}

impl std::fmt::Debug for GivenLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenLabel").field("label", &self.label).finish_non_exhaustive()
    }
}

impl Label {
    const ALL: [Self; 2] = [Self::Scam, Self::Good];

    /// The word used in SQL, in JSON and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scam => "scam",
            Self::Good => "good",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.as_str() == word)
    }
}

impl NewLabel {
    /// The label and its note: trimmed, without controls, `None` when empty.
    ///
    /// # Errors
    /// A [`FieldError`] at `/label` that says which words there are, or at `/note`.
    pub fn read(self) -> Result<(Label, Option<String>), FieldError> {
        let label = Label::parse(&self.label).ok_or_else(|| {
            FieldError::new("/label", format!("must be one of {}", Label::ALL.map(Label::as_str).join(", ")))
        })?;
        let note = self.note.unwrap_or_default();
        let plain: String = note.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
        if plain.chars().count() > NOTE_MAX {
            return Err(FieldError::new("/note", format!("must be at most {NOTE_MAX} characters")));
        }
        Ok((label, Some(plain).filter(|note| !note.is_empty())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(label: &str, note: Option<&str>) -> Result<(Label, Option<String>), String> {
        let new = NewLabel { label: label.to_owned(), note: note.map(str::to_owned) };
        new.read().map_err(|error| error.pointer)
    }

    #[test]
    fn words_are_read_and_notes_are_plain() {
        let table = [
            ("scam", None, Ok((Label::Scam, None))),
            ("good", Some("  \n "), Ok((Label::Good, None))),
            (
                "good",
                Some(" called\u{7} back\nby the bank "),
                Ok((Label::Good, Some("called back\nby the bank"))),
            ),
            ("Scam", None, Err("/label")),
            ("honest", None, Err("/label")),
            ("", None, Err("/label")),
        ];
        for (label, note, expected) in table {
            let expected = expected.map(|(label, note)| (label, note.map(str::to_owned)));
            assert_eq!(read(label, note), expected.map_err(str::to_owned), "{label} {note:?}");
        }
        assert!(read("scam", Some(&"é".repeat(NOTE_MAX))).is_ok());
        assert_eq!(read("scam", Some(&"é".repeat(NOTE_MAX + 1))), Err("/note".to_owned()));
    }

    #[test]
    fn a_note_never_stands_in_a_log() {
        let given = GivenLabel {
            label: Label::Scam,
            note: Some("Ana, +49 30 999".to_owned()),
            labelled_by: "usr_1".to_owned(),
            labelled_by_email: Some("analyst@shop.example".to_owned()),
            labelled_at: DateTime::UNIX_EPOCH,
        };
        let (shown, answer) = (format!("{given:?}"), serde_json::to_string(&given).unwrap());
        assert!(!shown.contains("Ana") && !shown.contains("analyst"), "{shown}");
        assert!(!answer.contains("analyst@shop.example"), "{answer}");
    }
}

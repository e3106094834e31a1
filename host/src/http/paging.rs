//! Keyset pages: `?limit=&after=`, and the cursor of the next one.

use serde::Deserialize;

use ase_engine::problem::FieldError;
use ase_engine::review::{Cursor, PAGE_MAX};

/// Rows of a page unless asked otherwise.
const PAGE_DEFAULT: i64 = 50;

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Paging {
    limit: Option<i64>,
    #[serde(alias = "cursor")]
    after: Option<String>,
}

impl Paging {
    pub(crate) fn limit(&self) -> Result<i64, FieldError> {
        match self.limit.unwrap_or(PAGE_DEFAULT) {
            limit if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
            _ => Err(FieldError::new("/limit", format!("must be between 1 and {PAGE_MAX}"))),
        }
    }

    pub(crate) fn cursor(&self) -> Result<Option<Cursor>, FieldError> {
        match self.after.as_deref() {
            None => Ok(None),
            Some(text) => Cursor::decode(text)
                .map(Some)
                .ok_or_else(|| FieldError::new("/after", "must be a `next` of ours")),
        }
    }
}

/// The cursor of the next page, when this one is full.
pub(crate) fn next<T>(rows: &[T], limit: i64, place: impl Fn(&T) -> Cursor) -> Option<String> {
    let full = usize::try_from(limit).is_ok_and(|limit| rows.len() >= limit);
    rows.last().filter(|_| full).map(|row| place(row).encode())
}

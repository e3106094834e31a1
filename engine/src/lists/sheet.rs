//! Lists as CSV (RFC 4180), out and in again, and safe to open in a spreadsheet.

use chrono::SecondsFormat;
use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use super::{Entry, NewEntry};
use crate::problem::FieldError;

/// Most entries of one file.
pub const LINES_MAX: usize = 10_000;
/// The columns of a file that comes in.
const COLUMNS: [&str; 5] = ["list", "kind", "value", "reason", "expires_at"];
/// What goes out beside them; it may come in again and is left aside.
const TOLD: [&str; 3] = ["author", "created_at", "entry_id"];
/// A cell that begins with one of these is a formula to a spreadsheet, or is after the first character is trimmed.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A file of entries: what they say, and where each of them stands.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    text: &'a str,
    pub(crate) entries: Vec<NewEntry>,
    /// Where the line of each entry begins, in bytes.
    places: Vec<u64>,
}

impl<'a> Sheet<'a> {
    /// Reads the cells; what they say is read later, all at once.
    pub(crate) fn read(text: &'a str) -> Result<Self, FieldError> {
        // spreadsheets like to begin with a mark of the byte order
        let mut sheet = Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            entries: Vec::new(),
            places: Vec::new(),
        };
        let mut reader = ReaderBuilder::new().from_reader(sheet.text.as_bytes());
        let columns = columns(reader.headers().or_else(|error| sheet.refused(&error))?)?;
        for record in reader.records() {
            let record = record.or_else(|error| sheet.refused(&error))?;
            let place = record.position().map_or(0, csv::Position::byte);
            if sheet.entries.len() == LINES_MAX {
                let detail =
                    format!("must be the last: a file holds at most {LINES_MAX} entries, import it in parts");
                return Err(sheet.at(place, "", &detail));
            }
            sheet.places.push(place);
            sheet.entries.push(entry(&record, columns));
        }
        if sheet.entries.is_empty() {
            return Err(FieldError::new("/lines/2", "line 2: must hold an entry; there is none in the file"));
        }
        Ok(sheet)
    }

    /// An error of reading an entry (`/entries/3/value`), told by line and column.
    pub(crate) fn explain(&self, error: FieldError) -> FieldError {
        let mut steps = error.pointer.split('/').skip(2);
        let index: Option<usize> = steps.next().and_then(|index| index.parse().ok());
        match (index.and_then(|index| self.places.get(index)), steps.next()) {
            (Some(place), Some(column)) => self.at(*place, column, &error.detail),
            _ => error,
        }
    }

    fn refused<T>(&self, error: &csv::Error) -> Result<T, FieldError> {
        let place = error.position().map_or(0, csv::Position::byte);
        Err(self.at(
            place,
            "",
            &format!("must hold as many cells as the first, separated by commas: {}", COLUMNS.join(",")),
        ))
    }

    fn at(&self, place: u64, column: &str, detail: &str) -> FieldError {
        let line = self.line(place);
        if column.is_empty() {
            return FieldError::new(format!("/lines/{line}"), format!("line {line}: {detail}"));
        }
        FieldError::new(format!("/lines/{line}/{column}"), format!("line {line}, column {column}: {detail}"))
    }

    /// The line of a record: empty lines before it are passed over without a record of their own.
    fn line(&self, place: u64) -> usize {
        let bytes = self.text.as_bytes();
        let place = usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
        let (before, after) = bytes.split_at(place);
        let empty = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        1 + before.iter().chain(empty).filter(|byte| **byte == b'\n').count()
    }
}

/// Where each of [`COLUMNS`] stands.
fn columns(header: &StringRecord) -> Result<[usize; 5], FieldError> {
    let known = |name: &str| COLUMNS.contains(&name) || TOLD.contains(&name);
    let wrong = || {
        let detail = format!("line 1: must be {}", COLUMNS.join(","));
        FieldError::new("/lines/1", detail)
    };
    let repeated = |name: &str| header.iter().filter(|other| *other == name).count() > 1;
    if header.iter().any(|name| !known(name) || repeated(name)) {
        return Err(wrong());
    }
    let mut places = [0; 5];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = header.iter().position(|name| name == column).ok_or_else(wrong)?;
    }
    Ok(places)
}

fn entry(record: &StringRecord, columns: [usize; 5]) -> NewEntry {
    let [list, kind, value, reason, expires_at] =
        columns.map(|place| record.get(place).map(|cell| bare(cell).to_owned()));
    // a cell can be empty, and not missing
    NewEntry { list, kind, value, reason, expires_at: expires_at.filter(|time| !time.is_empty()) }
}

/// Writes entries with a header; none of its cells is a formula.
pub(crate) fn to_csv(entries: &[Entry]) -> Result<String, csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS.into_iter().chain(TOLD))?;
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    for entry in entries {
        let expires_at = entry.expires_at.map(time).unwrap_or_default();
        let created_at = time(entry.created_at);
        let Entry { list, kind, value, reason, author, entry_id, .. } = entry;
        let cells = [list, kind, value, reason, &expires_at, author, &created_at, entry_id];
        writer.write_record(cells.map(|cell| guarded(cell)))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The cell with an apostrophe before what a spreadsheet would run. One that looks guarded already is guarded once
/// more, so that what goes out comes in unchanged.
fn guarded(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell without the apostrophe that [`guarded`] put before it.
fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// A formula, however many apostrophes stand before it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

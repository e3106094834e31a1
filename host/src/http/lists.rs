//! `/lists/entries`, `/lists/export` and `/lists/import`: whom and what the organisation denies, watches and allows.

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use ase_engine::access::{Caller, KeyScope};
use ase_engine::lists::{Entry, EntryKind, ListName, NewEntry};
use ase_engine::problem::{FieldError, from_json};
use ase_engine::provisioning::{EntryFilter, Imported, ProvisioningError};
use ase_engine::review::Cursor;

use super::access::Key;
use super::paging::{Paging, next};
use super::problem::Problem;
use crate::App;

/// Largest file: ten thousand entries with every field at its longest.
const FILE_MAX: usize = 12 * 1024 * 1024;

/// Which entries to show.
#[derive(Deserialize)]
pub(super) struct Filter {
    list: Option<String>,
    kind: Option<String>,
    /// Only those that count now, unless said otherwise.
    active: Option<bool>,
}

/// One entry, or several under `entries`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    entries: Option<Vec<NewEntry>>,
    list: Option<String>,
    kind: Option<String>,
    value: Option<String>,
    reason: Option<String>,
    expires_at: Option<String>,
}

pub(super) async fn entries(
    State(app): State<App>,
    key: Key,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::ListsRead)?;
    let limit = paging.limit()?;
    let filter = EntryFilter {
        list: filter.list.map(|word| ListName::read("/list", &word)).transpose()?,
        kind: filter.kind.map(|word| EntryKind::read("/kind", &word)).transpose()?,
        past: !filter.active.unwrap_or(true),
    };
    let rows = app.engine.list_entries(org(&caller), filter, paging.cursor()?, limit).await?;
    let next = next(&rows, limit, |row| Cursor { time: row.created_at, id: row.entry_id.clone() });
    Ok(Json(json!({ "entries": rows, "next": next })))
}

pub(super) async fn add(
    State(app): State<App>,
    key: Key,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let caller = key.with(KeyScope::ListsWrite)?;
    let (entries, alone) = from_json::<Given>(&body)?.split()?;
    let added = app.engine.add_list_entries(org(&caller), entries, &caller.actor()).await;
    let listed = added.map_err(|error| match error {
        // whoever sent one entry knows no `/entries`
        ProvisioningError::Field(FieldError { pointer, detail }) if alone => {
            let pointer = pointer.strip_prefix("/entries/0").map(str::to_owned).unwrap_or(pointer);
            FieldError { pointer, detail }.into()
        }
        other => Problem::from(other),
    })?;
    let status = if listed.iter().any(|listed| listed.added) { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(json!({ "entries": listed }))))
}

pub(super) async fn end(
    State(app): State<App>,
    key: Key,
    Path(entry_id): Path<String>,
) -> Result<Json<Entry>, Problem> {
    let caller = key.with(KeyScope::ListsWrite)?;
    Ok(Json(app.engine.end_list_entry(org(&caller), &entry_id, &caller.actor()).await?))
}

pub(super) async fn export(
    State(app): State<App>,
    key: Key,
) -> Result<([(HeaderName, &'static str); 3], String), Problem> {
    let caller = key.with(KeyScope::ListsRead)?;
    let text = app.engine.export_list_csv(org(&caller)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lists.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text))
}

pub(super) async fn import(State(app): State<App>, key: Key, body: Body) -> Result<Json<Imported>, Problem> {
    let caller = key.with(KeyScope::ListsWrite)?;
    let bytes = to_bytes(body, FILE_MAX).await.or(Err(Problem::body_too_large(FILE_MAX)))?;
    let text =
        std::str::from_utf8(&bytes).or(Err(FieldError::new("", "body is not CSV: it is not UTF-8")))?;
    Ok(Json(app.engine.import_list_csv(org(&caller), text, &caller.actor()).await?))
}

fn org(caller: &Caller) -> &str {
    &caller.tenant.org.org_id
}

impl Given {
    /// The entries, and whether one was given alone.
    fn split(self) -> Result<(Vec<NewEntry>, bool), FieldError> {
        let Self { entries, list, kind, value, reason, expires_at } = self;
        let one = NewEntry { list, kind, value, reason, expires_at };
        match entries {
            None => Ok((vec![one], true)),
            Some(entries) if one == NewEntry::default() => Ok((entries, false)),
            Some(_) => Err(FieldError::new(
                "/entries",
                "must stand alone: send one entry, or several under `entries`",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(body: &str) -> Result<(usize, bool), String> {
        let given = from_json::<Given>(body.as_bytes()).and_then(Given::split);
        given.map(|(entries, alone)| (entries.len(), alone)).map_err(|error| error.pointer)
    }

    #[test]
    fn one_entry_or_several() {
        assert_eq!(split(r#"{"list":"deny"}"#), Ok((1, true)));
        assert_eq!(split(r#"{"entries":[{"list":"deny"},{}]}"#), Ok((2, false)));
        assert_eq!(split(r#"{"entries":[],"list":"deny"}"#), Err("/entries".to_owned()));
    }

    #[test]
    fn a_member_that_is_not_known_is_not_passed_over() {
        // a misspelt end would make an entry that counts for ever
        assert_eq!(split(r#"{"list":"deny","expires":"2027-01-31T00:00:00Z"}"#), Err("/expires".to_owned()));
        assert_eq!(split(r#"{"entries":[{},{"expires":""}]}"#), Err("/entries/1/expires".to_owned()));
        assert_eq!(split(r#"{"entries":[{"value":7}]}"#), Err("/entries/0/value".to_owned()));
        assert_eq!(split("nonsense"), Err(String::new()));
    }
}

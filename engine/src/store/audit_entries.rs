//! Rows of the audit log: added and read, nothing else.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::audit::{Actor, ActorType, Entry};

/// Entries as columns, the shape in which `unnest` takes them.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) ids: Vec<String>,
    pub(super) sessions: Vec<Option<String>>,
    pub(super) times: Vec<DateTime<Utc>>,
    pub(super) actor_types: Vec<String>,
    pub(super) actor_ids: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) metadata: Vec<serde_json::Value>,
    pub(super) leaf_hashes: Vec<Vec<u8>>,
}

impl Columns {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut columns = Self::default();
        for entry in entries {
            columns.ids.push(entry.id.clone());
            columns.sessions.push(entry.session_id.clone());
            columns.times.push(entry.occurred_at);
            columns.actor_types.push(entry.actor.actor_type.as_str().to_owned());
            columns.actor_ids.push(entry.actor.id.clone());
            columns.actions.push(entry.action.clone());
            columns.metadata.push(serde_json::Value::Object(entry.metadata.clone()));
            columns.leaf_hashes.push(entry.leaf_hash().to_vec());
        }
        columns
    }
}

/// One entry and its leaf hash, as stored.
#[derive(Debug)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// RFC 6962 leaf hash, written with it.
    pub leaf_hash: Vec<u8>,
}

/// Adds `entries` in the transaction of what they tell of.
///
/// # Errors
/// [`StoreError`] as it comes; then the whole transaction must not commit.
pub async fn append(tx: &mut Tx, org_id: &str, entries: &[Entry]) -> Result<(), StoreError> {
    let log = Columns::of(entries);
    sqlx::query!(
        r#"insert into audit_entries (org_id, entry_id, session_id, occurred_at, actor_type, actor_id, action,
            metadata, leaf_hash)
        select $1, * from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
            $8::jsonb[], $9::bytea[])"#,
        org_id,
        &log.ids,
        &log.sessions as &[Option<String>],
        &log.times,
        &log.actor_types,
        &log.actor_ids,
        &log.actions,
        &log.metadata,
        &log.leaf_hashes,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The timeline of one session, in the order in which things happened.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_session(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Vec<Stored>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select org_id, entry_id, session_id, occurred_at, actor_type, actor_id, action, metadata, leaf_hash
        from audit_entries where org_id = $1 and session_id = $2 order by occurred_at, entry_id"#,
        org_id,
        session_id
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// A page of the whole log, newest first, strictly before (`before`, `before_id`).
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    before: Option<(DateTime<Utc>, String)>,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    let (time, id) = before.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select org_id, entry_id, session_id, occurred_at, actor_type, actor_id, action, metadata, leaf_hash
        from audit_entries
        where org_id = $1 and ($2::timestamptz is null or (occurred_at, entry_id) < ($2, $3::text))
        order by occurred_at desc, entry_id desc limit $4"#,
        org_id,
        time,
        id,
        limit
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

struct Row {
    org_id: String,
    entry_id: String,
    session_id: Option<String>,
    occurred_at: DateTime<Utc>,
    actor_type: String,
    actor_id: String,
    action: String,
    metadata: serde_json::Value,
    leaf_hash: Vec<u8>,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let actor_type = ActorType::parse(&row.actor_type).ok_or(StoreError::Corrupt("actor type"))?;
        let serde_json::Value::Object(metadata) = row.metadata else {
            return Err(StoreError::Corrupt("audit metadata"));
        };
        let entry = Entry {
            v: 1,
            org_id: row.org_id,
            id: row.entry_id,
            session_id: row.session_id,
            occurred_at: row.occurred_at,
            actor: Actor { actor_type, id: row.actor_id },
            action: row.action,
            metadata,
        };
        Ok(Self { entry, leaf_hash: row.leaf_hash })
    }
}

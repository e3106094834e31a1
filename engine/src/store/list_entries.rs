//! Entries of the organisation's lists: added, changed, ended, and never deleted.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::lists::Entry;

/// Entries as columns, the shape in which `unnest` takes them.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Columns {
    pub entry_ids: Vec<String>,
    pub lists: Vec<String>,
    pub kinds: Vec<String>,
    pub values: Vec<String>,
    pub keys: Vec<Option<Vec<u8>>>,
    pub networks: Vec<Option<String>>,
    pub reasons: Vec<String>,
    pub expiries: Vec<Option<DateTime<Utc>>>,
}

/// Which entries a page shows.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Only those of this list.
    pub list: Option<&'a str>,
    /// Only those of this kind.
    pub kind: Option<&'a str>,
    /// Those that are ended or expired too.
    pub past: bool,
    /// Strictly after this place, newest first.
    pub before: Option<(DateTime<Utc>, String)>,
}

/// Waits for others that change the lists of the organisation; false when there is no such organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn lock(tx: &mut Tx, org_id: &str) -> Result<bool, StoreError> {
    // two files that name the same entries in another order would wait for each other; keys of events are not held up
    let found = sqlx::query!("select 1 as one from orgs where org_id = $1 for no key update", org_id)
        .fetch_optional(tx.db())
        .await?;
    Ok(found.is_some())
}

/// Adds all entries. One that is there already and was not ended takes the new reason and expiry and keeps its id.
/// Call it after [`lock`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put(
    tx: &mut Tx,
    org_id: &str,
    columns: &Columns,
    author: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    // each comes a microsecond after the one before: pages and files keep the order
    Ok(sqlx::query_as!(
        Entry,
        r#"with given as (
            select *, $11::timestamptz + (place - 1) * interval '1 microsecond' as created_at
            from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
                $9::timestamptz[]) with ordinality
                as given (entry_id, list, kind, value, key, network, reason, expires_at, place)
        ),
        named as (
            insert into list_entries (org_id, entry_id, list, kind, value, key, reason, author, created_at, expires_at)
            select $1, entry_id, list, kind, value, key, reason, $10, created_at, expires_at
            from given where key is not null
            on conflict (key, org_id, list) where ended_at is null and key is not null
            do update set reason = excluded.reason, expires_at = excluded.expires_at
            returning *
        ),
        ranges as (
            insert into list_entries (org_id, entry_id, list, kind, value, network, reason, author, created_at,
                expires_at)
            select $1, entry_id, list, kind, value, network::cidr, reason, $10, created_at, expires_at
            from given where network is not null
            on conflict (org_id, network, list) where ended_at is null and network is not null
            do update set reason = excluded.reason, expires_at = excluded.expires_at
            returning *
        )
        select entry_id as "entry_id!", list as "list!", kind as "kind!", value as "value!", reason as "reason!",
            author as "author!", created_at as "created_at!", expires_at, ended_at, ended_by, true as "active!"
        from (select * from named union all select * from ranges) put"#,
        org_id,
        &columns.entry_ids,
        &columns.lists,
        &columns.kinds,
        &columns.values,
        &columns.keys as &[Option<Vec<u8>>],
        &columns.networks as &[Option<String>],
        &columns.reasons,
        &columns.expiries as &[Option<DateTime<Utc>>],
        author,
        now
    )
    .fetch_all(tx.db())
    .await?)
}

/// A page of entries, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    filter: Filter<'_>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let (time, id) = filter.before.unzip();
    Ok(sqlx::query_as!(
        Entry,
        r#"select entry_id, list, kind, value, reason, author, created_at, expires_at, ended_at, ended_by,
            (ended_at is null and (expires_at is null or expires_at > statement_timestamp())) as "active!"
        from list_entries
        where org_id = $1 and ($2::text is null or list = $2) and ($3::text is null or kind = $3)
            and ($4 or (ended_at is null and (expires_at is null or expires_at > statement_timestamp())))
            and ($5::timestamptz is null or (created_at <= $5 and (created_at < $5 or entry_id > $6::text)))
        order by created_at desc, entry_id limit $7"#,
        org_id,
        filter.list,
        filter.kind,
        filter.past,
        time,
        id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// One entry.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str, entry_id: &str) -> Result<Option<Entry>, StoreError> {
    Ok(sqlx::query_as!(
        Entry,
        r#"select entry_id, list, kind, value, reason, author, created_at, expires_at, ended_at, ended_by,
            (ended_at is null and (expires_at is null or expires_at > statement_timestamp())) as "active!"
        from list_entries where entry_id = $2 and org_id = $1"#,
        org_id,
        entry_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Ends an entry; `None` when there is none to end.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn end(
    tx: &mut Tx,
    org_id: &str,
    entry_id: &str,
    ended_by: &str,
) -> Result<Option<Entry>, StoreError> {
    Ok(sqlx::query_as!(
        Entry,
        r#"update list_entries set ended_at = clock_timestamp(), ended_by = $3
        where entry_id = $2 and org_id = $1 and ended_at is null
        returning entry_id, list, kind, value, reason, author, created_at, expires_at, ended_at, ended_by,
            false as "active!""#,
        org_id,
        entry_id,
        ended_by
    )
    .fetch_optional(tx.db())
    .await?)
}

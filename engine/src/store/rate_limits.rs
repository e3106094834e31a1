//! Limits: counted and checked by one statement, so that parallel tries on any number of nodes cannot pass together.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::limit::{Ask, Limit, seconds_until_room};

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub limit: Limit,
    /// Seconds until there is room.
    pub seconds: i64,
}

/// Counts all of `asks`, or none and says which limit was reached.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn take(tx: &mut Tx, asks: &[Ask]) -> Result<Option<Refusal>, StoreError> {
    sqlx::raw_sql("savepoint counting").execute(tx.db()).await?;
    let counted = count(tx, asks).await?;
    let Some(refused) = asks.iter().find(|ask| !counted.iter().any(|scope| scope == ask.limit.as_str()))
    else {
        return Ok(None);
    };
    sqlx::raw_sql("rollback to savepoint counting").execute(tx.db()).await?;
    let seconds = wait(tx, refused).await?;
    Ok(Some(Refusal { limit: refused.limit, seconds }))
}

/// The scopes that had room. Rows are taken in the order of their keys, so that no two calls wait for each other.
async fn count(tx: &mut Tx, asks: &[Ask]) -> Result<Vec<String>, StoreError> {
    let orgs: Vec<&str> = asks.iter().map(|ask| ask.org_id.as_str()).collect();
    let scopes: Vec<&str> = asks.iter().map(|ask| ask.limit.as_str()).collect();
    let keys: Vec<&[u8]> = asks.iter().map(|ask| ask.key.as_slice()).collect();
    let hourly: Vec<i32> = asks.iter().map(|ask| ask.hourly).collect();
    let daily: Vec<Option<i32>> = asks.iter().map(|ask| ask.daily).collect();
    Ok(sqlx::query_scalar!(
        r#"insert into rate_limits as known (org_id, scope, key, hourly, daily, hits, last_at)
        select org_id, scope, key, hourly, daily, array[clock_timestamp()], clock_timestamp()
        from unnest($1::text[], $2::text[], $3::bytea[], $4::int[], $5::int[]) asked (org_id, scope, key, hourly, daily)
        order by key, scope, org_id
        on conflict (key, scope, org_id) do update set
            hourly = excluded.hourly, daily = excluded.daily, last_at = clock_timestamp(),
            hits = array(
                select hit from unnest(known.hits) hit
                where hit > clock_timestamp() - case when excluded.daily is null then interval '1 hour'
                    else interval '1 day' end
            ) || clock_timestamp()
        where (
            select count(*) filter (where hit > clock_timestamp() - interval '1 hour') < excluded.hourly
                and (excluded.daily is null
                    or count(*) filter (where hit > clock_timestamp() - interval '1 day') < excluded.daily)
            from unnest(known.hits) hit
        )
        returning scope"#,
        &orgs as &[&str],
        &scopes as &[&str],
        &keys as &[&[u8]],
        &hourly,
        &daily as &[Option<i32>]
    )
    .fetch_all(tx.db())
    .await?)
}

async fn wait(tx: &mut Tx, ask: &Ask) -> Result<i64, StoreError> {
    let row = sqlx::query!(
        r#"select hits as "hits: Vec<DateTime<Utc>>", clock_timestamp() as "now!" from rate_limits
        where key = $3 and scope = $2 and org_id = $1"#,
        ask.org_id,
        ask.limit.as_str(),
        ask.key.as_slice()
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map_or(1, |row| seconds_until_room(&row.hits, ask.hourly, ask.daily, row.now)))
}

/// Takes back what this transaction counted last: the try was a right one.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn give_back(tx: &mut Tx, asks: &[Ask]) -> Result<(), StoreError> {
    let orgs: Vec<&str> = asks.iter().map(|ask| ask.org_id.as_str()).collect();
    let scopes: Vec<&str> = asks.iter().map(|ask| ask.limit.as_str()).collect();
    let keys: Vec<&[u8]> = asks.iter().map(|ask| ask.key.as_slice()).collect();
    sqlx::query!(
        r#"update rate_limits known set hits = trim_array(known.hits, 1)
        from unnest($1::text[], $2::text[], $3::bytea[]) asked (org_id, scope, key)
        where known.key = asked.key and known.scope = asked.scope and known.org_id = asked.org_id
            and cardinality(known.hits) > 0"#,
        &orgs as &[&str],
        &scopes as &[&str],
        &keys as &[&[u8]]
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Forgets what no limit looks at any more; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn forget(tx: &mut Tx) -> Result<(), StoreError> {
    // whoever is counting keeps its row
    sqlx::query!(
        r#"delete from rate_limits where (key, scope, org_id) in (
            select key, scope, org_id from rate_limits where last_at < clock_timestamp() - interval '1 day'
            limit 1000 for update skip locked
        )"#
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

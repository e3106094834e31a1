//! What a server that has run for some hours finds in memory.
//!
//! A history that was made up an hour ago, or kept from another run, lies on the disk alone; the first look at each
//! page then measures the disk. What a decision never reads stays where it is.

use std::time::Instant;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::ground::Ground;

/// Each goes through the whole of an index, and the last through all of its table.
const LOOKS: [&str; 3] = [
    "select count(key) from traces where key >= ''",
    "select count(subject_id) from events where subject_id >= ''",
    "select count(country) from events where session_id >= ''",
];

/// Has PostgreSQL look at every page that a decision may read.
pub(crate) fn look(ground: &Ground) {
    let begun = Instant::now();
    ground.runtime.block_on(all(ground));
    println!("warm         after {:.0} s", begun.elapsed().as_secs_f64());
}

async fn all(ground: &Ground) {
    let options: PgConnectOptions = ground.url().parse().unwrap();
    // a look at a whole table would pass by the buffers that others find their pages in
    let settings =
        [("enable_seqscan", "off"), ("enable_bitmapscan", "off"), ("max_parallel_workers_per_gather", "0")];
    let mut connection = PgConnection::connect_with(&options.options(settings)).await.unwrap();
    let org_id = &ground.tenant.org.org_id;
    let whose = format!("select set_config('ase.org_id', '{org_id}', false)");
    sqlx::raw_sql(AssertSqlSafe(whose)).execute(&mut connection).await.unwrap();
    for statement in LOOKS {
        let found: i64 = sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap();
        assert!(found > 0, "nothing was looked at by {statement}");
    }
    connection.close().await.unwrap();
}

//! The plan of the statement that reads history: by indexes alone.

use std::fs;
use std::path::Path;

use ase_engine::seeding::Person;
use ase_engine::trace::{Key, Keymaker};
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::ground::Ground;
use crate::reading::{payment, strict};

/// What grows with history; none of it may be read whole.
const TABLES: [&str; 5] = ["events", "traces", "sessions", "decisions", "list_entries"];
/// What the parameters of the statement are, in their order.
const TYPES: &str = "text, text, boolean, text, text, bytea, text, int, bytea, text, text, text, text, bytea, bytea, \
    bytea, bytea, bytea[], bytea[], text, timestamptz, bytea";

/// Fails where the plan reads a whole table; prints it where that is wanted.
pub(crate) fn check(ground: &Ground, print: bool) {
    let lines = ground.runtime.block_on(explain(ground));
    if print {
        println!("\nplan of the feature statement, as the product's own connections make it:\n");
        for line in &lines {
            println!("    {line}");
        }
        println!();
    }
    for table in TABLES {
        let whole = format!("Seq Scan on {table} ");
        let found = lines.iter().find(|line| format!("{line} ").contains(&whole));
        assert!(found.is_none(), "the feature statement reads all of {table}: {found:?}");
    }
}

async fn explain(ground: &Ground) -> Vec<String> {
    let options: PgConnectOptions = ground.url().parse().unwrap();
    let settings =
        [("plan_cache_mode", "force_generic_plan"), ("max_parallel_workers_per_gather", "0"), ("jit", "off")];
    let mut connection = PgConnection::connect_with(&options.options(settings)).await.unwrap();
    let org_id = &ground.tenant.org.org_id;
    let prepare = [
        format!("select set_config('ase.org_id', '{org_id}', false)"),
        format!("prepare reading ({TYPES}) as {}", statement()),
    ];
    for text in prepare {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
    let explain = format!("explain (analyze, buffers, costs off) execute reading ({})", parameters(ground));
    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| sqlx::Row::get::<String, _>(row, 0)).collect()
}

/// The statement as it is checked in under `.sqlx`.
fn statement() -> String {
    let checked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let texts =
        fs::read_dir(checked).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let queries =
        texts.map(|text| serde_json::from_str::<Value>(&text).unwrap()["query"].as_str().unwrap().to_owned());
    queries.into_iter().find(|query| query.contains("recent as materialized")).expect("the feature statement")
}

/// Those of one payment, written out.
fn parameters(ground: &Ground) -> String {
    let event = strict(&payment(ground.people, 4242));
    let keys = Keymaker::new(&ground.tenant.vault, false).keys(&event);
    let hex =
        |key: &Key| key.iter().fold("'\\x".to_owned(), |text, byte| format!("{text}{byte:02x}")) + "'::bytea";
    let one = |key: Option<&Key>| key.map_or("null".to_owned(), hex);
    let list = |keys: Vec<String>| format!("array[{}]::bytea[]", keys.join(", "));
    let destination = event.action.destination.as_ref().map_or("", |destination| &destination.id);
    let ip = event.device.ip.map_or_else(|| Person(0).ip(), |ip| ip.to_string());
    [
        format!("'{}', '{}', false, 'api'", ground.tenant.org.org_id, event.subject.id),
        format!("'{}', null, '{}', null", "evt_of_a_plan", event.event_type),
        format!("{}, 'DE', 'payment', 'EUR', '{destination}'", one(keys.device.as_ref())),
        [keys.network, keys.ip, keys.card, keys.destination].map(|key| one(key.as_ref())).join(", "),
        list(keys.links.iter().map(hex).collect()),
        list(keys.listed.iter().map(hex).collect()),
        format!("'{ip}', null, {}", hex(&keys.subject)),
    ]
    .join(", ")
}

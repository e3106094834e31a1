//! Connections to the database are shared by all organisations, one after the other: whatever ends a request, nothing of
//! its organisation is left on the connection that the next one gets.

use ase_engine::store::scam_reports::{self, ReportRow};
use ase_engine::store::{Scope, Store};
use ase_tests::harness::client::text;
use ase_tests::harness::until::{until, within};
use ase_tests::harness::{TestApp, events};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// A store with a single connection, so that everybody gets the same.
fn store(app: &TestApp) -> Store {
    Store::connect(&SecretString::from(app.database.app_url.as_str()), 1).unwrap()
}

/// What stands on the one connection, outside of any transaction: its process, its organisation, and how many reports
/// it sees.
async fn left(store: &Store) -> (i32, Option<String>, i64) {
    // whoever listens holds a connection of the pool, and says on nobody's behalf that they do
    let mut connection = within("the connection", store.listen("ase_outbox")).await.unwrap();
    let query = "select pg_backend_pid(), nullif(current_setting('ase.org_id', true), ''), \
        (select count(*) from orgs)";
    sqlx::query_as(query).fetch_one(&mut connection).await.unwrap()
}

fn report(session_id: &str) -> ReportRow {
    ReportRow {
        report_id: "rep_1".to_owned(),
        session_id: session_id.to_owned(),
        subject_id: "ana".to_owned(),
        channel: "phone".to_owned(),
        narrative: None,
        created_at: ase_engine::clock::now(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_ends_in_the_middle_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let (store, org_id) = (store(&app), app.shop.org_id.clone());
    let before = left(&store).await;
    assert_eq!((&before.1, before.2), (&None, 0), "a connection of nobody sees nothing");

    let panicked = tokio::spawn({
        let (store, org_id, row) = (store.clone(), org_id.clone(), report(&session));
        async move {
            let mut tx = store.begin(Scope::Org(&org_id)).await.unwrap();
            assert!(scam_reports::insert(&mut tx, &org_id, &row, 5).await.unwrap());
            panic!("in the middle");
        }
    });
    let panicked: Result<(), _> = panicked.await;
    let said = panicked.unwrap_err().into_panic();
    assert_eq!(said.downcast_ref::<&str>(), Some(&"in the middle"), "it came as far as that");
    assert_eq!(left(&store).await, before, "after a panic");

    let mut tx = store.begin(Scope::Org(&org_id)).await.unwrap();
    assert!(scam_reports::insert(&mut tx, "org_another", &report(&session), 5).await.is_err());
    // the transaction is broken, as after every error of the database
    assert!(tx.now().await.is_err());
    drop(tx);
    assert_eq!(left(&store).await, before, "after an error");

    let tx = store.begin(Scope::System).await.unwrap();
    drop(tx);
    assert_eq!(left(&store).await, before, "after the system itself");

    store.begin(Scope::Org(&org_id)).await.unwrap().commit().await.unwrap();
    assert_eq!(left(&store).await, before, "after a commit");
    assert_eq!(app.database.count("select count(*) from scam_reports").await, 0);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_while_they_wait_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let (store, org_id) = (store(&app), app.shop.org_id.clone());
    let before = left(&store).await;
    let other = hold_the_lock(&app).await;
    let waiting = tokio::spawn({
        let (store, org_id) = (store.clone(), org_id.clone());
        async move { store.begin_serialized(&org_id, LOCK).await.map(drop) }
    });
    until_waiting(&app, before.0).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    other.close().await.unwrap();
    assert_eq!(left(&store).await, before, "the connection is given back, with nothing on it");
    // not even the lock
    store.begin_serialized(&org_id, LOCK).await.unwrap().commit().await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_refused_while_they_wait_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let (store, org_id) = (store(&app), app.shop.org_id.clone());
    let before = left(&store).await;
    let mut other = hold_the_lock(&app).await;
    let waiting = tokio::spawn({
        let (store, org_id) = (store.clone(), org_id.clone());
        async move { store.begin_serialized(&org_id, LOCK).await.map(drop) }
    });
    until_waiting(&app, before.0).await;
    // as a limit on the time of statements does
    let cancel = format!("select pg_cancel_backend({})", before.0);
    other.execute(sqlx::raw_sql(AssertSqlSafe(cancel))).await.unwrap();
    assert!(waiting.await.unwrap().is_err());
    other.close().await.unwrap();
    assert_eq!(left(&store).await, before, "a broken transaction is ended too");
    store.begin_serialized(&org_id, LOCK).await.unwrap().commit().await.unwrap();
    store.close().await;
}

const LOCK: i64 = 4711;

/// Somebody else's connection, which holds the lock until it is closed.
async fn hold_the_lock(app: &TestApp) -> PgConnection {
    let mut other = app.database.app().await;
    other.execute(sqlx::raw_sql(AssertSqlSafe(format!("select pg_advisory_lock({LOCK})")))).await.unwrap();
    other
}

/// Waits until this process of the database waits for the lock.
async fn until_waiting(app: &TestApp, pid: i32) {
    let waits = format!(
        "select count(*) from pg_locks where locktype = 'advisory' and objid = {LOCK} and not granted \
         and pid = {pid}"
    );
    until("the wait", || async { (app.database.count(&waits).await == 1).then_some(()) }).await;
}

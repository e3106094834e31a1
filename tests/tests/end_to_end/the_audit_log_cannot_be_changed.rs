//! What the application's role may do with the audit log: add and read.

use ase_tests::harness::{TestApp, events};
use sqlx::{Connection as _, Executor as _};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_audit_log_cannot_be_changed() {
    let app = TestApp::start().await;
    app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let before = app.database.count("select count(*) from audit_entries").await;
    let mut connection = app.database.app().await;
    connection.execute("select set_config('ase.org_id', '*', false)").await.unwrap();
    let forbidden = [
        "update audit_entries set action = 'nothing.happened'",
        "update audit_entries set leaf_hash = leaf_hash",
        "delete from audit_entries",
        "truncate audit_entries",
        "truncate orgs cascade",
        "drop table audit_entries",
        "alter table audit_entries disable trigger all",
        "alter table audit_entries disable row level security",
        "alter table audit_entries add column forged text",
        "create rule forget as on insert to audit_entries do instead nothing",
        "drop trigger audit_entries_append_only on audit_entries",
        "drop policy tenant on audit_entries",
        "create table shadow (id int)",
        "create temporary table shadow (id int)",
        "set session_replication_role = replica",
        "set role ase_owner",
    ];
    for statement in forbidden {
        let error = connection.execute(statement).await.expect_err(statement);
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        // insufficient privilege, or the same said of a parameter
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
    }
    connection.close().await.unwrap();
    assert_eq!(app.database.count("select count(*) from audit_entries").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn not_even_its_owner_changes_the_log_by_accident() {
    let app = TestApp::start().await;
    let mut owner = app.database.owner().await;
    for statement in
        ["update audit_entries set action = 'x'", "delete from audit_entries", "truncate audit_entries"]
    {
        let error = owner.execute(statement).await.expect_err(statement);
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
    owner.close().await.unwrap();
}

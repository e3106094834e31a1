//! Two organisations on one server: each call and each row belongs to one of them.

use ase_engine::brand::{Logo, Texts};
use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Person, TestApp, events, sign};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};

/// Every table with rows of organisations, as the catalogue has them: a new one is looked at without being listed.
async fn tables(app: &TestApp) -> Vec<String> {
    let query = "select string_agg(c.relname::text, ' ' order by c.relname) from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace";
    app.database.text(query).await.split(' ').map(str::to_owned).collect()
}

/// Rows of tables that workers fill in their own time, or that this story has no way to.
const BY_HAND: [&str; 8] = [
    "amount_baselines (org_id, category, currency, amounts, amount_p95, refreshed_at)
        values ($org, 'by_hand', 'EUR', 9, 9, now())",
    "confirmed_scams (org_id, session_id, told_by, told_at) values ($org, 'ses_by_hand', 'x', now())",
    "connector_comparisons (org_id, connector_id, live_digest, shadow_digest, same, different, failed, first_at, last_at)
        values ($org, 'by_hand', 'a', 'b', 1, 0, 0, now(), now())",
    "connector_differences (org_id, connector_id, live_digest, shadow_digest, delivery_id, pointers, compared_at)
        values ($org, 'by_hand', 'a', 'b', 'dlv_by_hand', '{}', now())",
    "decision_counts (org_id, policy_digest, event_type, minute, decisions, delayed, blocked)
        values ($org, 'by_hand', 'x', now(), 1, 0, 0)",
    "demo_messages (org_id, message_id, address, subject, text_body, html_body, sent_at)
        values ($org, 'msg_by_hand', 'x', 'x', 'x', 'x', now())",
    "notices (org_id, notice_id, source_id, event_id, event_type, subject_id, received_at)
        values ($org, 'ntc_by_hand', 'src', 'evt', 'x', 'ana', now())",
    "shadow_decisions (org_id, session_id, policy_digest, outcome, score, reasons, decided_at)
        values ($org, 'ses_by_hand', 'by_hand', 'allow', 0, '[]', now())",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_read_with_another_organisations_key_finds_nothing() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await.platform;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    app.shop.platform.intent(&session, "guided").await.json(200);
    let report = json!({ "session_id": session, "channel": "phone", "contact": "+49 30 999" });
    app.shop.platform.post("/checkpoint/report", &report).await.json(201);

    stranger.get(&format!("/sessions/{session}")).await.problem(404, "not_found");
    stranger.get(&format!("/sessions/{session}/audit")).await.problem(404, "not_found");
    stranger.post("/checkpoint/report", &report).await.problem(404, "not_found");
    for (path, list) in [("/sessions", "sessions"), ("/reports", "reports")] {
        assert_eq!(stranger.get(path).await.json(200)[list], json!([]), "{path}");
        assert_eq!(app.shop.platform.get(path).await.json(200)[list].as_array().unwrap().len(), 1, "{path}");
    }
    let theirs = stranger.get("/audit/entries?limit=200").await.json(200).to_string();
    assert!(!theirs.contains(&app.shop.org_id) && !theirs.contains(&session), "{theirs}");
    // what is missing and what is somebody else's look alike
    let missing = stranger.get("/sessions/ses_missing").await;
    let foreign = stranger.get(&format!("/sessions/{session}")).await;
    assert_eq!((missing.status, missing.text), (foreign.status, foreign.text));
}

/// Gives the organisation a brand, so that there are rows of it.
async fn dress(app: &TestApp) {
    let (engine, org, operator) = (&app.app.engine, &app.shop.org_id, ase_tests::harness::app::operator());
    let logo = Logo { digest: "5e".repeat(32), width: 16, height: 16, image: vec![0] };
    let texts = Texts { policy_statement: Some("Nie.".to_owned()), ..Texts::default() };
    engine.paint(org, "en", None, &operator).await.unwrap();
    engine.show_logo(org, Some(&logo), &operator).await.unwrap();
    engine.say_in(org, "de", &texts, &operator).await.unwrap();
}

/// Does one thing of each kind, so that every table has a row of the organisation.
async fn leave_traces(app: &TestApp) {
    let platform = &app.shop.platform;
    let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let source = app.source("generic", json!({}), secret).await;
    let body = events::quiet_login("evt-hook", "bob").to_string().into_bytes();
    let headers = sign::standard_webhooks(secret, "msg_1", sign::now(), &body);
    platform.webhook(&source.url, &headers, &body).await.json(200);
    let (session, _) = app.until_the_token(&events::risky_payout("evt-1", "ana")).await;
    let label = platform.request("PUT", &format!("/sessions/{session}/label"));
    Answer::of(label.json(&json!({ "label": "good" }))).await.json(200);
    let entry = json!({ "list": "deny", "kind": "destination", "value": "iban:DE1", "reason": "reported" });
    platform.post("/lists/entries", &entry).await.json(201);
    let guided = platform.ingest(&events::risky_payout("evt-2", "cem")).await.json(201);
    let guided = text(&guided["session"]["id"]);
    platform.intent(&guided, "guided").await.json(200);
    let report = json!({ "session_id": guided, "channel": "phone", "contact": "+49 30 999" });
    platform.post("/checkpoint/report", &report).await.json(201);
    sign_in(app).await;
    dress(app).await;
    app.settled().await;
    for row in BY_HAND {
        let org = format!("'{}'", app.shop.org_id);
        app.database.run(&format!("insert into {}", row.replace("$org", &org))).await;
    }
}

async fn sign_in(app: &TestApp) {
    let (email, password) = ("analyst@shop.example", "correct horse battery staple");
    let operator = ase_tests::harness::app::operator();
    let engine = &app.app.engine;
    engine.create_user(&app.shop.org_id, email, "analyst", password.into(), &operator).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await;
    let fields = [("email", email), ("password", password)];
    person.submit(&gate, "/dashboard/sign-in", &fields).await.showing(200, email);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn row_level_security_hides_rows_of_every_table_from_a_raw_query() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await;
    leave_traces(&app).await;
    let tables = tables(&app).await;
    assert!(tables.len() > 30, "{tables:?}");
    let mut connection = app.database.app().await;
    for table in tables {
        let forced = format!(
            "select count(*) from pg_class where oid = '{table}'::regclass and relforcerowsecurity and relrowsecurity"
        );
        assert_eq!(app.database.count(&forced).await, 1, "{table}: also its owner asks on somebody's behalf");
        let seen = |owner: &str| format!("select count(*) from {table} where org_id = '{owner}'");
        let mut counts = Vec::new();
        for behalf in ["", stranger.org_id.as_str(), app.shop.org_id.as_str()] {
            let scope = format!("select set_config('ase.org_id', '{behalf}', false)");
            connection.execute(sqlx::raw_sql(AssertSqlSafe(scope))).await.unwrap();
            // who looks up whose an id is sees no more afterwards
            connection.execute("select org_of_session('ses_missing')").await.unwrap();
            let row =
                connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(seen(&app.shop.org_id)))).await.unwrap();
            counts.push(row.get::<i64, _>(0));
        }
        assert_eq!(counts[..2], [0, 0], "{table}: unset and the stranger see nothing");
        assert!(counts[2] > 0, "{table}: the owner sees its rows; leave some there");
    }
    let forged = "insert into scam_reports (org_id, report_id, session_id, channel, created_at)
        select 'org_forged', 'rep_x', session_id, 'phone', now() from sessions limit 1";
    assert!(connection.execute(forged).await.is_err(), "nobody writes on another's behalf");
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_revoked_key_opens_nothing_from_then_on() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    assert_eq!(platform.get("/sessions").await.status, 200);
    let keys = app.app.engine.keys(&app.shop.org_id).await.unwrap();
    let operator = ase_tests::harness::app::operator();
    app.app.engine.revoke_key(&app.shop.org_id, &keys[0].key_id, &operator).await.unwrap();
    ase_tests::harness::until::until("the end of the key", || async {
        (platform.get("/sessions").await.status == 401).then_some(())
    })
    .await;
    platform.get("/sessions").await.problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_source_takes_only_what_its_own_secret_signed() {
    let app = TestApp::start().await;
    let ours = app.source("generic", json!({}), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").await;
    let theirs = app.source("generic", json!({}), "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=").await;
    let body = events::quiet_login("evt-1", "ana").to_string();
    let headers = sign::standard_webhooks(&theirs.secret, "msg_1", sign::now(), body.as_bytes());
    let refused = app.shop.platform.webhook(&ours.url, &headers, body.as_bytes()).await;
    refused.problem(401, "unauthenticated_delivery");
    let taken = app.shop.platform.webhook(&theirs.url, &headers, body.as_bytes()).await.json(200);
    assert_eq!(text(&taken["status"]), "accepted");
}

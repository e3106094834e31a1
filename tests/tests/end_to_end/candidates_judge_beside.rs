//! Candidates say what they would have decided, and nobody outside notices that they were asked.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, blocks_everybody};
use ase_tests::harness::until::until;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// How many events come at once; fewer than the server takes at once.
const AT_ONCE: usize = 240;

/// What candidates said of a session, as soon as `count` of them did.
async fn candidates(app: &TestApp, decision: &Value, count: usize) -> Vec<Value> {
    let session = text(&decision["session"]["id"]);
    until("the word of every candidate", || async {
        let explained = app.shop.platform.explained(&session).await;
        let said = explained["candidates"].as_array().unwrap().clone();
        (said.len() == count).then_some(said)
    })
    .await
}

/// What a decision says apart from ids and times.
fn essence(decision: &Value) -> Value {
    let parts = ["outcome", "score", "reasons", "missing", "policy", "observed", "hold_until"];
    parts.iter().map(|name| ((*name).to_owned(), decision[*name].clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn two_candidates_judge_and_the_answer_stays_what_it_was() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let kinds = [events::quiet_login, events::risky_payout, events::reckless_payout];
    let mut before = Vec::new();
    for (number, kind) in kinds.iter().enumerate() {
        let id = format!("before-{number}");
        before.push(platform.ingest(&kind(&id, &format!("subject-{id}"))).await.json(201));
    }
    let asking = app.put_on_trial(&asks_everybody()).await;
    let blocking = app.put_on_trial(&blocks_everybody()).await;

    for (number, kind) in kinds.iter().enumerate() {
        let id = format!("after-{number}");
        let event = kind(&id, &format!("subject-{id}"));
        let decision = platform.ingest(&event).await.json(201);
        assert_eq!(essence(&decision), essence(&before[number]), "{decision}");
        let said = candidates(&app, &decision, 2).await;
        for (candidate, outcome) in [(&asking, "delay_verify"), (&blocking, "block_escalate")] {
            let word = said.iter().find(|word| word["policy_digest"] == candidate["digest"]).unwrap();
            assert_eq!(word["outcome"], outcome, "{word}");
            // their bands differ and their signals do not
            assert_eq!((&word["score"], &word["reasons"]), (&decision["score"], &decision["reasons"]));
        }
        let again = platform.ingest(&event).await.json(200);
        assert_eq!(essence(&again), essence(&decision), "a repeated answer knows nothing of them");
    }
    let words = app.database.count("select count(*) from shadow_decisions").await;
    assert_eq!(words, 6, "what came again was not judged again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_candidate_that_is_put_away_judges_no_more() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (asking, blocking) =
        (app.put_on_trial(&asks_everybody()).await, app.put_on_trial(&blocks_everybody()).await);
    platform.step(&asking, "retire").await.json(200);
    app.until_tenant("a version that was put away", |tenant| tenant.shadows.len() == 1).await;
    let decision = platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let said = candidates(&app, &decision, 1).await;
    assert_eq!(said[0]["policy_digest"], blocking["digest"], "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_candidate_that_no_longer_reads_holds_no_decision_up() {
    let app = TestApp::start().await;
    let blocking = app.put_on_trial(&blocks_everybody()).await;
    app.put_on_trial(&asks_everybody()).await;
    app.database
        .run("update policies set document = '{ \"of\": \"another time\" }' where status = 'shadow' and version = 3")
        .await;
    app.until_tenant("a candidate that is left out", |tenant| tenant.shadows.len() == 1).await;
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    assert_eq!(decision["outcome"], "allow", "{decision}");
    let said = candidates(&app, &decision, 1).await;
    assert_eq!(said[0]["policy_digest"], blocking["digest"], "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_candidates_said_is_forgotten_after_a_month_however_much_it_was() {
    let app = TestApp::start().await;
    let said = |ago: &str, count: u32| {
        format!(
            "insert into shadow_decisions (org_id, session_id, policy_digest, outcome, score, reasons, decided_at)
            select '{}', 'ses_{count}_' || number, 'sha256:a', 'allow', 0, '[]', now() - interval '{ago}'
            from generate_series(1, {count}) number",
            app.shop.org_id
        )
    };
    app.database.run(&said("31 days", 12_000)).await;
    app.database.run(&said("29 days", 3)).await;
    app.app.engine.refresh_baselines().await.unwrap();
    assert_eq!(app.database.count("select count(*) from shadow_decisions").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_events_at_once_are_all_decided_and_all_judged_beside() {
    let app = TestApp::start().await;
    let candidate = app.put_on_trial(&asks_everybody()).await;
    app.put_on_trial(&blocks_everybody()).await;
    let calls: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let platform = app.shop.platform.clone();
            let event = events::quiet_login(&format!("evt-{number}"), &format!("subject-{number}"));
            tokio::spawn(async move { platform.ingest(&event).await })
        })
        .collect();
    for call in calls {
        let decision = call.await.unwrap().json(201);
        assert_eq!(decision["outcome"], "allow", "{decision}");
    }
    let database = &app.database;
    until("the word of both candidates on every event", || async move {
        let words = database.count("select count(*) from shadow_decisions").await;
        (usize::try_from(words).unwrap() == 2 * AT_ONCE).then_some(())
    })
    .await;
    assert_eq!(app.app.engine.shadows().dropped(), 0);
    let counted = database.count("select coalesce(sum(decisions), 0)::bigint from decision_counts").await;
    assert_eq!(usize::try_from(counted).unwrap(), AT_ONCE, "the breaker counts each once");
    let path = format!("/policies/default/versions/{}/shadow-report", candidate["version"]);
    let report = app.shop.platform.get(&path).await.json(200);
    let expected = json!([{ "live": "allow", "shadow": "delay_verify", "decisions": AT_ONCE }]);
    assert_eq!(report["transitions"], expected, "{report}");
}

//! Messages that no worker can read or write: each is put away at its first try, and the others leave.

use ase_engine::outbox::{ActionWords, Payload, Reader};
use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use chrono::TimeDelta;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_message_that_cannot_be_read_or_written_holds_up_no_other() {
    let app = TestApp::start().await;
    let (org_id, database) = (app.shop.org_id.as_str(), &app.database);
    app.inbox.hold();
    let session = asked(&app, "evt-1", "ana").await;
    let tenant = app.app.engine.directory().tenant(org_id).await.unwrap().unwrap();
    let sealed = |message_id: &str, payload: &Payload| {
        let json = serde_json::to_vec(payload).unwrap();
        let bytes = tenant.vault.seal(&format!("message/{message_id}"), &json, &mut rand::rng());
        format!("'\\x{}'", data_encoding::HEXLOWER.encode(&bytes))
    };
    // no seal; the seal of another message; a code without digits; a receiver who is none; nothing
    let another = format!("(select payload from outbox where session_id = '{session}')");
    let poison = [
        ("msg_1", "'\\xdeadbeef'".to_owned()),
        ("msg_2", another),
        ("msg_3", sealed("msg_3", &payload(&app, None))),
        (
            "msg_4",
            sealed(
                "msg_4",
                &Payload { to: "\r\nBcc: eve@example.com".to_owned(), ..payload(&app, Some("123456")) },
            ),
        ),
        ("msg_5", "null".to_owned()),
    ];
    for (message_id, bytes) in &poison {
        // due before all others
        let row = format!(
            "insert into outbox (org_id, message_id, kind, channel, payload, next_try_at, created_at)
             values ('{org_id}', '{message_id}', 'code', 'email', {bytes}, now() - interval '1 hour', now());
             notify ase_outbox"
        );
        database.run(&row).await;
    }
    app.inbox.release();
    app.inbox.code_to("ana@example.com").await;
    asked(&app, "evt-2", "bob").await;
    app.inbox.code_to("bob@example.com").await;
    app.settled().await;
    let dead =
        "select count(*) from outbox where status = 'dead' and payload is null and last_error is not null";
    assert_eq!(database.count(dead).await, i64::try_from(poison.len()).unwrap(), "each is put away");
    let tried = "select max(tries)::bigint from outbox where status = 'dead'";
    assert_eq!(database.count(tried).await, 1, "and not tried again");
    let others = "select count(*) from outbox where status = 'sent'";
    assert_eq!(database.count(others).await, 2);
    assert!(app.inbox.letters_to("eve@example.com").is_empty());
}

/// The session of a risky payout whose person was asked for a code.
async fn asked(app: &TestApp, id: &str, subject: &str) -> String {
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout(id, subject)).await.json(201);
    let session = text(&decision["session"]["id"]);
    platform.intent(&session, "confirmed").await.json(200);
    session
}

/// What a message says, with this code.
fn payload(app: &TestApp, code: Option<&str>) -> Payload {
    Payload {
        to: "poison@example.com".to_owned(),
        name: None,
        locale: None,
        reader: Reader::default(),
        action: ActionWords::default(),
        code: code.map(str::to_owned),
        challenge_url: None,
        stop_url: Some(app.url.clone()),
        demotion: None,
        expires_at: ase_engine::clock::now() + TimeDelta::minutes(5),
        created_at: ase_engine::clock::now(),
    }
}

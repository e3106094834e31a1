//! Limits against somebody who tries many things at once, on two nodes of one deployment. No account is ever locked.

use ase_tests::harness::app::wrong_code;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::asks_everybody;
use ase_tests::harness::{Node, Person, Platform, Tenant, TestApp, events};
use serde_json::{Value, json};

/// The same key at both nodes, in turns.
fn turns(app: &TestApp, node: &Node, tenant: &Tenant) -> [Platform; 2] {
    [Platform::new(&app.url, &tenant.platform.key), Platform::new(&node.url, &tenant.platform.key)]
}

/// Opens a session whose codes go to `address`.
async fn opened(platform: &Platform, id: &str, subject: &str, address: &str) -> String {
    let mut event = events::risky_payout(id, subject);
    event["subject"]["email"] = json!(address);
    text(&platform.ingest(&event).await.json(201)["session"]["id"])
}

/// A code for `address`, if it may have one.
async fn send_to(tenant: &Tenant, id: &str, address: &str) -> ase_tests::harness::Answer {
    let session = opened(&tenant.platform, id, &format!("subject-{id}"), address).await;
    tenant.platform.intent(&session, "confirmed").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_sends_to_one_mailbox_five_leave() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let platforms = turns(&app, &node, &app.shop);
    let mut sessions = Vec::new();
    for number in 0..64 {
        let address = format!("{}+{number}@example.com", if number % 3 == 0 { "Ana" } else { "ana" });
        sessions.push(
            opened(&app.shop.platform, &format!("evt-{number}"), &format!("subject-{number}"), &address)
                .await,
        );
    }
    let calls: Vec<_> = sessions
        .into_iter()
        .enumerate()
        .map(|(number, session)| {
            let platform = platforms[number % 2].clone();
            tokio::spawn(async move { platform.intent(&session, "confirmed").await })
        })
        .collect();
    let mut sent = 0;
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 200 {
            sent += 1;
        } else {
            let seconds: i64 = answer.header("retry-after").parse().unwrap();
            assert!((3000..=3601).contains(&seconds), "{seconds}");
            answer.problem(429, "otp_address_limited");
        }
    }
    assert_eq!(sent, 5);
    assert_eq!(
        app.database.count("select count(*) from otp_codes").await,
        5,
        "what was refused left nothing"
    );
    let counted = "select cardinality(hits) from rate_limits where scope = 'organisation'";
    assert_eq!(app.database.count(&format!("select ({counted})::bigint")).await, 5, "and counted nowhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_wrong_codes_on_two_nodes_five_are_compared() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let platforms = turns(&app, &node, &app.shop);
    let (session, right) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let (platform, session, wrong) =
                (platforms[number % 2].clone(), session.clone(), wrong_code(&right));
            tokio::spawn(async move { platform.respond(&session, &wrong).await })
        })
        .collect();
    let mut remaining = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 422 {
            remaining.push(answer.problem(422, "otp_incorrect")["attempts_remaining"].as_i64().unwrap());
        } else {
            answer.problem(429, "otp_attempts_exhausted");
        }
    }
    remaining.sort_unstable();
    assert_eq!(remaining, [0, 1, 2, 3, 4]);
    platforms[1].respond(&session, &right).await.problem(429, "otp_attempts_exhausted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_resends_on_two_nodes_one_leaves() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let platforms = turns(&app, &node, &app.shop);
    let (session, _) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    app.database.run("update otp_codes set issued_at = issued_at - interval '61 seconds'").await;
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let (platform, session) = (platforms[number % 2].clone(), session.clone());
            tokio::spawn(async move { platform.resend(&session).await })
        })
        .collect();
    let mut sent = 0;
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 200 {
            sent += 1;
        } else {
            answer.problem(429, "otp_resend_too_early");
        }
    }
    assert_eq!(sent, 1);
    app.settled().await;
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_wrong_codes_over_many_sessions_of_one_subject_twenty_are_compared() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let platforms = turns(&app, &node, &app.shop);
    app.publish(&asks_everybody()).await;
    let mut sessions = Vec::new();
    for number in 0..8 {
        // an address of its own for each, so that only the subject is the same
        let address = format!("ana-{number}@example.com");
        let session = opened(&app.shop.platform, &format!("evt-{number}"), "ana", &address).await;
        app.shop.platform.intent(&session, "confirmed").await.json(200);
        sessions.push((session, app.inbox.code_to(&address).await));
    }
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let (session, right) = sessions[number % 8].clone();
            let platform = platforms[number / 8 % 2].clone();
            tokio::spawn(async move { platform.respond(&session, &wrong_code(&right)).await })
        })
        .collect();
    let (mut compared, mut limited) = (0, 0);
    for call in calls {
        let answer = call.await.unwrap();
        match answer.status {
            422 => compared += 1,
            _ if answer.text.contains("otp_tries_limited") => limited += 1,
            _ => drop(answer.problem(429, "otp_attempts_exhausted")),
        }
    }
    assert_eq!(compared, 20, "{limited} were turned away");
    // the right code is refused, too, or the limit would be none; the session stays as it is
    let open = "select session_id from sessions where stage = 'code'";
    let open = app.database.count(&format!("select count(*) from ({open}) open")).await;
    assert!(open >= 4, "{open}");
    let shown = app.shop.platform.get("/sessions?limit=100").await.json(200);
    let code = |session: &str| {
        let row = shown["sessions"].as_array().unwrap().iter().find(|row| row["id"] == session).unwrap();
        row["stage"] == "code"
    };
    let (session, right) = sessions.iter().find(|(session, _)| code(session)).unwrap();
    app.shop.platform.respond(session, right).await.problem(429, "otp_tries_limited");
    // somebody else goes on, and so does the subject once a day has passed
    app.until_the_token(&events::risky_payout("evt-bob", "bob")).await;
    app.database
        .run("update rate_limits set hits = array(select hit - interval '1 day' from unnest(hits) hit)")
        .await;
    let answer = app.shop.platform.respond(session, right).await.json(200);
    assert_eq!(answer["session"]["status"], "resolved", "nothing of the account is locked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn right_codes_count_against_nobody() {
    let app = TestApp::start().await;
    app.until_the_token(&events::risky_payout("evt-1", "ana")).await;
    let tries =
        "select coalesce(sum(cardinality(hits)), 0)::bigint from rate_limits where scope like '%_tries'";
    assert_eq!(app.database.count(tries).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_address_is_one_address_over_all_organisations() {
    let app = TestApp::start().await;
    let shops =
        [app.shop.clone(), app.organisation("Second Shop").await, app.organisation("Third Shop").await];
    for (number, shop) in shops.iter().enumerate() {
        for round in 0..5 {
            let answer = send_to(shop, &format!("evt-{round}"), "victim@example.com").await;
            if number < 2 {
                answer.json(200);
            } else {
                answer.problem(429, "otp_address_limited");
            }
        }
    }
    app.settled().await;
    assert_eq!(app.inbox.letters_to("victim@example.com").len(), 10);
    send_to(&shops[2], "evt-other", "somebody@example.com").await.json(200);
    let page = Person::new();
    let session = opened(&shops[2].platform, "evt-page", "subject-page", "victim@example.com").await;
    let question = page.open(&format!("{}/challenge/{session}", app.url)).await;
    // the refusal itself shows the official ways, says when there is use in trying again, and leads back
    let refused = page.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let refused = refused.showing(429, "You can try again in ");
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((3000..=3601).contains(&seconds), "{seconds}");
    let link = format!("href=\"/challenge/{session}\"");
    for shown in ["help@shop.example", "+49 30 1234567", "Third Shop", " minutes.", link.as_str()] {
        assert!(refused.html.contains(shown), "{shown}: {}", refused.html);
    }
    page.open(&format!("{}/challenge/{session}", app.url)).await.showing(200, "help@shop.example");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_must_wait_for_a_day_is_told_so_in_their_language() {
    let app = TestApp::start().await;
    for round in 0..5 {
        send_to(&app.shop, &format!("evt-{round}"), "ana@example.com").await.json(200);
    }
    // as many once more, all of them half an hour ago: the hour has no room, nor has the day
    let twice = "select array_agg(hit - interval '30 minutes') from unnest(hits || hits) hit";
    app.database.run(&format!("update rate_limits set hits = ({twice}) where scope = 'address'")).await;
    let session = opened(&app.shop.platform, "evt-page", "subject-page", "ana@example.com").await;
    let page = Person::new();
    for (choice, title, wait) in [
        ("", "Please come back later", "tomorrow at about this time"),
        ("?lang=ar", "يُرجى العودة لاحقًا", "غدًا في مثل هذا الوقت"),
    ] {
        let question = page.open(&format!("{}/challenge/{session}{choice}", app.url)).await;
        let refused = page.submit(&question, &format!("/intent{choice}"), &[("intent", "confirmed")]).await;
        let refused = refused.showing(429, title).showing(429, wait).showing(429, "help@shop.example");
        let seconds: u64 = refused.header("retry-after").parse().unwrap();
        assert!((80_000..=86_400).contains(&seconds), "{seconds}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_subject_gets_ten_codes_an_hour_whatever_its_addresses() {
    let app = TestApp::start().await;
    app.publish(&asks_everybody()).await;
    for number in 0..11 {
        let session =
            opened(&app.shop.platform, &format!("evt-{number}"), "ana", &format!("a{number}@example.com"))
                .await;
        let answer = app.shop.platform.intent(&session, "confirmed").await;
        if number < 10 {
            answer.json(200);
        } else {
            answer.problem(429, "otp_subject_limited");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_network_gets_thirty_codes_an_hour() {
    let app = TestApp::start().await;
    for number in 0..31 {
        let decision = app
            .shop
            .platform
            .ingest(&events::risky_payout(&format!("evt-{number}"), &format!("s{number}")))
            .await;
        let url = text(&decision.json(201)["session"]["challenge_url"]);
        let person = Person::new();
        let question = person.open(&url).await;
        let page = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
        assert_eq!(page.status, if number < 30 { 200 } else { 429 }, "{number}: {}", page.html);
    }
    // a platform asks from its own network for all its people
    app.until_the_token(&events::risky_payout("evt-api", "api")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_organisation_sends_as_many_codes_as_it_said() {
    let app = TestApp::start().await;
    app.reach(&app.shop, &json!({ "codes_hourly": 3 })).await;
    for number in 0..4 {
        let answer = send_to(&app.shop, &format!("evt-{number}"), &format!("a{number}@example.com")).await;
        let answer: Value =
            if number < 3 { answer.json(200) } else { answer.problem(429, "otp_organisation_limited") };
        assert!(answer.is_object());
    }
    let other = app.organisation("Another Shop").await;
    send_to(&other, "evt-1", "b@example.com").await.json(200);
}

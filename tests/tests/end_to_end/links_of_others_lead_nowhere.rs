//! Links that were guessed, and links that somebody else sends.

use std::collections::BTreeMap;

use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Person, TestApp, events};
use rand::RngExt as _;
use serde_json::json;

/// Letters of an id.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What an answer gives away: all of it, but for what is new with every answer.
fn told(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("-");
    let own = |text: &str| text.replace(nonce, "…");
    let changing = |name: &str| matches!(name, "x-request-id" | "date" | "content-length");
    let headers = answer.headers.iter().filter(|(name, _)| !changing(name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), own(value.to_str().unwrap())));
    (answer.status, headers.collect(), own(&answer.text))
}

/// The id with its letters from `from` on drawn anew.
fn drawn(id: &str, from: usize) -> String {
    let mut rng = rand::rng();
    let letters = (from..id.len()).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]));
    id[..from].chars().chain(letters).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn guessed_links_and_resolved_ones_are_answered_alike() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let open = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let open = text(&open["session"]["id"]);
    let mut ids = vec!["ses_missing".to_owned(), "0".repeat(30), open.to_uppercase(), format!("{open}0")];
    for (id, event) in
        [("evt-2", events::quiet_login("evt-2", "ben")), ("evt-3", events::reckless_payout("evt-3", "cem"))]
    {
        let decided = platform.ingest(&event).await.json(201);
        assert_ne!(decided["outcome"], "delay_verify", "{id}");
        ids.push(text(&decided["session"]["id"]));
    }
    // neighbours of a real one, in order, and such that share only its first letters
    ids.extend(ALPHABET.iter().map(|letter| format!("{}{}", &open[..open.len() - 1], char::from(*letter))));
    ids.extend(
        [4, 5, 12, 20, 28]
            .into_iter()
            .flat_map(|from| (0..20).map(move |_| from))
            .map(|from| drawn(&open, from)),
    );
    ids.retain(|id| *id != open);
    let visitor = platform.with_key("");
    for (method, way) in [
        ("GET", ""),
        ("GET", "/status"),
        ("GET", "/stop/abc"),
        ("POST", "/intent"),
        ("POST", "/code"),
        ("POST", "/resend"),
        ("POST", "/report"),
        ("POST", "/stop/abc"),
    ] {
        let mut first = None;
        for id in &ids {
            let request = visitor.request(method, &format!("/challenge/{id}{way}"));
            let form = [("form_token", "x"), ("intent", "confirmed"), ("code", "123456")];
            let request = if method == "POST" { request.form(&form) } else { request };
            let cookie = format!("ase_browser={}", "A".repeat(43));
            let answer = Answer::of(request.header("origin", &app.url).header("cookie", cookie)).await;
            assert!(matches!(answer.status, 403 | 404), "{method} {way}: {}", answer.status);
            // where a page leads back, the id that was asked for stands in it
            let seen = told(&Answer { text: answer.text.replace(id.as_str(), "…"), ..answer });
            let first = first.get_or_insert_with(|| seen.clone());
            assert_eq!(seen, *first, "{method} {way} of {id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_id_tells_of_another() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for number in 0..200 {
        let login = events::quiet_login(&format!("evt-{number}"), "ana");
        ids.push(text(&app.shop.platform.ingest(&login).await.json(201)["session"]["id"]));
    }
    let letters: Vec<&[u8]> = ids.iter().map(|id| id.strip_prefix("ses_").unwrap().as_bytes()).collect();
    assert!(letters.iter().all(|id| id.len() == 26), "26 letters of 5 bits are 130 bits");
    // at each place most of the alphabet turns up: no place counts, tells the time or stands still
    for place in 0..26 {
        let seen: std::collections::BTreeSet<u8> = letters.iter().map(|id| id[place]).collect();
        assert!(seen.len() >= 24, "place {place} shows {} letters in 200 ids", seen.len());
    }
    let sorted = ids.is_sorted();
    ids.sort();
    ids.dedup();
    assert!(!sorted && ids.len() == 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_attackers_link_passed_by_the_victim_lets_nothing_of_the_victim_through() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let wanted = platform.ingest(&events::risky_payout("of-victim", "victim")).await.json(201);
    let wanted = text(&wanted["session"]["id"]);
    let bait = platform.ingest(&events::risky_payout("of-mallory", "mallory")).await.json(201);
    let (session, url) = (text(&bait["session"]["id"]), text(&bait["session"]["challenge_url"]));
    // the victim opens it: the page says whose it is and what it does
    let victim = Person::new();
    let question = victim.open(&url).await.showing(200, "m••@example.com");
    for shown in ["Example Shop", "Send payouts to DE89 … 3000", "900.00"] {
        assert!(question.html.contains(shown), "{shown}: {}", question.html);
    }
    let asked =
        victim.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    // the code goes to the address of the event, never to whoever looks at the page
    let code = app.inbox.code_to("mallory@example.com").await;
    app.settled().await;
    assert!(app.inbox.letters_to("victim@example.com").is_empty());
    victim.submit(&asked, "/code", &[("code", &code)]).await.showing(200, "Thank you. You can go on.");
    let token = text(&platform.get(&format!("/sessions/{session}")).await.json(200)["decision_token"]);
    for expected in [
        json!({ "event_id": "of-victim" }),
        json!({ "subject_id": "victim" }),
        json!({ "event_id": "of-victim", "subject_id": "mallory" }),
    ] {
        let ask = json!({ "token": token, "expected": expected });
        let verified = platform.post("/decisions/verify", &ask).await.json(200);
        let told = (&verified["proceed"], &verified["error"]);
        assert_eq!(told, (&json!(false), &json!("expectation_mismatch")), "{expected}: {verified}");
    }
    let shown = platform.get(&format!("/sessions/{wanted}")).await.json(200);
    assert_eq!(
        (&shown["stage"], &shown["intent"]),
        (&json!("question"), &json!(null)),
        "theirs is untouched"
    );
}

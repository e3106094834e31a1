//! An organisation's lists: what stands on them decides, for that organisation alone and as long as it counts.

use ase_engine::access::KeyScope;
use ase_tests::harness::client::{Platform, text};
use ase_tests::harness::{Answer, TestApp, events};
use serde_json::{Value, json};

/// Where the scammers of these stories have money sent.
const MULE: &str = "iban:GB33BUKB20201555555555";

fn entry(list: &str, kind: &str, value: &str) -> Value {
    json!({ "list": list, "kind": kind, "value": value, "reason": "named in three reports" })
}

/// A payout to the mule.
fn payout(id: &str, subject: &str) -> Value {
    json!({
        "id": id,
        "type": "payout.created",
        "subject": { "id": subject, "email": events::address(subject) },
        "action": { "amount": { "value": "10.00", "currency": "EUR" }, "destination": { "id": MULE } },
    })
}

/// A sign-in from an address.
fn login(id: &str, ip: &str) -> Value {
    let mut event = events::quiet_login(id, "ana");
    event["device"] = json!({ "ip": ip });
    event
}

fn codes(decision: &Value) -> Vec<String> {
    decision["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["code"])).collect()
}

async fn is_denied(platform: &Platform, event: &Value) -> bool {
    let decision = platform.ingest(event).await.json(201);
    let denied = codes(&decision).contains(&"DENY_LISTED".to_owned());
    assert_eq!(denied, decision["outcome"] == "block_escalate", "{decision}");
    denied
}

async fn add(platform: &Platform, entry: &Value) -> String {
    let answer = platform.post("/lists/entries", entry).await.json(201);
    assert_eq!(answer["entries"][0]["added"], true, "{answer}");
    text(&answer["entries"][0]["entry_id"])
}

async fn end(platform: &Platform, entry_id: &str) -> Answer {
    Answer::of(platform.request("DELETE", &format!("/lists/entries/{entry_id}"))).await
}

async fn import(platform: &Platform, csv: &str) -> Answer {
    let request = platform.request("POST", "/lists/import").header("content-type", "text/csv");
    Answer::of(request.body(csv.to_owned())).await
}

async fn entries(platform: &Platform, query: &str) -> Vec<Value> {
    let page = platform.get(&format!("/lists/entries{query}")).await.json(200);
    page["entries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_denied_destination_is_not_let_through() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    assert!(!is_denied(platform, &payout("evt-1", "ana")).await, "nobody has heard of it yet");
    add(platform, &entry("deny", "destination", MULE)).await;
    let decision = platform.ingest(&payout("evt-2", "ben")).await.json(201);
    assert_eq!(decision["outcome"], "block_escalate", "{decision}");
    assert_eq!(decision["score"], 100, "{decision}");
    assert!(codes(&decision).contains(&"DENY_LISTED".to_owned()), "{decision}");
    let verified = platform.verify(&text(&decision["decision_token"])).await;
    assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(false)), "{verified}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_kind_of_entry_finds_its_event() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut event = payout("evt-1", "ana");
    event["device"] = json!({ "id": "dev_7", "ip": "2001:db8::7" });
    let table = [
        ("subject", "ana"),
        ("device", "dev_7"),
        ("ip", "2001:db8::/32"),
        ("email_domain", "EXAMPLE.com"),
        ("destination", MULE),
    ];
    for (round, (kind, value)) in table.into_iter().enumerate() {
        let added = add(platform, &entry("watch", kind, value)).await;
        event["id"] = json!(format!("evt-{round}"));
        let decision = platform.ingest(&event).await.json(201);
        assert!(codes(&decision).contains(&"WATCH_LISTED".to_owned()), "{kind}: {decision}");
        end(platform, &added).await.json(200);
    }
    add(platform, &entry("allow", "subject", "ana")).await;
    event["id"] = json!("evt-known");
    let decision = platform.ingest(&event).await.json(201);
    assert!(codes(&decision).contains(&"ALLOW_LISTED".to_owned()), "{decision}");
    assert!(!codes(&decision).contains(&"WATCH_LISTED".to_owned()), "{decision}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_range_catches_what_lies_in_it() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    add(platform, &entry("deny", "ip", "203.0.113.0/25")).await;
    let table = [
        ("203.0.113.0", true),
        ("203.0.113.127", true),
        ("::ffff:203.0.113.9", true),
        ("203.0.113.128", false),
        ("203.0.112.255", false),
        ("2001:db8::1", false),
    ];
    for (round, (ip, denied)) in table.into_iter().enumerate() {
        assert_eq!(is_denied(platform, &login(&format!("evt-{round}"), ip)).await, denied, "{ip}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_entry_that_is_over_catches_nothing() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut soon = entry("deny", "destination", MULE);
    soon["expires_at"] = json!("2099-01-01T00:00:00Z");
    let first = add(platform, &soon).await;
    assert!(is_denied(platform, &payout("evt-1", "ana")).await);
    app.database.run("update list_entries set expires_at = now() - interval '1 second'").await;
    assert!(!is_denied(platform, &payout("evt-2", "ben")).await, "it has expired");
    assert_eq!(entries(platform, "").await, [] as [Value; 0]);

    // written down again it counts again, and is the same entry
    let again = platform.post("/lists/entries", &entry("deny", "destination", MULE)).await.json(200);
    assert_eq!(
        (&again["entries"][0]["added"], text(&again["entries"][0]["entry_id"])),
        (&json!(false), first.clone())
    );
    assert!(is_denied(platform, &payout("evt-3", "cleo")).await);

    let ended = end(platform, &first).await.json(200);
    assert_eq!((&ended["active"], ended["ended_at"].is_string()), (&json!(false), true), "{ended}");
    assert!(!is_denied(platform, &payout("evt-4", "dan")).await, "it was ended");
    assert_eq!(end(platform, &first).await.json(200), ended, "ending it again changes nothing");
    end(platform, "lst_missing").await.problem(404, "not_found");
    assert_eq!(entries(platform, "").await, [] as [Value; 0]);
    assert_eq!(entries(platform, "?active=false").await, [ended]);
    assert_ne!(add(platform, &entry("deny", "destination", MULE)).await, first, "what is over stays over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_goes_out_as_csv_comes_in_again() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let formula = "=HYPERLINK(\"https://evil.example\",\"a, b\")";
    let csv = format!(
        "list,kind,value,reason,expires_at\n\
         deny,destination,{MULE},\"named in \"\"three\"\" reports\",2099-01-01T00:00:00Z\n\
         tor,ip,203.0.113.9,exit,\nwatch,subject,-42,@home,\n\
         watch,device,\"{}\",+1 for caution,\n",
        formula.replace('"', "\"\"")
    );
    let imported = import(platform, &csv).await.json(200);
    assert_eq!((&imported["added"], &imported["updated"]), (&json!(4), &json!(0)), "{imported}");
    let devices = entries(platform, "?list=watch&kind=device").await;
    assert_eq!((&devices[0]["value"], &devices[0]["reason"]), (&json!(formula), &json!("+1 for caution")));

    let out = platform.get("/lists/export").await;
    assert!(out.header("content-type").starts_with("text/csv"), "{:?}", out.headers);
    assert!(out.text.contains(",\"'=HYPERLINK("), "no cell is a formula: {}", out.text);
    assert!(out.text.contains(",'-42,'@home,") && out.text.contains(",'+1 for caution,"), "{}", out.text);

    let again = import(platform, &out.text).await.json(200);
    assert_eq!((&again["added"], &again["updated"]), (&json!(0), &json!(4)), "{again}");
    assert_eq!(platform.get("/lists/export").await.text, out.text, "nothing has changed");

    let elsewhere = app.organisation("Another Shop").await.platform;
    import(&elsewhere, &out.text).await.json(200);
    let told =
        |entry: &Value| ["list", "kind", "value", "reason", "expires_at"].map(|name| entry[name].clone());
    let (ours, theirs) = (entries(platform, "").await, entries(&elsewhere, "").await);
    assert_eq!(ours.iter().map(told).collect::<Vec<_>>(), theirs.iter().map(told).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn lists_are_an_organisations_own() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await.platform;
    let theirs = add(&stranger, &entry("deny", "destination", MULE)).await;
    add(&stranger, &entry("deny", "ip", "203.0.113.0/24")).await;
    let platform = &app.shop.platform;
    assert!(!is_denied(platform, &payout("evt-1", "ana")).await);
    assert!(!is_denied(platform, &login("evt-2", "203.0.113.9")).await);
    assert_eq!(entries(platform, "?active=false").await, [] as [Value; 0]);
    assert_eq!(platform.get("/lists/export").await.text.lines().count(), 1, "the header alone");
    end(platform, &theirs).await.problem(404, "not_found");
    assert_eq!(entries(&stranger, "").await.len(), 2);
    // the same entry on both lists is two entries
    assert_ne!(add(platform, &entry("deny", "destination", MULE)).await, theirs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_audit_log_does_not_say_whom_an_entry_names() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let added = add(platform, &entry("deny", "email_domain", "mule.example")).await;
    platform.post("/lists/entries", &entry("deny", "email_domain", "mule.example")).await.json(200);
    end(platform, &added).await.json(200);
    let csv = "list,kind,value,reason,expires_at\nwatch,email_domain,mule.example,a mule,\n";
    let imported = import(platform, csv).await.json(200);

    let log = platform.get("/audit/entries?limit=200").await;
    for secret in ["mule", "named in three reports"] {
        assert!(!log.text.contains(secret), "{}", log.text);
    }
    let log = log.json(200);
    let of_lists = log["entries"].as_array().unwrap().iter().rev();
    let of_lists: Vec<&Value> =
        of_lists.filter(|entry| text(&entry["action"]).starts_with("list.")).collect();
    let actions: Vec<String> = of_lists.iter().map(|entry| text(&entry["action"])).collect();
    assert_eq!(actions, ["list.added", "list.updated", "list.ended", "list.imported"]);
    let outline = json!({ "list": "deny", "kind": "email_domain", "entry_id": added });
    for entry in &of_lists[..3] {
        assert_eq!(entry["metadata"], outline);
    }
    assert_eq!(of_lists[3]["metadata"], imported);
    assert!(of_lists.iter().all(|entry| entry["actor"]["type"] == "platform"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_wrong_entry_is_named_and_none_is_stored() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let good = entry("deny", "ip", "203.0.113.9");
    let table = [
        (entry("deny", "ip", "0.0.0.0/0"), "/value"),
        (entry("tor", "subject", "ana"), "/kind"),
        (json!({ "entries": [good, good] }), "/entries/1/value"),
        (json!({ "entries": [good, entry("deny", "email_domain", "ana@mail.example")] }), "/entries/1/value"),
        (
            json!({ "entries": [good, { "list": "deny", "kind": "ip", "value": "203.0.113.8" }] }),
            "/entries/1/reason",
        ),
        (json!({ "entries": [good, { "expires": "2099-01-01T00:00:00Z" }] }), "/entries/1/expires"),
        (json!({ "entries": [] }), "/entries"),
        (json!({}), "/list"),
    ];
    for (body, pointer) in table {
        let problem = platform.post("/lists/entries", &body).await.problem(422, "invalid_field");
        assert_eq!(problem["pointer"], pointer, "{body}: {problem}");
    }
    let csv = "list,kind,value,reason,expires_at\ndeny,ip,203.0.113.9,x,\ndeny,ip,203.0.113.8,x,yesterday\n";
    let problem = import(platform, csv).await.problem(422, "invalid_field");
    assert_eq!(problem["pointer"], "/lines/3/expires_at", "{problem}");
    assert!(text(&problem["detail"]).contains("line 3, column expires_at"), "{problem}");
    platform.get("/lists/entries?list=blocked").await.problem(422, "invalid_field");
    assert_eq!(app.database.count("select count(*) from list_entries").await, 0);

    let reader = platform.with_key(&app.key(&[KeyScope::ListsRead]).await);
    reader.get("/lists/entries").await.json(200);
    reader.post("/lists/entries", &good).await.problem(403, "missing_scope");
    import(&reader, csv).await.problem(403, "missing_scope");
    let writer = platform.with_key(&app.key(&[KeyScope::ListsWrite]).await);
    writer.get("/lists/export").await.problem(403, "missing_scope");
    platform.with_key("").get("/lists/entries").await.problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pages_follow_each_other_without_a_gap() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let named: Vec<Value> =
        (0..5).map(|number| entry("watch", "subject", &format!("user_{number}"))).collect();
    platform.post("/lists/entries", &json!({ "entries": named })).await.json(201);
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = platform.get(&format!("/lists/entries{query}")).await.json(200);
        seen.extend(page["entries"].as_array().unwrap().iter().map(|entry| text(&entry["value"])));
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["user_4", "user_3", "user_2", "user_1", "user_0"]);
}

//! The real `ase`, killed without a warning while it works. Whatever it has answered is still true afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ase_engine::Engine;
use ase_engine::access::KeyScope;
use ase_engine::org::Org;
use ase_engine::store::Store;
use ase_engine::vault::MasterKey;
use ase_tests::harness::app::{operator, wrong_code};
use ase_tests::harness::binary::{Binary, free_port};
use ase_tests::harness::client::text;
use ase_tests::harness::database::Database;
use ase_tests::harness::ground::{on_ground, private_dir};
use ase_tests::harness::inbox::Inbox;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Platform, events};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

/// How many answers must have come before the kill.
const ACKNOWLEDGED: usize = 150;

/// What the server has answered: by event, the decision.
type Ledger = BTreeMap<String, Value>;

/// Sends events from four clients at once until the server is gone; what came back is returned.
async fn send_until_the_end(platform: &Platform, kill: impl FnOnce()) -> Ledger {
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..4)
        .map(|client| tokio::spawn(send(platform.clone(), client, Arc::clone(&acknowledged))))
        .collect();
    until("enough answers", || async {
        (acknowledged.load(Ordering::Relaxed) >= ACKNOWLEDGED).then_some(())
    })
    .await;
    kill();
    let mut ledger = Ledger::new();
    for client in clients {
        ledger.extend(client.await.unwrap());
    }
    assert!(ledger.len() >= ACKNOWLEDGED);
    ledger
}

async fn send(platform: Platform, client: usize, acknowledged: Arc<AtomicUsize>) -> Ledger {
    let mut ledger = Ledger::new();
    for number in 0.. {
        let event = event(&format!("evt-{client}-{number}"));
        match Answer::try_of(platform.request("POST", "/events/ingest").json(&event)).await {
            Ok(answer) if answer.status == 201 => {
                ledger.insert(text(&event["id"]), answer.json(201));
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            // gone, or about to be: nothing was acknowledged
            _ => break,
        }
    }
    ledger
}

/// The event of an id: some are let through, some are challenged.
fn event(id: &str) -> Value {
    if id.ends_with('7') { events::risky_payout(id, id) } else { events::quiet_login(id, id) }
}

/// Every decision that was answered is the decision still.
async fn assert_kept(platform: &Platform, ledger: &Ledger) {
    for (id, decision) in ledger {
        let mut expected = decision.clone();
        expected["duplicate"] = json!(true);
        assert_eq!(platform.ingest(&event(id)).await.json(200), expected);
        let session = text(&decision["session"]["id"]);
        assert!(platform.actions(&session).await.contains(&"event.scored".to_owned()), "{id} is in the log");
    }
}

/// What `ase serve` needs: a database, an organisation with a key, an address.
struct Site {
    url: String,
    database: Database,
    inbox: Inbox,
    master_key: SecretString,
    platform: Platform,
}

impl Site {
    async fn make() -> Self {
        on_ground(async {
            let (database, inbox) = (Database::fresh().await, Inbox::open().await);
            let url = format!("http://127.0.0.1:{}", free_port());
            let master_key = MasterKey::generate(&mut rand::rng());
            let store = Store::connect(&SecretString::from(database.app_url.as_str()), 2).unwrap();
            let engine = Engine::new(store, MasterKey::parse(&master_key).unwrap(), &url);
            let org = Org {
                org_id: String::new(),
                name: "Example Shop".to_owned(),
                policy_statement: String::new(),
                support_url: None,
                support_phone: None,
                support_email: None,
                return_urls: Vec::new(),
            };
            let org_id = engine.create_org(org, &operator()).await.unwrap();
            let key = engine.create_key(&org_id, "everything", &KeyScope::ALL, &operator()).await.unwrap();
            engine.store().close().await;
            Self { platform: Platform::new(&url, key.expose_secret()), url, database, inbox, master_key }
        })
        .await
    }

    async fn serve(&self, log: &Path) -> Binary {
        let cache = ase_tests::harness::app::cache_dir();
        let variables = [
            ("ASE_DATABASE_URL", self.database.app_url.as_str()),
            ("ASE_LISTEN", self.url.strip_prefix("http://").unwrap()),
            ("ASE_PUBLIC_URL", &self.url),
            ("ASE_MASTER_KEY", self.master_key.expose_secret()),
            ("ASE_SMTP_URL", &self.inbox.url()),
            ("ASE_MAIL_FROM", "no-reply@shop.example"),
            ("ASE_CONNECTOR_CACHE_DIR", cache.to_str().unwrap()),
        ];
        let mut server = Binary::start(&["serve"], &variables, log);
        server.ready(&self.url).await;
        server
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_kept_every_answer_it_gave() {
    let (site, dir) = (Site::make().await, tempfile::tempdir().unwrap());
    let log = dir.path().join("ase.log");
    let mut server = site.serve(&log).await;
    let platform = &site.platform;

    let decision = platform.ingest(&events::risky_payout("passing", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    platform.intent(&session, "confirmed").await.json(200);
    let code = site.inbox.code_to("ana@example.com").await;
    let wrong = wrong_code(&code);
    assert_eq!(
        platform.respond(&session, &wrong).await.problem(422, "otp_incorrect")["attempts_remaining"],
        4
    );
    let allowed = platform.ingest(&events::quiet_login("allowed", "eve")).await.json(201);
    let token = text(&allowed["decision_token"]);
    let used = platform.verify(&token).await;
    assert_eq!(used["proceed"], true);
    // a mail that is being sent when the server dies
    site.inbox.hold();
    let waiting = platform.ingest(&events::risky_payout("waiting", "bob")).await.json(201);
    platform.intent(&text(&waiting["session"]["id"]), "confirmed").await.json(200);
    until("the mail to be on its way", || async {
        (site.database.count("select count(*) from outbox where status = 'pending' and tries = 1").await == 1)
            .then_some(())
    })
    .await;

    let ledger = send_until_the_end(platform, || server.kill()).await;
    site.inbox.release();
    // its lease holds for a minute; the database's time is moved instead of waited for
    site.database.run("update outbox set next_try_at = clock_timestamp() where status = 'pending'").await;
    let mut server = site.serve(&log).await;

    assert_kept(platform, &ledger).await;
    let again = platform.verify(&token).await;
    assert_eq!((&again["error"], &again["used_at"]), (&json!("token_used"), &used["used_at"]));
    assert_eq!(
        platform.respond(&session, &wrong).await.problem(422, "otp_incorrect")["attempts_remaining"],
        3
    );
    assert_eq!(platform.respond(&session, &code).await.json(200)["session"]["outcome"], "allow");
    let late = site.inbox.code_to("bob@example.com").await;
    let answer = platform.respond(&text(&waiting["session"]["id"]), &late).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow", "the mail left after all");

    assert!(server.stop(), "asked to end, it ends well: {}", server.output());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgresql_has_kept_every_answer_too() {
    let dir = private_dir("demo");
    let (home, log) = (dir.join(".ase"), dir.join("ase.log"));
    let address = format!("127.0.0.1:{}", free_port());
    let start =
        || Binary::start(&["demo", "--data-dir", home.to_str().unwrap(), "--listen", &address], &[], &log);
    let url = format!("http://{address}");
    let mut demo = start();
    demo.ready(&url).await;
    let record = demo_record(&home);
    assert_eq!(record["base_url"], url);
    let platform = Platform::new(&url, &text(&record["api_key"]));

    let postmaster = postmaster(&home);
    let ledger = send_until_the_end(&platform, || kill_process(postmaster, Signal::KILL).unwrap()).await;
    until("an answer that says what is wrong", || async {
        let answer = platform.ingest(&event("after")).await;
        (answer.status == 503).then(|| answer.problem(503, "unavailable"))
    })
    .await;
    assert_eq!(platform.get("/readyz").await.status, 503);
    assert_eq!(platform.get("/healthz").await.status, 200);
    demo.kill();

    let mut demo = start();
    demo.ready(&url).await;
    assert_eq!(demo_record(&home), record, "a second start keeps everything");
    assert_kept(&platform, &ledger).await;
    let challenged = ledger.values().find(|decision| decision["outcome"] == "delay_verify").unwrap();
    platform.intent(&text(&challenged["session"]["id"]), "confirmed").await.json(200);
    let to = events::address(challenged["event_id"].as_str().unwrap());
    until("the mail in the demo's mailbox", || async {
        let mails = platform.get("/demo/mailbox.json").await.json(200);
        mails.as_array().unwrap().iter().any(|mail| mail["to"] == to.as_str()).then_some(())
    })
    .await;
    assert!(demo.stop(), "{}", demo.output());
}

fn demo_record(home: &Path) -> Value {
    let file = home.join("demo.json");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "nobody else may read the key");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The process id in the first line of PostgreSQL's own file.
fn postmaster(home: &Path) -> Pid {
    let file = std::fs::read_to_string(home.join("postgres/cluster/postmaster.pid")).unwrap();
    Pid::from_raw(file.lines().next().unwrap().trim().parse().unwrap()).unwrap()
}

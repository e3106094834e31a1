//! The real `ase` at a shell, for an organisation that is run by it alone: keys, users, ways, policies, lists, a past
//! that is made up, and a simulation. What it says for scripts is what the server then does.

use std::collections::BTreeSet;

use ase_tests::harness::client::text;
use ase_tests::harness::policies::asks_everybody;
use ase_tests::harness::shell::Shell;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::{Value, json};

const EMAIL: &str = "rita@second.example";
const PASSWORD: &str = "correct horse battery staple";

/// Another organisation, made at the shell.
async fn organisation(shell: &Shell) -> String {
    let made = shell.json("org create --name Second --support-url https://second.example/help").await;
    let org_id = text(&made["org_id"]);
    let listed = shell.json("org list").await;
    assert!(listed.as_array().unwrap().iter().any(|org| org["org_id"] == json!(org_id)), "{listed}");
    let refused = shell.refuses("key list").await;
    assert!(refused.contains("--org"), "with two of them somebody has to say which: {refused}");
    org_id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_key_works_until_it_is_revoked() {
    let app = TestApp::start().await;
    let shell = app.shell();
    let org = organisation(&shell).await;
    let made = shell.json(&format!("key create --org {org} --name till --scope events:write")).await;
    let till = app.shop.platform.with_key(&text(&made["api_key"]));
    till.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    till.get("/sessions").await.problem(403, "missing_scope");
    let listed = shell.json(&format!("key list --org {org}")).await;
    assert_eq!((&listed[0]["name"], &listed[0]["scopes"]), (&json!("till"), &json!(["events:write"])));
    let id = text(&listed[0]["key_id"]);
    shell.json(&format!("key revoke --org {org} {id}")).await;
    till.ingest(&events::quiet_login("evt-2", "ana")).await.problem(401, "unauthorized");
    let refused = shell.refuses(&format!("key create --org {org} --name x --scope everything")).await;
    assert!(refused.contains("events:write"), "the scopes there are: {refused}");
    shell.refuses(&format!("key revoke --org {} {id}", app.shop.org_id)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_user_signs_in_until_they_are_disabled() {
    let app = TestApp::start().await;
    let shell = app.shell();
    let org = organisation(&shell).await;
    let made = shell
        .json_of(&format!("user create --org {org} {EMAIL} --role auditor --password-stdin"), PASSWORD)
        .await;
    assert_eq!((&made["role"], &made["password"]), (&json!("auditor"), &Value::Null), "it is not said again");
    let sign_in = async || {
        let person = Person::new();
        let gate = person.open(&format!("{}/dashboard", app.url)).await;
        person.submit(&gate, "/dashboard/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await
    };
    sign_in().await.showing(200, EMAIL);
    shell.json(&format!("user disable --org {org} {}", text(&made["user_id"]))).await;
    let refused = sign_in().await;
    assert!(refused.status >= 400 && !refused.html.contains("/dashboard/sign-out"), "{}", refused.html);
    let listed = shell.json(&format!("user list --org {org}")).await;
    assert_eq!(listed[0]["disabled"], true, "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_organisation_is_set_up() {
    let app = TestApp::start().await;
    let (shell, platform) = (app.shell(), &app.shop.platform);
    let ways = shell.json("org channels email --codes-hourly 20").await;
    assert_eq!((&ways["channels"], &ways["codes_hourly"]), (&json!(["email"]), &json!(20)), "{ways}");
    assert_eq!(platform.get("/settings/channels").await.json(200)["codes_hourly"], 20);
    let nowhere = shell.refuses("org channels sms,email --sms-prefix +49").await;
    assert!(nowhere.contains("ASE_SMS_ACCOUNT_SID"), "who would send them: {nowhere}");
    let wordings = shell.json("org break-contact default,own_control").await;
    assert_eq!(wordings["variants"], json!(["default", "own_control"]));
    shell.json("org brand set --accent #1a3f8c --on-accent #ffffff").await;
    let pale = shell.refuses("org brand set --accent #ffff00 --on-accent #ffffff").await;
    assert!(pale.contains("4.5"), "{pale}");
    assert_eq!(platform.get("/brand").await.json(200)["colours"]["accent"], "#1a3f8c");

    let entry = shell.json("list add deny destination iban:DE1 --reason reported").await;
    let held = platform.get("/lists/entries").await.json(200);
    assert_eq!(held["entries"][0]["entry_id"], entry["entry_id"], "{held}");
    shell.json(&format!("list remove {}", text(&entry["entry_id"]))).await;
    assert_eq!(shell.json("list show").await, json!([]));

    let first = text(&shell.json("policy list").await[0]["digest"]);
    let mut policy = asks_everybody();
    policy["name"] = json!("default");
    let added = shell.json_of("policy add -", &policy.to_string()).await;
    assert_eq!(added["status"], "checked", "{added}");
    let version = &added["version"];
    assert_eq!(shell.json(&format!("policy publish default {version}")).await["status"], "live");
    assert_eq!(shell.json("policy rollback").await["digest"], json!(first));
    assert_eq!(shell.json("policy two-person on").await["two_person_policies"], true);
    let alone = shell.refuses(&format!("policy publish default {version}")).await;
    assert!(alone.contains("somebody else") || alone.contains("two"), "{alone}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_past_is_made_up_where_it_does_no_harm() {
    let app = TestApp::start().await;
    let shell = app.shell();
    let org = organisation(&shell).await;
    let asked = shell.refuses(&format!("seed --events 40 --org {org}")).await;
    assert!(asked.contains("--yes"), "{asked}");
    let seeded = shell.json(&format!("seed --events 40 --org {org} --yes")).await;
    assert_eq!(seeded["events"], 40);
    let count = format!("select count(*) from events where org_id = '{org}'");
    assert_eq!(app.database.count(&count).await, 40);
    app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let used = shell.refuses(&format!("seed --events 40 --org {} --yes", app.shop.org_id)).await;
    assert!(used.contains("--force"), "{used}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_simulation_plays_every_script_to_its_end() {
    let app = TestApp::start().await;
    let told = app.shell().json("simulate --people 4 --victims 2 --seed 3").await;
    let scripts = told["scams"].as_array().unwrap();
    let names: BTreeSet<&str> = scripts.iter().filter_map(|script| script["script"].as_str()).collect();
    assert!(names.len() == 6 && names.contains("all"), "{names:?}");
    let all = scripts.iter().find(|script| script["script"] == "all").unwrap();
    assert_eq!(all["scams"], 10, "{all}");
    // some are stopped, and of the victims who are asked some lie and some do not
    let (stopped, lost) = (all["harmful_stopped"].as_u64(), all["nothing_lost"].as_u64());
    assert!(stopped > Some(0) && lost > Some(0) && lost < Some(10), "{all}");
    assert!(told["events"].as_u64() > Some(100), "{told}");
    let nothing = "select count(*) from events";
    assert_eq!(app.database.count(nothing).await, 0, "it has a database of its own");
}

//! `TestApp`: the whole product, served on loopback, with an organisation, its key and a mail server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::org::Org;
use ase_engine::provisioning::NewSource;
use ase_engine::vault::MasterKey;
use ase_host::config::Settings;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::client::{Answer, Platform};
use super::database::Database;
use super::ground::{block, on_ground};
use super::inbox::Inbox;
use super::log;
use super::provider::{self, Provider};
use super::until::until;

/// The token of `/metrics`.
pub const METRICS_TOKEN: &str = "metrics-token-of-the-stories";

/// Where people are sent back to, unless a story says otherwise.
const RETURN_URLS: [&str; 2] = ["https://shop.example/after", "http://127.0.0.1/after"];

/// One start at a time: the first compiles the connectors, the others find them in the cache.
static STARTING: Mutex<()> = Mutex::const_new(());

/// What a story wants otherwise than usual.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// A watched directory of further connectors.
    pub connectors_dir: Option<PathBuf>,
    /// What operators granted connectors, as `id=grant`.
    pub grants: Vec<&'static str>,
    /// Public keys whose signatures installed connectors must carry; none for no demand.
    pub trusted_keys: Vec<String>,
    /// Text messages can be sent.
    pub texts: bool,
    /// What opens the mail server; it takes anybody, if nothing is said.
    pub mail_password: Option<&'static str>,
    /// How many seconds ordinary requests may take, if not as many as usual.
    pub request_seconds: Option<u32>,
    /// How many requests are worked on at one time, if not as many as usual.
    pub concurrent_requests: Option<u32>,
    /// How long the question must have been shown before "no" is taken; not at all, if nothing is said: stories read
    /// faster than people.
    pub question_milliseconds: u32,
    /// Where compiled connectors are kept, if not where all others keep them.
    pub cache_dir: Option<PathBuf>,
}

/// A served application.
#[derive(Debug)]
pub struct TestApp {
    /// Its parts.
    pub app: ase_host::App,
    /// Where it is served, without a slash at the end.
    pub url: String,
    /// Where its mail arrives.
    pub inbox: Arc<Inbox>,
    /// Where its text messages arrive, where it sends any.
    pub provider: Option<Arc<Provider>>,
    /// Where it keeps everything.
    pub database: Database,
    /// The organisation that most stories are about.
    pub shop: Tenant,
    pub(super) master_key: SecretString,
    settings: Settings,
    end: CancellationToken,
    serving: Option<JoinHandle<Result<(), ase_host::ServeError>>>,
}

/// Another node of the same deployment: the same database, the same secrets, an address of its own.
#[derive(Debug)]
pub struct Node {
    /// Its parts.
    pub app: ase_host::App,
    /// Where it is served, without a slash at the end.
    pub url: String,
    end: CancellationToken,
    serving: Option<JoinHandle<Result<(), ase_host::ServeError>>>,
}

/// An organisation with a key that may do everything.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// `org_...`.
    pub org_id: String,
    /// Its back end.
    pub platform: Platform,
}

/// A source of webhooks.
#[derive(Debug, Clone)]
pub struct Source {
    /// `src_...`.
    pub id: String,
    /// Where its webhooks go.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
}

impl TestApp {
    /// Starts one.
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    /// Starts one that is not like the others.
    pub async fn start_with(setup: Setup) -> Self {
        on_ground(async move {
            log::capture();
            let _one_at_a_time = STARTING.lock().await;
            let (database, inbox) = (Database::fresh().await, Inbox::open().await);
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let provider = if setup.texts { Some(Arc::new(Provider::open().await)) } else { None };
            let master_key = MasterKey::generate(&mut rand::rng());
            let settings = settings(&setup, &database, &inbox, &url);
            let settings = settings.preset("master_key", master_key.expose_secret());
            let settings = match &provider {
                Some(provider) => settings
                    .preset("sms.account_sid", provider::ACCOUNT)
                    .preset("sms.auth_token", provider::TOKEN)
                    .preset("sms.from", provider::SENDER)
                    .preset("sms.base_url", &*provider.url),
                None => settings,
            };
            let app = ase_host::build(&settings.config().unwrap()).await.unwrap();
            let shop = tenant(&app, &url, "Example Shop", &RETURN_URLS).await;
            let end = CancellationToken::new();
            let serving = Some(tokio::spawn(ase_host::serve(app.clone(), listener, end.clone())));
            let inbox = Arc::new(inbox);
            Self { app, url, inbox, provider, database, shop, master_key, settings, end, serving }
        })
        .await
    }

    /// Another node of the same deployment. It ends before the first one does.
    pub async fn node(&self) -> Node {
        self.node_of(self.settings.clone()).await
    }

    /// Another node that keeps its compiled connectors apart, as on a machine of its own.
    pub async fn node_apart(&self, cache_dir: &Path) -> Node {
        let settings = self.settings.clone();
        self.node_of(settings.preset("connectors.cache_dir", cache_dir.display().to_string())).await
    }

    /// Another node that believes to be reached at `public_url`, as behind a proxy that ends TLS.
    pub async fn node_called(&self, public_url: &str) -> Node {
        self.node_of(self.settings.clone().preset("public_url", public_url)).await
    }

    async fn node_of(&self, settings: Settings) -> Node {
        on_ground(async move {
            let _one_at_a_time = STARTING.lock().await;
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let app = ase_host::build(&settings.config().unwrap()).await.unwrap();
            let end = CancellationToken::new();
            let serving = Some(tokio::spawn(ase_host::serve(app.clone(), listener, end.clone())));
            Node { app, url, end, serving }
        })
        .await
    }

    /// The provider of text messages.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        self.provider.as_deref().expect("a story with text messages")
    }

    /// Says on which ways the codes of an organisation go, and waits until this node knows.
    pub async fn reach(&self, tenant: &Tenant, wanted: &Value) {
        let told = tenant.platform.request("PUT", "/settings/channels").json(wanted);
        let told = Answer::of(told).await.json(200);
        until("the new ways to be known", || async {
            let known = self.app.engine.directory().tenant(&tenant.org_id).await.unwrap().unwrap();
            (serde_json::to_value(&known.reach).unwrap() == told).then_some(())
        })
        .await;
    }

    /// Another organisation beside the first.
    pub async fn organisation(&self, name: &str) -> Tenant {
        self.organisation_at(name, &RETURN_URLS).await
    }

    /// One whose people may be sent back to these places.
    pub async fn organisation_at(&self, name: &str, return_urls: &[&str]) -> Tenant {
        tenant(&self.app, &self.url, name, return_urls).await
    }

    /// A key of the first organisation with these scopes alone.
    pub async fn key(&self, scopes: &[KeyScope]) -> String {
        let key = self.app.engine.create_key(&self.shop.org_id, "a key", scopes, &operator()).await;
        key.unwrap().expose_secret().to_owned()
    }

    /// A source of the first organisation with this secret.
    pub async fn source(&self, connector: &str, settings: Value, secret: &str) -> Source {
        self.source_of(&self.shop, connector, settings, secret).await
    }

    /// A source of an organisation with this secret.
    pub async fn source_of(&self, tenant: &Tenant, connector: &str, settings: Value, secret: &str) -> Source {
        let new = NewSource {
            connector: connector.to_owned(),
            name: format!("the {connector} of the shop"),
            settings,
            secret: Some(SecretString::from(secret)),
            tolerance_seconds: 300,
            allow_sha1: false,
            accept_partial: false,
        };
        let (id, secret) = self.app.engine.create_source(&tenant.org_id, new, &operator()).await.unwrap();
        let url = format!("{}/webhooks/{connector}/{id}", self.url);
        Source { id, url, secret: secret.expose_secret().to_owned() }
    }

    /// Waits until no mail is under way, and everything about it is written down.
    pub async fn settled(&self) {
        let database = &self.database;
        until("an outbox without waiting mail", || async move {
            (database.count("select count(*) from outbox where status = 'pending'").await == 0).then_some(())
        })
        .await;
    }

    /// Sends an event that must be challenged, answers "nobody guides me", and returns the session and the code.
    pub async fn until_the_code(&self, event: &Value) -> (String, String) {
        let platform = &self.shop.platform;
        let decision = platform.ingest(event).await.json(201);
        let session = super::client::text(&decision["session"]["id"]);
        let answer = platform.intent(&session, "confirmed").await.json(200);
        assert_eq!(answer["next"], "otp", "{answer}");
        let code = self.inbox.code_to(&super::client::text(&event["subject"]["email"])).await;
        (session, code)
    }

    /// Sends an event that must be challenged, passes the challenge, and returns the session and its token.
    pub async fn until_the_token(&self, event: &Value) -> (String, String) {
        let (session, code) = self.until_the_code(event).await;
        let answer = self.shop.platform.respond(&session, &code).await.json(200);
        (session, super::client::text(&answer["decision_token"]))
    }
}

/// A code that is none of these.
#[must_use]
pub fn wrong_code(right: &str) -> String {
    let number: u32 = right.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

/// Who sets things up.
#[must_use]
pub fn operator() -> Actor {
    Actor { actor_type: ActorType::System, id: "operator".to_owned() }
}

fn settings(setup: &Setup, database: &Database, inbox: &Inbox, url: &str) -> Settings {
    let cache_dir = setup.cache_dir.clone().unwrap_or_else(cache_dir);
    let settings = Settings::default()
        .preset("listen", "127.0.0.1:0")
        .preset("public_url", url)
        .preset("database.url", &*database.app_url)
        .preset("mail.smtp_url", inbox.url_with(setup.mail_password))
        .preset("mail.from", "no-reply@shop.example")
        .preset("metrics.token", METRICS_TOKEN)
        .preset("limits.question_milliseconds", setup.question_milliseconds.to_string())
        .preset("connectors.cache_dir", cache_dir.display().to_string());
    let settings = match setup.grants.as_slice() {
        [] => settings,
        grants => settings.preset("connectors.grants", grants.join(",")),
    };
    let settings = match setup.trusted_keys.as_slice() {
        [] => settings,
        keys => settings
            .preset("connectors.trusted_keys", keys.join(","))
            .preset("connectors.require_signature", "true"),
    };
    let settings = match setup.request_seconds {
        Some(seconds) => settings.preset("limits.request_timeout_seconds", seconds.to_string()),
        None => settings,
    };
    let settings = match setup.concurrent_requests {
        Some(requests) => settings.preset("limits.concurrent_requests", requests.to_string()),
        None => settings,
    };
    match &setup.connectors_dir {
        Some(dir) => settings.preset("connectors.dir", dir.display().to_string()),
        None => settings,
    }
}

/// Compiled connectors, kept from run to run.
pub fn cache_dir() -> PathBuf {
    let dir = super::binary::target_dir().join("tmp/connector-cache");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    dir
}

async fn tenant(app: &ase_host::App, url: &str, name: &str, return_urls: &[&str]) -> Tenant {
    let org = Org {
        org_id: String::new(),
        name: name.to_owned(),
        policy_statement: format!("{name} never calls you to move money."),
        support_url: Some("https://shop.example/help".to_owned()),
        support_phone: Some("+49 30 1234567".to_owned()),
        support_email: Some("help@shop.example".to_owned()),
        return_urls: return_urls.iter().map(|url| (*url).to_owned()).collect(),
    };
    let org_id = app.engine.create_org(org, &operator()).await.unwrap();
    let key = app.engine.create_key(&org_id, "everything", &KeyScope::ALL, &operator()).await.unwrap();
    Tenant { platform: Platform::new(url, key.expose_secret()), org_id }
}

impl Drop for Node {
    fn drop(&mut self) {
        let Some(serving) = self.serving.take() else { return };
        self.end.cancel();
        let failed = std::thread::panicking();
        block(async move {
            let served = serving.await.unwrap();
            if !failed {
                served.expect("the node ends in an orderly way");
            }
        });
    }
}

impl Drop for TestApp {
    /// Ends the server in an orderly way. A mail that is still waiting is a mail that nobody would ever have got.
    fn drop(&mut self) {
        let Some(serving) = self.serving.take() else { return };
        let (end, database, inbox) = (self.end.clone(), self.database.clone(), Arc::clone(&self.inbox));
        let provider = self.provider.clone();
        let failed = std::thread::panicking();
        block(async move {
            inbox.release();
            if let Some(provider) = &provider {
                provider.release();
            }
            let waiting = "select count(*) from outbox where status = 'pending'";
            if !failed {
                until("an outbox without waiting mail", || async {
                    (database.count(waiting).await == 0).then_some(())
                })
                .await;
            }
            end.cancel();
            let served = serving.await.unwrap();
            if !failed {
                served.expect("the server ends in an orderly way");
                database.remove().await;
            }
        });
    }
}

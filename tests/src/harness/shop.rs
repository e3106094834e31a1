//! The sample shop of `sdk/web/example`, as a process of its own, and its page in a browser.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use super::app::{Tenant, TestApp};
use super::binary::free_port;
use super::chromium::Chromium;
use super::until::until;

/// The IBAN before anything was changed, as `account.js` has it.
pub const OLD_IBAN: &str = "DE02120300000000202051";
/// Where payouts shall go.
pub const NEW_IBAN: &str = "DE89370400440532013000";
/// Whom the shop asks for a code.
pub const SELLER: &str = "ana@example.com";

/// A running shop, with an organisation of its own.
#[derive(Debug)]
pub struct Shop {
    /// On another site than the server: `http://localhost:…`.
    pub origin: String,
    /// Its organisation.
    pub tenant: Tenant,
    child: Child,
    log: PathBuf,
    _dir: TempDir,
}

/// A folder of the clone.
#[must_use]
pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path).canonicalize().unwrap()
}

impl Shop {
    /// Opens one. `headers` are those of its pages that are not as usual.
    pub async fn open(app: &TestApp, headers: &[(&str, &str)]) -> Self {
        let port = free_port();
        let origin = format!("http://localhost:{port}");
        let tenant = app.organisation_at("Example Shop", &[&format!("{origin}/after")]).await;
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("shop.log");
        let out = std::fs::File::create(&log).unwrap();
        let err = out.try_clone().unwrap();
        let headers: serde_json::Map<_, _> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let child = Command::new("node")
            .arg(folder("sdk/web/example/server.js"))
            .env("ASE_URL", &app.url)
            .env("ASE_KEY", &tenant.platform.key)
            .env("SHOP_PORT", port.to_string())
            .env("SHOP_HEADERS", serde_json::to_string(&headers).unwrap())
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .expect("node is missing: `make test` installs it");
        let shop = Self { origin, tenant, child, log, _dir: dir };
        let open = format!("the shop is open: {}", shop.origin);
        until("an open shop", || async { shop.output().contains(&open).then_some(()) }).await;
        shop
    }

    /// What it has written so far.
    #[must_use]
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Where payouts go, as the back end says.
    pub async fn iban(&self) -> String {
        let http = super::client::http().build().unwrap();
        let answer = http.get(format!("{}/payout", self.origin)).send().await.unwrap();
        let shown: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        super::client::text(&shown["iban"])
    }

    /// Opens the page, and asks for the change: `auto` or `redirect`.
    pub async fn change(&self, browser: &Chromium, mode: &str) {
        browser.goto(&self.origin).await;
        browser.seeing(OLD_IBAN).await;
        browser.find(&format!("#mode option[value={mode}]")).await.click().await.unwrap();
        browser.find("#new-iban").await.send_keys(NEW_IBAN).await.unwrap();
        browser.find("#payout button").await.click().await.unwrap();
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

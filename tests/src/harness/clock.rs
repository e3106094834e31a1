//! A node on a machine whose clock is wrong: the real `ase`, and a few lines of C between it and the time of day.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::app::TestApp;
use super::binary::{Binary, free_port};
use super::client::Platform;

/// A running node.
#[derive(Debug)]
pub struct Strayed {
    /// The shop's back end, calling this node.
    pub platform: Platform,
    /// Where it is served, without a slash at the end.
    pub url: String,
    server: Binary,
    _dir: TempDir,
}

impl TestApp {
    /// Another node of the same deployment, whose clock is off by so many seconds. It ends before this one does.
    pub async fn node_off_by(&self, seconds: i64) -> Strayed {
        let dir = tempfile::tempdir().unwrap();
        let (library, log) = (compiled(seconds, dir.path()), dir.path().join("ase.log"));
        let (listen, cache) = (format!("127.0.0.1:{}", free_port()), super::app::cache_dir());
        let variables = [
            ("LD_PRELOAD", library.to_str().unwrap()),
            ("ASE_DATABASE_URL", self.database.app_url.as_str()),
            ("ASE_LISTEN", &listen),
            ("ASE_PUBLIC_URL", &self.url),
            ("ASE_MASTER_KEY", self.master_key.expose_secret()),
            ("ASE_SMTP_URL", &self.inbox.url()),
            ("ASE_MAIL_FROM", "no-reply@shop.example"),
            ("ASE_CONNECTOR_CACHE_DIR", cache.to_str().unwrap()),
        ];
        let mut server = Binary::start(&["serve"], &variables, &log);
        let url = format!("http://{listen}");
        server.ready(&url).await;
        Strayed { platform: Platform::new(&url, &self.shop.platform.key), url, server, _dir: dir }
    }
}

impl Strayed {
    /// The time of day as the node has it: every answer names it.
    pub async fn time(&self) -> DateTime<Utc> {
        let answer = self.platform.get("/healthz").await;
        DateTime::parse_from_rfc2822(answer.header("date")).unwrap().to_utc()
    }
}

impl Drop for Strayed {
    /// Asks it to end: what it is sending, it shall note.
    fn drop(&mut self) {
        self.server.stop();
    }
}

fn compiled(seconds: i64, dir: &Path) -> PathBuf {
    let library = dir.join("wrong_clock.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/harness/wrong_clock.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", &format!("-DWRONG_BY={seconds}"), "-o"]).args([&library, &source]);
    let done = compiler.status().expect("a C compiler is missing: Rust needs one, too");
    assert!(done.success(), "the clock compiles");
    library
}

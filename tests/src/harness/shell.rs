//! The real `ase` at the shell of whoever operates a story's deployment.

use std::io::Write as _;
use std::process::{Command, Stdio};

use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::app::{METRICS_TOKEN, TestApp};
use super::binary;

/// A shell with the configuration of a deployment.
#[derive(Debug, Clone)]
pub struct Shell {
    variables: Vec<(&'static str, String)>,
}

/// What a command said.
#[derive(Debug)]
struct Said {
    success: bool,
    out: String,
    err: String,
}

impl TestApp {
    /// A shell whose commands work on the database of this story.
    #[must_use]
    pub fn shell(&self) -> Shell {
        let cache = super::app::cache_dir();
        let variables = vec![
            ("ASE_DATABASE_URL", self.database.app_url.clone()),
            ("ASE_PUBLIC_URL", self.url.clone()),
            ("ASE_MASTER_KEY", self.master_key.expose_secret().to_owned()),
            ("ASE_METRICS_TOKEN", METRICS_TOKEN.to_owned()),
            ("ASE_CONNECTOR_CACHE_DIR", cache.to_str().unwrap().to_owned()),
        ];
        Shell { variables }
    }
}

impl Shell {
    /// What a command prints for people.
    pub async fn says(&self, line: &str) -> String {
        let said = self.run(line.to_owned(), "").await;
        assert!(said.success, "ase {line}: {}", said.err);
        said.out
    }

    /// What it prints for scripts.
    pub async fn json(&self, line: &str) -> Value {
        self.json_of(line, "").await
    }

    /// The same of a command that reads this.
    pub async fn json_of(&self, line: &str, input: &str) -> Value {
        let said = self.run(format!("{line} --json"), input).await;
        assert!(said.success, "ase {line}: {}", said.err);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("ase {line}: {error}: {}", said.out))
    }

    /// Why a command does not do what it was told.
    pub async fn refuses(&self, line: &str) -> String {
        let said = self.run(line.to_owned(), "").await;
        assert!(!said.success, "ase {line}: {}", said.out);
        assert!(said.out.is_empty(), "ase {line}: {}", said.out);
        said.err
    }

    async fn run(&self, line: String, input: &str) -> Said {
        let mut command = Command::new(binary::path());
        command.args(line.split_whitespace()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = input.to_owned();
        let ended = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            // who reads nothing may be gone already
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            child.wait_with_output().unwrap()
        });
        let ended = ended.await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { success: ended.status.success(), out: text(&ended.stdout), err: text(&ended.stderr) }
    }
}

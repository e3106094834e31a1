//! The SDKs' own programs, each as a process, and what checks them (`make setup-sdks`).

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use super::shop::folder;
use super::until::within;

/// Where the tools lie that check types and make bundles, as the locks of `sdk/checks` name them.
#[must_use]
pub fn checks() -> PathBuf {
    let checks = super::binary::target_dir().join("sdk-checks");
    let whole = checks.join("whole");
    assert!(whole.is_file(), "{} is missing: `make setup-sdks` installs the tools", whole.display());
    checks
}

/// Runs a program in a folder of the clone and returns what it wrote. It is told of nothing but `set` and the tools.
pub async fn run(dir: &str, program: &str, arguments: &[&str], set: &Value) -> String {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder(dir))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PYTHONPATH", "src")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("ASE_SDK_CHECKS", checks())
        .env("ASE_SET", set.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = within(program, command.output())
        .await
        .unwrap_or_else(|error| panic!("{program}: {error}; `make test` installs node and python3"));
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{dir} {arguments:?}: {said}");
    said
}

/// How many tests node's reporter counted; a run without any is no success.
#[must_use]
pub fn passed(said: &str) -> usize {
    let count = said.lines().find_map(|line| line.split_once("pass ")?.1.trim().parse().ok());
    count.unwrap_or_else(|| panic!("no count: {said}"))
}

/// The same of Python's.
#[must_use]
pub fn ran(said: &str) -> usize {
    let count = said.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse().ok());
    count.unwrap_or_else(|| panic!("no count: {said}"))
}

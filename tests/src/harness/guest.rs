//! Connectors compiled by the stories themselves, just as a bundled one is: among them one that misbehaves. The one
//! that is written in several languages needs tools of their own, so the Makefile builds it.

#[path = "../../../host/build/component.rs"]
mod component;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static ROGUE: LazyLock<Vec<u8>> = LazyLock::new(|| build(&root().join("tests/guests/rogue")));
static GENERIC: LazyLock<Vec<u8>> = LazyLock::new(|| build(&root().join("connectors/generic")));

static WASI: LazyLock<Vec<u8>> = LazyLock::new(|| build(&root().join("tests/guests/wasi")));

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn build(crate_dir: &Path) -> Vec<u8> {
    component::build(crate_dir, &super::binary::target_dir().join("tmp/guests")).unwrap()
}

/// The connector for any sender, as a file of its own.
#[must_use]
pub fn generic() -> &'static [u8] {
    &GENERIC
}

/// A guest that runs only where it is granted WASI.
#[must_use]
pub fn wasi() -> &'static [u8] {
    &WASI
}

/// What one connector is called in each language that it is written in; JavaScript with two engines inside.
pub const LANGUAGES: [&str; 4] = ["github-rust", "github-javascript", "github-spidermonkey", "github-python"];

/// The folder with all of them.
#[must_use]
pub fn languages() -> PathBuf {
    let folder = super::binary::target_dir().join("connectors-languages");
    for name in LANGUAGES {
        let file = folder.join(format!("{name}.wasm"));
        assert!(file.is_file(), "{} is missing: build it first, with `make connectors`", file.display());
    }
    folder
}

/// The deliveries that every one of them answers alike, each with its answer.
#[must_use]
pub fn cases() -> Vec<serde_json::Value> {
    let cases = std::fs::read(root().join("connectors/languages/cases.json")).unwrap();
    serde_json::from_slice(&cases).unwrap()
}

/// A connector that says it is the one for any sender, and does whatever the settings `authenticate` and `normalize`
/// of its source say: `panic`, `loop`, `allocate`, `flood`.
#[must_use]
pub fn false_generic() -> Vec<u8> {
    rogue("generic", "1.0.0", ORDINARY)
}

/// What the rogue's events are called.
pub const ORDINARY: &str = "order.created";
/// What else they can be called: the name has the same length.
pub const OTHER: &str = "order.changed";

/// The rogue under this id, as this version, whose events are all called so.
#[must_use]
pub fn rogue(id: &str, version: &str, event_type: &str) -> Vec<u8> {
    rogue_with(id, version, event_type, "")
}

/// The same, with more in its manifest.
#[must_use]
pub fn rogue_with(id: &str, version: &str, event_type: &str, more: &str) -> Vec<u8> {
    assert_eq!(event_type.len(), ORDINARY.len(), "the name stands among the constants of the compiled guest");
    let manifest = std::fs::read_to_string(root().join("tests/guests/rogue/connector.toml")).unwrap();
    let manifest = manifest
        .replacen("id = \"rogue\"", &format!("id = \"{id}\""), 1)
        .replacen("version = \"1.0.0\"", &format!("version = \"{version}\""), 1)
        .replace(ORDINARY, event_type)
        + more;
    let mut component = without_manifest(&ROGUE);
    while let Some(at) = component.windows(ORDINARY.len()).position(|window| window == ORDINARY.as_bytes()) {
        if event_type == ORDINARY {
            break;
        }
        component[at..at + ORDINARY.len()].copy_from_slice(event_type.as_bytes());
    }
    component::with_manifest(component, &manifest).unwrap()
}

/// Cuts off the section that was appended last: its id, the length of its content, the length of its name.
fn without_manifest(component: &[u8]) -> Vec<u8> {
    let name = b"ase:manifest";
    let at = component.windows(name.len()).rposition(|window| window == name).expect("a manifest");
    let content = component.len() - at + 1;
    let bytes_of_length = if content < 1 << 7 {
        1
    } else if content < 1 << 14 {
        2
    } else {
        3
    };
    component[..at - 1 - bytes_of_length - 1].to_vec()
}

/// Puts a component into a watched directory at once, as a careful operator does.
pub fn install(dir: &Path, name: &str, component: &[u8]) {
    let draft = dir.join(format!(".{name}.new"));
    std::fs::write(&draft, component).unwrap();
    std::fs::rename(draft, dir.join(name)).unwrap();
}

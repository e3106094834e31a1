//! Files that are no good connector: each is told apart, and told how to be mended.

use std::path::PathBuf;

use tempfile::TempDir;

use super::super::guests::{RESHAPED, ROGUE, WASI, rogue_with, without_manifest, written};
use super::ase;

/// A manifest of a few lines.
const SMALL: &str =
    "id = \"small\"\nversion = \"1.0.0\"\napi = \"0.1\"\ntitle = \"Small\"\nprovider = \"none\"\n";
/// A request that nobody gets to.
const REQUEST: &str = r#"{"received_at": "2026-11-22T10:00:00Z", "secrets": ["s"], "body": "7"}"#;

/// A directory with one component and one request.
fn place(component: &[u8]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.wasm"), component).unwrap();
    std::fs::create_dir(dir.path().join("fixtures")).unwrap();
    std::fs::write(dir.path().join("fixtures/one.request.json"), REQUEST).unwrap();
    dir
}

/// `check`, `test` and `run` all refuse it and all say why; `check` says it in its table.
fn refused(component: &[u8], said: &str) {
    let dir = place(component);
    let check = ase(dir.path(), &["connector", "check", "a.wasm"]);
    check.bad(1, &[said, "failed", "checks failed; no server takes it"]);
    ase(dir.path(), &["connector", "test", "a.wasm", "--fixtures", "fixtures"]).bad(1, &[said, "a.wasm"]);
    let request = ["connector", "run", "a.wasm", "--request", "fixtures/one.request.json"];
    ase(dir.path(), &request).bad(1, &[said, "a.wasm"]);
    let install = ["connector", "install", "a.wasm", "--connectors-dir", "fixtures"];
    ase(dir.path(), &install).bad(1, &[said]);
    assert!(!dir.path().join("fixtures/small.wasm").exists());
}

#[test]
fn truncated_file() {
    refused(&ROGUE[..ROGUE.len() / 2], "is not a whole component: ");
    refused(b"", "is not a whole component: ");
}

#[test]
fn core_module() {
    let said =
        "is a core module and not a component: wrap it with `ase connector build` or `ase connector pack`";
    refused(&wat::parse_str("(module)").unwrap(), said);
}

#[test]
fn fifty_megabytes_are_not_even_read() {
    let dir = place(b"");
    let file = std::fs::File::create(dir.path().join("a.wasm")).unwrap();
    file.set_len(50 << 20).unwrap();
    let said = "is 52428800 bytes, and a connector has at most 33554432 (32 MiB): build it for release";
    ase(dir.path(), &["connector", "check", "a.wasm"]).bad(1, &[said, "skipped"]);
    ase(dir.path(), &["connector", "test", "a.wasm", "--fixtures", "fixtures"]).bad(1, &[said]);
}

#[test]
fn missing_manifest() {
    let said = "has no custom section `ase:manifest`: build it with `ase connector build`";
    refused(&without_manifest(&ROGUE), said);
}

#[test]
fn undeclared_imports_are_all_named() {
    let imports: String = ["acme:clock/now@1.0.0", "acme:net/send@1.0.0"]
        .map(|name| format!("(import \"{name}\" (instance)) "))
        .concat();
    let component = format!(
        "(component {imports}(instance $it) (export \"ase:connector/normalizer@0.1.0\" (instance $it)))"
    );
    let said = "imports `acme:clock/now@1.0.0`, `acme:net/send@1.0.0`: a connector has no imports";
    refused(&written(&component, SMALL), said);
}

#[test]
fn another_version_of_the_interface() {
    let component = r#"(component (instance $it) (export "ase:connector/normalizer@0.3.0" (instance $it)))"#;
    let said = "speaks ase:connector 0.3.0, and this build speaks 0.1 and 0.2: upgrade ase, or build the connector against \
                the wit/ of this release";
    refused(&written(component, SMALL), said);
}

#[test]
fn another_version_in_the_manifest() {
    refused(
        &rogue_with("api = \"0.1\"", "api = \"0.3\""),
        "speaks ase:connector 0.3, and this build speaks 0.1 and 0.2",
    );
}

#[test]
fn another_shape_of_the_records() {
    refused(&RESHAPED, "does not have the shape of ase:connector 0.1");
}

#[test]
fn what_is_no_file() {
    let dir = place(b"");
    ase(dir.path(), &["connector", "check", "fixtures"]).bad(1, &["is no file: name the component itself"]);
    ase(dir.path(), &["connector", "check", "nowhere.wasm"]).bad(1, &["cannot be read: No such file"]);
}

#[test]
fn one_failure_does_not_hide_the_next() {
    let twofold = rogue_with("title", "titel");
    let dir = place(&twofold);
    let told = ase(dir.path(), &["connector", "check", "a.wasm", "--json"]);
    assert_eq!(told.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let status = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check["check"] == name).unwrap()["status"].clone()
    };
    assert_eq!(report["good"], false);
    assert_eq!(status("manifest"), "failed");
    assert_eq!(status("interface"), "ok");
    assert_eq!(status("imports"), "ok");
    assert_eq!(status("starts"), "skipped");
}

#[test]
fn a_signature_is_told_and_one_that_does_not_fit_is_refused() {
    let (secret, name) = ase_host::connectors::new_key();
    let (signed, _) = ase_host::connectors::sign(&ROGUE, &secret).unwrap();
    let dir = place(&signed);
    let told = ase(dir.path(), &["connector", "check", "a.wasm"]).good();
    assert!(told.contains(&name), "{told}");
    let mut changed = signed;
    let at = changed.len() - 20;
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    let dir = place(&changed);
    let said = "was changed after it was signed";
    ase(dir.path(), &["connector", "check", "a.wasm"]).bad(1, &["signature", said, "no server takes it"]);
}

#[test]
fn samples_are_told_one_by_one() {
    let dir = place(&rogue_with("\"order.created\"]", "\"order.paid\"]"));
    let said = "expected events order.paid, found events order.created";
    ase(dir.path(), &["connector", "check", "a.wasm"]).bad(1, &["samples: good manners", said]);
}

#[test]
fn wasi_needs_a_grant() {
    refused(
        &WASI,
        "build it without WASI (connectors/README.md says how), or have the operator grant it inert-wasi",
    );
    let dir = place(&WASI);
    let told = ase(dir.path(), &["connector", "check", "a.wasm", "--inert-wasi"]).good();
    assert!(told.contains("runs only where its operator grants it inert-wasi"), "{told}");
}

#[test]
fn packing_wraps_a_core_module_and_never_packs_twice() {
    let dir = place(&ROGUE);
    let manifest: PathBuf = dir.path().join("connector.toml");
    std::fs::write(&manifest, SMALL).unwrap();
    ase(dir.path(), &["connector", "pack", "a.wasm"]).bad(1, &["a.wasm has a manifest already"]);
    std::fs::write(dir.path().join("raw.wasm"), without_manifest(&ROGUE)).unwrap();
    ase(dir.path(), &["connector", "pack", "raw.wasm", "--output", "b.wasm"]).good();
    ase(dir.path(), &["connector", "check", "b.wasm"]).good();
    for (module, said) in [
        ("(module)", "core.wasm exports no `ase:connector/normalizer`"),
        ("(module (import \"env\" \"now\" (func)))", "core.wasm cannot be wrapped as a component"),
    ] {
        std::fs::write(dir.path().join("core.wasm"), wat::parse_str(module).unwrap()).unwrap();
        ase(dir.path(), &["connector", "pack", "core.wasm"]).bad(1, &[said]);
    }
    std::fs::write(&manifest, SMALL.replace("small", "Small one")).unwrap();
    ase(dir.path(), &["connector", "pack", "raw.wasm"])
        .bad(1, &["connector.toml: manifest: id must be 1 to 64"]);
}

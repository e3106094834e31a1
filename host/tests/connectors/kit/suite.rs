//! `test` and `run` with the guest that does what its settings say.

use std::path::Path;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tempfile::TempDir;

use super::super::guests::{ROGUE, rogue_with};
use super::{Ran, ase};

/// A secret that must never be shown.
const SECRET: &str = "not-to-be-seen-by-anybody";

fn place() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let topics = "[[topics]]\nname = \"order.created\"\n[[topics]]\nname = \"order.paid\"\n[limits]\ndeadline_ms = 250\n[[samples]]";
    std::fs::write(dir.path().join("a.wasm"), rogue_with("[[samples]]", topics)).unwrap();
    dir
}

/// Writes a request that is not authentic: the rogue takes the bytes of the header for the signature.
fn request(dir: &Path, name: &str, settings: &str, more: &str) {
    let text = format!(
        r#"{{"received_at": "2026-11-22T10:00:00Z", "secrets": ["{SECRET}"], "headers": {{"x-signature": "wrong"}},
            "settings": {settings}, "body": "7"{more}}}"#
    );
    std::fs::write(dir.join(format!("{name}.request.json")), text).unwrap();
}

/// Writes a request that is: it carries the secret itself.
fn authentic(dir: &Path, name: &str, normalize: &str) {
    let settings = format!(r#"{{"authenticate": "token", "normalize": "{normalize}"}}"#);
    let more = format!(r#", "topic": "order.created", "headers": {{"x-signature": "{SECRET}"}}"#);
    let text = format!(
        r#"{{"received_at": "2026-11-22T10:00:00Z", "secrets": ["{SECRET}"], "settings": {settings}, "body": "7"{more}}}"#
    );
    std::fs::write(dir.join(format!("{name}.request.json")), text).unwrap();
}

fn test(dir: &Path, more: &[&str]) -> Ran {
    ase(dir, &[&["connector", "test", "a.wasm", "--fixtures", "."], more].concat())
}

#[test]
fn what_comes_is_written_then_compared_then_shown_where_it_differs() {
    let dir = place();
    request(dir.path(), "forged", "{}", "");
    test(dir.path(), &[])
        .bad(1, &["FAILED  forged", "forged.expected.json is missing: write what comes with --update"]);
    let told = test(dir.path(), &["--update"]).good();
    assert!(told.contains("written forged") && told.contains("1 fixtures: 0 passed, 1 written"), "{told}");
    let told = test(dir.path(), &[]).good();
    assert!(
        told.contains("ok      forged") && told.contains("1 fixtures: 1 passed; each ran twice"),
        "{told}"
    );
    let file = dir.path().join("forged.expected.json");
    let expected = std::fs::read_to_string(&file).unwrap();
    assert!(expected.contains("\"verdict\": \"unauthenticated\""), "{expected}");
    std::fs::write(&file, expected.replace("no signature matches", "all is well")).unwrap();
    let told = test(dir.path(), &[]);
    told.bad(
        1,
        &[
            "-  \"reason\": \"hmac-sha256: all is well\"",
            "+  \"reason\": \"hmac-sha256: no signature matches\"",
        ],
    );
    assert!(!told.out.contains('\x1b'), "no colours where nobody looks on");
}

#[test]
fn a_fault_is_never_kept_as_expected() {
    let dir = place();
    for (settings, said) in [
        (r#"{"authenticate": "panic"}"#, "the connector trapped"),
        (r#"{"authenticate": "loop"}"#, "the connector ran past its deadline"),
        (r#"{"authenticate": "allocate"}"#, "the connector asked for more memory"),
        (r#"{"authenticate": "thousand"}"#, "has the wrong shape"),
    ] {
        request(dir.path(), "fault", settings, "");
        test(dir.path(), &["--update"]).bad(1, &["FAILED  fault", said]);
        assert!(!dir.path().join("fault.expected.json").exists());
    }
}

#[test]
fn a_missing_signature_is_computed_and_no_secret_is_shown() {
    let dir = place();
    request(dir.path(), "forged", "{}", "");
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(b"7");
    let right = HEXLOWER.encode(&mac.finalize().into_bytes());
    let run = ["connector", "run", "a.wasm", "--request", "forged.request.json", "--runs", "3"];
    for more in [&[][..], &["--json"]] {
        let told = ase(dir.path(), &[&run[..], more].concat()).good();
        assert!(told.contains(&right) && !told.contains(SECRET), "{told}");
    }
    let told = ase(dir.path(), &run).good();
    for said in [
        "claim    hmac-sha256 over body (1 bytes)",
        "verdict  unauthenticated: ",
        "µs median of 3",
        "KiB of 32 MiB",
    ] {
        assert!(told.contains(said), "it does not say `{said}`:\n{told}");
    }
    let told = test(dir.path(), &[]);
    told.bad(1, &[&right]);
    assert!(!told.out.contains(SECRET));
}

#[test]
fn events_become_known_and_are_held_against_the_engine() {
    let dir = place();
    authentic(dir.path(), "good", "");
    let told = test(dir.path(), &["--update"]).good();
    assert!(told.contains("1 of 2 topics exercised (50 %)"), "{told}");
    let expected = std::fs::read_to_string(dir.path().join("good.expected.json")).unwrap();
    assert!(
        expected.contains("\"algorithm\": \"shared-token\"") && expected.contains("\"id\": \"7\""),
        "{expected}"
    );
    assert!(!expected.contains(SECRET) && !expected.contains("null"), "{expected}");
    for (misdeed, said) in [
        ("fickle", "event ids change when the platform sends the same thing again"),
        ("nameless", "the engine refuses event 0: /subject/id"),
        ("tell tale", "the connector put the source's secret into its answer"),
    ] {
        authentic(dir.path(), "good", misdeed);
        let told = test(dir.path(), &["--update"]);
        told.bad(1, &[said]);
        assert!(!told.out.contains(SECRET));
    }
    authentic(dir.path(), "good", "half known");
    let told = test(dir.path(), &["--update"]).good();
    assert!(told.contains("the engine takes a field of event 0 for unknown: /occurred_at"), "{told}");
}

#[test]
fn a_secret_in_an_answer_is_taken_out_of_what_run_shows() {
    let dir = place();
    authentic(dir.path(), "tells", "tell tale");
    let told = ase(dir.path(), &["connector", "run", "a.wasm", "--request", "tells.request.json"]).good();
    assert!(told.contains("verdict  ignored: [secret]") && !told.contains(SECRET), "{told}");
}

#[test]
fn coverage_counts_declared_topics_and_can_be_demanded() {
    let dir = place();
    request(dir.path(), "forged", "{}", "");
    let told = test(dir.path(), &["--update"]).good();
    assert!(
        told.contains("0 of 2 topics exercised (0 %)") && told.contains("no fixture exercises order.paid"),
        "{told}"
    );
    test(dir.path(), &["--min-coverage", "50"])
        .bad(1, &["0 % of the declared topics, and 50 % are asked for"]);
    request(dir.path(), "forged", "{}", r#", "topic": "order.payed""#);
    let said = "the manifest declares no topic `order.payed`; did you mean `order.paid`?";
    test(dir.path(), &[]).bad(1, &[said]);
}

#[test]
fn what_is_lost_or_unreadable_is_named() {
    let dir = place();
    ase(dir.path(), &["connector", "test", "a.wasm"]).bad(2, &["--fixtures DIR is missing"]);
    test(dir.path(), &[]).bad(1, &["holds no NAME.request.json"]);
    ase(dir.path(), &["connector", "test", "."]).bad(1, &["fixtures"]);
    request(dir.path(), "one", "{}", "");
    std::fs::write(dir.path().join("two.expected.json"), "{}").unwrap();
    test(dir.path(), &["--update"]).bad(1, &["two.expected.json belongs to no request"]);
    std::fs::write(dir.path().join("three.request.json"), r#"{"secrets": "hidden"}"#).unwrap();
    let told = test(dir.path(), &[]);
    told.bad(1, &["three.request.json: secrets: must be a list of texts"]);
    assert!(!told.out.contains("hidden"));
}

#[test]
fn a_project_that_was_not_built_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("connector.toml"), &ROGUE[..4]).unwrap();
    ase(dir.path(), &["connector", "test", "."]).bad(2, &["run `ase connector build .` first"]);
    ase(dir.path(), &["connector", "build", "."]).bad(1, &["connector.toml"]);
    ase(dir.path(), &["connector", "build", "nowhere"]).bad(1, &["nowhere: No such file"]);
}

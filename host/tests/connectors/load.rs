//! What is refused before it is ever called, and how it is said.

use ase_host::connectors::Ceilings;

use super::guests::{Bench, RESHAPED, ROGUE, WASI, rogue_with, without_manifest, written};

const MANIFEST: &str = r#"
    id = "small"
    version = "1.0.0"
    api = "0.1"
    title = "A component of a few lines"
    provider = "none"
"#;

/// Loads one file and returns why it was refused.
async fn refusal(component: &[u8]) -> String {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let reason = bench.connectors.check(component).await.unwrap_err().to_string();
    bench.assert_well().await;
    reason
}

#[tokio::test]
async fn other_record_shapes_are_found_by_instantiating() {
    let reason = refusal(&RESHAPED).await;
    assert!(reason.starts_with("does not have the shape of ase:connector 0.1"), "{reason}");
}

#[tokio::test]
async fn undeclared_import_is_named() {
    let component = r#"(component (import "acme:clock/now@1.0.0" (instance)) )"#;
    let reason = refusal(&with_interface(component)).await;
    assert_eq!(reason, "imports `acme:clock/now@1.0.0`: a connector has no imports");
}

#[tokio::test]
async fn ungranted_wasi_is_named_with_the_way_out() {
    let reason = refusal(&WASI).await;
    assert!(reason.starts_with("imports `wasi:"), "{reason}");
    assert!(reason.contains("have the operator grant it inert-wasi (`connectors.grants`"), "{reason}");
}

#[tokio::test]
async fn truncated_file_is_not_a_component() {
    for length in [0, 7, 9, 1000, ROGUE.len() / 2, ROGUE.len() - 1] {
        let reason = refusal(&ROGUE[..length]).await;
        assert!(reason.starts_with("is not a whole component"), "{length}: {reason}");
    }
}

#[tokio::test]
async fn core_module_is_told_what_it_lacks() {
    let reason = refusal(&wat::parse_str("(module)").unwrap()).await;
    assert!(reason.starts_with("is a core module"), "{reason}");
}

#[tokio::test]
async fn missing_manifest_is_said() {
    let reason = refusal(&without_manifest(&ROGUE)).await;
    assert!(reason.starts_with("has no custom section `ase:manifest`"), "{reason}");
}

#[tokio::test]
async fn manifest_inside_a_nested_component_does_not_count() {
    let nested = r#"(component (component (@custom "ase:manifest" "{}")))"#;
    let reason = refusal(&wat::parse_str(nested).unwrap()).await;
    assert!(reason.starts_with("has no custom section"), "{reason}");
}

#[tokio::test]
async fn second_manifest_is_refused() {
    let twice = r#"(component (@custom "ase:manifest" "{}") (@custom "ase:manifest" "{}"))"#;
    let reason = refusal(&wat::parse_str(twice).unwrap()).await;
    assert_eq!(reason, "has more than one custom section `ase:manifest`");
}

#[tokio::test]
async fn newer_interface_says_to_upgrade() {
    let component = r#"(component (instance $it) (export "ase:connector/normalizer@0.3.0" (instance $it)))"#;
    let reason = refusal(&written(component, MANIFEST)).await;
    assert!(
        reason.starts_with("speaks ase:connector 0.3.0, and this build speaks 0.1 and 0.2: upgrade ase"),
        "{reason}"
    );
}

#[tokio::test]
async fn component_without_the_interface_is_told_so() {
    let reason = refusal(&written("(component)", MANIFEST)).await;
    assert!(reason.starts_with("exports no `ase:connector/normalizer`"), "{reason}");
}

#[tokio::test]
async fn manifest_fields_are_named() {
    for (from, to, said) in [
        ("id = \"rogue\"", "id = \"Ro/gue\"", "manifest: id must be 1 to 64 lower-case letters"),
        (
            "api = \"0.1\"",
            "api = \"0.0\"",
            "speaks ase:connector 0.0, and this build speaks 0.1 and 0.2: build",
        ),
        (
            "[[samples]]",
            "[limits]\nmemory_mib = 4096\n[[samples]]",
            "manifest: limits.memory_mib must be 1 to 128",
        ),
        (
            "[[samples]]",
            "[limits]\ndeadline_ms = 9000\n[[samples]]",
            "manifest: limits.deadline_ms must be 1",
        ),
        ("title", "titel", "manifest: titel: unknown field"),
        ("{ events", "{ event", "manifest: samples[0].expect"),
    ] {
        let reason = refusal(&rogue_with(from, to)).await;
        assert!(reason.starts_with(said), "{to}: {reason}");
    }
}

#[tokio::test]
async fn what_asks_for_more_than_the_deployment_allows_is_refused() {
    let ceilings = Ceilings { memory_mib: 64, deadline_ms: 60 };
    let bench = Bench::below(&[("rogue.wasm", &ROGUE)], ceilings).await;
    for (asked, said) in [
        (
            "memory_mib = 65",
            "asks for 65 MiB of memory (limits.memory_mib), and ASE_CONNECTOR_MEMORY_MIB allows 64",
        ),
        (
            "deadline_ms = 61",
            "asks for 61 milliseconds a call (limits.deadline_ms), and ASE_CONNECTOR_DEADLINE_MS allows 60",
        ),
    ] {
        let component = rogue_with("[[samples]]", &format!("[limits]\n{asked}\n\n[[samples]]"));
        let reason = bench.connectors.check(&component).await.unwrap_err().to_string();
        assert!(reason.starts_with(said), "{reason}");
    }
    let most = rogue_with("[[samples]]", "[limits]\nmemory_mib = 64\ndeadline_ms = 60\n\n[[samples]]");
    assert!(bench.connectors.check(&most).await.is_ok());
    bench.assert_well().await;
}

#[tokio::test]
async fn sample_that_comes_out_otherwise_is_shown() {
    let reason = refusal(&rogue_with("\"order.created\"]", "\"order.paid\"]")).await;
    assert_eq!(reason, "sample `good manners`: expected events order.paid, found events order.created");
}

#[tokio::test]
async fn sample_that_traps_is_shown() {
    let settings = "body = \"1\"\nsettings = { normalize = \"panic\" }";
    let reason = refusal(&rogue_with("body = \"1\"", settings)).await;
    assert!(reason.starts_with("sample `good manners`: the connector trapped"), "{reason}");
}

#[tokio::test]
async fn good_component_passes_the_check_without_being_used() {
    let bench = Bench::with(&[]).await;
    assert_eq!(bench.connectors.check(&ROGUE).await.unwrap().manifest.id, "rogue");
    assert!(!bench.connectors.contains("rogue"));
}

/// The component's text with an empty instance of the interface beside what it holds.
fn with_interface(component: &str) -> Vec<u8> {
    let open = component.strip_suffix(')').unwrap();
    let interface = r#"(instance $it) (export "ase:connector/normalizer@0.1.0" (instance $it)))"#;
    written(&format!("{open}{interface}"), MANIFEST)
}

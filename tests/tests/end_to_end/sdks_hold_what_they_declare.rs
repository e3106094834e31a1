//! The SDKs as others use them: their types, looked at by the compilers of others, and the Web SDK in a bundle.

use ase_tests::harness::sdk::{checks, passed, run};
use ase_tests::harness::shop::folder;
use serde_json::Value;

/// A compiler's word on a folder below `sdk/`: it says nothing where everything is right.
async fn typescript(dir: &str, more: &[&str]) {
    let tsc = checks().join("node_modules/typescript/bin/tsc").display().to_string();
    let types = checks().join("node_modules/@types").display().to_string();
    let mut arguments = vec![tsc.as_str(), "--project", ".", "--typeRoots", &types];
    arguments.extend(more);
    assert_eq!(run(dir, "node", &arguments, &Value::Null).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn typescript_sees_right_and_wrong_uses() {
    typescript("sdk/node", &[]).await;
    typescript("sdk/web", &[]).await;
    // as bundlers look for types
    typescript("sdk/web", &["--module", "esnext", "--moduleResolution", "bundler"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn mypy_sees_right_and_wrong_uses() {
    let mypy = checks().join("python/bin/mypy").display().to_string();
    let said = run("sdk/python", &mypy, &["--strict", "--cache-dir=/dev/null"], &Value::Null).await;
    assert!(said.starts_with("Success: no issues found in "), "{said}");
}

#[test]
fn every_exported_name_is_used_in_those_files() {
    for (declared, used, count) in [
        ("sdk/node/src/index.d.ts", "sdk/node/test/types.ts", 15),
        ("sdk/web/ase.d.mts", "sdk/web/test/types.mts", 10),
        ("sdk/python/src/anti_social_engine/__init__.py", "sdk/python/tests/well_typed.py", 7),
    ] {
        let read = |path: &str| std::fs::read_to_string(folder(path)).unwrap();
        let (declared, used) = (read(declared), read(used));
        let names = exported(&declared);
        assert_eq!(names.len(), count, "{names:?}");
        let words: Vec<&str> =
            used.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        for name in names {
            // once where it is imported, and at least once to use it
            assert!(words.iter().filter(|word| **word == name).count() > 1, "{name}");
        }
    }
}

/// The names after `export`, or those of `__all__`.
fn exported(text: &str) -> Vec<&str> {
    if let Some(all) = text.lines().find(|line| line.starts_with("__all__")) {
        return all.split('"').skip(1).step_by(2).collect();
    }
    let kinds = ["class", "const", "function", "interface", "type"];
    text.lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once(' '))
        .filter(|(kind, _)| kinds.contains(kind))
        .filter_map(|(_, rest)| rest.split(|letter: char| !letter.is_alphanumeric()).next())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_bundle_of_the_published_package_runs() {
    let tests = ["--test", "test/module.test.mjs", "test/bundle.test.mjs"];
    assert_eq!(passed(&run("sdk/web", "node", &tests, &Value::Null).await), 9);
}

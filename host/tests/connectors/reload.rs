//! Files that change while their connector is called.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ase_host::connectors::{Connectors, Origin};

use super::guests::{Bench, ROGUE, rogue_with, signed, trust};

/// Moves a file into place at once, as a careful operator does.
fn replace(dir: &Path, name: &str, component: &[u8]) {
    let draft = dir.join(format!(".{name}.new"));
    std::fs::write(&draft, component).unwrap();
    std::fs::rename(draft, dir.join(name)).unwrap();
}

fn version(connectors: &Connectors) -> Option<String> {
    connectors.list().into_iter().find(|status| status.id == "rogue")?.version
}

fn second() -> Vec<u8> {
    rogue_with("version = \"1.0.0\"", "version = \"2.0.0\"")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_while_the_file_is_replaced() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let (stop, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (connectors, stop, calls) =
                (Arc::clone(&bench.connectors), Arc::clone(&stop), Arc::clone(&calls));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    connectors.receive("rogue", &signed("7", &[]), &trust()).await.unwrap();
                    calls.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for (component, wanted) in [(second(), "2.0.0"), (ROGUE.clone(), "1.0.0"), (second(), "2.0.0")] {
        let before = calls.load(Ordering::Relaxed);
        replace(bench.dir.path(), "rogue.wasm", &component);
        bench.until(wanted, |connectors| version(connectors).as_deref() == Some(wanted)).await;
        assert!(calls.load(Ordering::Relaxed) > before, "calls went on during the swap");
    }
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
}

#[tokio::test]
async fn broken_file_keeps_the_last_good_one_and_says_why() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let broken = rogue_with("\"order.created\"]", "\"order.paid\"]");
    for (component, reason) in
        [(&broken[..], "expected events order.paid"), (&ROGUE[..999], "not a whole component")]
    {
        replace(bench.dir.path(), "rogue.wasm", component);
        bench.until(reason, |_| bench.last_error("rogue").is_some_and(|error| error.contains(reason))).await;
        assert_eq!(version(&bench.connectors).as_deref(), Some("1.0.0"));
        bench.assert_well().await;
    }
    replace(bench.dir.path(), "rogue.wasm", &ROGUE);
    bench.until("no error", |_| bench.last_error("rogue").is_none()).await;
}

#[tokio::test]
async fn file_written_slowly_is_taken_when_it_is_whole() {
    let bench = Bench::with(&[]).await;
    let path = bench.dir.path().join("rogue.wasm");
    let (first, rest) = ROGUE.split_at(ROGUE.len() / 2);
    std::fs::write(&path, first).unwrap();
    bench.until("half a file", |_| bench.last_error("rogue").is_some()).await;
    assert!(!bench.connectors.contains("rogue"));
    std::fs::write(&path, [first, rest].concat()).unwrap();
    bench.until("the whole file", |connectors| connectors.contains("rogue")).await;
    assert_eq!(bench.last_error("rogue"), None);
}

#[tokio::test]
async fn deleted_file_takes_nothing_out_of_use() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    std::fs::remove_file(bench.dir.path().join("rogue.wasm")).unwrap();
    replace(bench.dir.path(), "other.wasm", &rogue_with("id = \"rogue\"", "id = \"other\""));
    bench.until("the other", |connectors| connectors.contains("other")).await;
    bench.assert_well().await;
}

#[tokio::test]
async fn two_files_with_one_id_are_both_named() {
    let bench = Bench::with(&[("a.wasm", &ROGUE), ("b.wasm", &second())]).await;
    let error = bench.last_error("rogue").unwrap();
    assert!(error.contains("a.wasm and ") && error.contains("b.wasm both hold connector `rogue`"), "{error}");
    assert_eq!(version(&bench.connectors).as_deref(), Some("1.0.0"));
    std::fs::remove_file(bench.dir.path().join("a.wasm")).unwrap();
    bench.until("b", |connectors| version(connectors).as_deref() == Some("2.0.0")).await;
    assert_eq!(bench.last_error("rogue"), None);
}

#[tokio::test]
async fn renamed_file_goes_on_as_the_same_connector() {
    let bench = Bench::with(&[("a.wasm", &ROGUE)]).await;
    let (from, to) = (bench.dir.path().join("a.wasm"), bench.dir.path().join("b.wasm"));
    std::fs::rename(from, &to).unwrap();
    let moved = Origin::File(to.into());
    bench.until("b", |connectors| connectors.list().iter().any(|status| status.origin == moved)).await;
    bench.assert_well().await;
}

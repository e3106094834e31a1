//! Guests that misbehave while they are called.

use ase_host::connectors::{Fault, Received};

use super::guests::{Bench, ROGUE, rogue_with, signed, trust};

/// Commits a misdeed in `normalize`, sees that the rogue is well afterwards, and returns the fault.
async fn fault_of(misdeed: &str) -> Fault {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let error = bench.tell(&[("normalize", misdeed)]).await.unwrap_err();
    assert!(error.verified, "the claims held before {misdeed}");
    bench.assert_well().await;
    error.fault
}

#[tokio::test]
async fn endless_loop_times_out() {
    assert_eq!(fault_of("loop").await, Fault::TimedOut);
}

#[tokio::test]
async fn memory_bomb_runs_out_of_memory() {
    assert_eq!(fault_of("allocate").await, Fault::OutOfMemory);
}

#[tokio::test]
async fn body_beyond_the_guests_memory_runs_out_of_memory() {
    let small = rogue_with("[[samples]]", "[limits]\nmemory_mib = 1\n\n[[samples]]");
    let bench = Bench::with(&[("rogue.wasm", &small)]).await;
    let large = signed(&"x".repeat(2 << 20), &[]);
    let error = bench.connectors.receive("rogue", &large, &trust()).await.unwrap_err();
    assert_eq!(error.fault, Fault::OutOfMemory);
    bench.assert_well().await;
}

#[tokio::test]
async fn panic_is_a_trap() {
    let fault = fault_of("panic").await;
    assert!(matches!(&fault, Fault::Trapped(reason) if reason.contains("unreachable")), "{fault:?}");
}

#[tokio::test]
async fn stack_overflow_is_a_trap() {
    assert!(matches!(fault_of("recurse").await, Fault::Trapped(_)));
}

#[tokio::test]
async fn too_much_output_has_the_wrong_shape() {
    for misdeed in
        ["flood", "crowd", "no events", "long text", "much text", "long list", "not text", "redirect"]
    {
        let fault = fault_of(misdeed).await;
        assert!(matches!(fault, Fault::WrongShape(_)), "{misdeed}: {fault:?}");
    }
}

#[tokio::test]
async fn number_that_is_none_is_unknown() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    match bench.tell(&[("normalize", "not a number")]).await {
        Ok(Received::Events(events)) => assert!(events[0].signals.is_empty()),
        other => panic!("expected an event, found {other:?}"),
    }
}

#[tokio::test]
async fn megabyte_of_refusal_is_cut_and_cleaned() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    match bench.tell(&[("normalize", "babble")]).await {
        Ok(Received::Refused(refusal)) => {
            assert_eq!(refusal.message.chars().count(), 500);
            assert!(!refusal.message.contains(char::is_control));
            assert_eq!(refusal.pointer.as_deref(), Some("/misdeed"));
        }
        other => panic!("expected a refusal, found {other:?}"),
    }
    bench.assert_well().await;
}

#[tokio::test]
async fn misdeeds_before_the_check_leave_the_delivery_unverified() {
    let bench = Bench::with(&[("rogue.wasm", &ROGUE)]).await;
    let mut faults = Vec::new();
    for misdeed in ["loop", "allocate", "panic", "thousand"] {
        let error = bench.tell(&[("authenticate", misdeed)]).await.unwrap_err();
        assert!(!error.verified, "{misdeed}");
        bench.assert_well().await;
        faults.push(error.fault.kind());
    }
    assert_eq!(faults, ["timed_out", "out_of_memory", "trapped", "wrong_shape"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loops_do_not_keep_others_waiting() {
    let bench = std::sync::Arc::new(Bench::with(&[("rogue.wasm", &ROGUE)]).await);
    let loops: Vec<_> = (0..6)
        .map(|_| {
            let bench = std::sync::Arc::clone(&bench);
            tokio::spawn(async move { bench.tell(&[("normalize", "loop")]).await })
        })
        .collect();
    for _ in 0..20 {
        bench.assert_well().await;
    }
    for running in loops {
        assert_eq!(running.await.unwrap().unwrap_err().fault, Fault::TimedOut);
    }
}

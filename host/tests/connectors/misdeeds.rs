//! Guests that misbehave while they are called.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ase_host::connectors::{Fault, Received};
use tokio::task::JoinHandle;

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

/// Loops that begin again until they are told to stop, each outside of any quarantine.
struct Loops {
    stop: Arc<AtomicBool>,
    running: Vec<JoinHandle<Vec<Fault>>>,
}

impl Loops {
    fn of(bench: &Arc<Bench>, count: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let looping = || {
            let (bench, stop) = (Arc::clone(bench), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut faults = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    faults.push(bench.tell(&[("authenticate", "loop")]).await.unwrap_err().fault);
                }
                faults
            })
        };
        Self { running: (0..count).map(|_| looping()).collect(), stop }
    }

    /// All faults that they ended with.
    async fn end(self) -> Vec<Fault> {
        self.stop.store(true, Ordering::Relaxed);
        let mut faults = Vec::new();
        for running in self.running {
            faults.extend(running.await.unwrap());
        }
        faults
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loops_do_not_keep_others_waiting() {
    // so long that whoever waits behind all others waits in vain: 32 of them have 4 of 8 turns for a quarter of a second
    let slow = rogue_with("[[samples]]", "[limits]\ndeadline_ms = 250\n\n[[samples]]");
    let other = rogue_with("id = \"rogue\"", "id = \"other\"");
    let bench = Arc::new(Bench::with(&[("rogue.wasm", &slow), ("other.wasm", &other)]).await);
    let loops = Loops::of(&bench, 32);
    bench.until("a full share", |connectors| connectors.running("rogue") == 4).await;
    for _ in 0..20 {
        // those whose time is over make room for the next ones, so the share is full again and again
        bench.until("a full share", |connectors| connectors.running("rogue") == 4).await;
        let answer = bench.connectors.receive("other", &signed("7", &[]), &trust()).await;
        assert!(
            matches!(answer.unwrap().received, Received::Events(_)),
            "another is answered beside the loops"
        );
        assert!(bench.connectors.running("rogue") <= 4, "they never have more than half of the turns");
    }
    let faults = loops.end().await;
    let named = faults.iter().find(|fault| matches!(fault, Fault::Crowded { .. }));
    let named = named.expect("whoever waits behind the loops is told why").to_string();
    assert!(named.contains("`rogue` has 4 calls at once"), "{named}");
    assert!(
        faults.iter().all(|fault| matches!(fault, Fault::TimedOut | Fault::Crowded { .. })),
        "{faults:?}"
    );
    assert_eq!(bench.connectors.running("rogue"), 0);
    bench.assert_well().await;
}

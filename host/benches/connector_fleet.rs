//! What many connectors cost: a thousand in use, a start with those compiled before, and a swap under load.
//!
//! `cargo bench -p ase-host --bench connector_fleet`; `--connectors 100` for fewer. Every file is the same connector
//! under another id, which differs by its bytes and is compiled by itself.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and stops where it cannot go on; counts are far below 2^53"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ase_host::connectors::{Ceilings, Connectors, ConnectorsConfig, Delivery, Signers};

/// A bundled connector, with its manifest.
static COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/generic.wasm"));
/// How its manifest names it; another id of the same length takes its place.
const NAMED: &[u8] = br#""id":"generic""#;
/// Calls a second while connectors are swapped.
const RATE: u32 = 500;
/// For how long in turn: no call at all, calls steadily, calls with swaps.
const SPAN: Duration = Duration::from_secs(10);
/// Turns. A machine that others share is late by itself now and then, which only many turns tell from what a swap does.
const TURNS: usize = 6;
/// What is too late, in microseconds.
const LATE: f64 = 5000.0;
/// Between two swaps.
const PAUSE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == "connector") {
        return ase_host::cli::main();
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measure());
    ExitCode::SUCCESS
}

async fn measure() {
    let mut words = std::env::args().skip_while(|word| word != "--connectors").skip(1);
    let count: usize = words.next().map_or(1000, |word| word.parse().unwrap());
    let (dir, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    bundled_alone(cache.path()).await;
    for number in 0..count {
        std::fs::write(dir.path().join(format!("{number}.wasm")), component(number, 0)).unwrap();
    }
    idle(dir.path(), cache.path(), count).await;
    swaps(cache.path()).await;
}

/// Compiles the bundled connectors once, so that the figures tell of the others.
async fn bundled_alone(cache: &Path) {
    let connectors = Connectors::start(config(None, cache)).await.unwrap();
    connectors.stop().await;
}

/// A start that compiles, then one that finds everything compiled, and what each connector keeps in memory.
async fn idle(dir: &Path, cache: &Path, count: usize) {
    for what in ["compiled anew", "compiled before"] {
        let (before, started) = (resident(), Instant::now());
        let connectors = Connectors::start(config(Some(dir), cache)).await.unwrap();
        let (ready, after) = (started.elapsed(), resident());
        let in_use = connectors.list().iter().filter(|status| status.last_error.is_none()).count();
        assert!(in_use >= count, "{in_use} of {count}");
        let each = |at: fn(&Resident) -> u64| (at(&after) - at(&before)) as f64 / count as f64;
        println!(
            "{count} connectors, {what}: ready in {:.2} s, {:.2} ms each; {:.0} KiB each in memory, {:.0} of them not \
             pages of a file",
            ready.as_secs_f64(),
            ready.as_secs_f64() * 1e3 / count as f64,
            each(|memory| memory.all),
            each(|memory| memory.own)
        );
        connectors.stop().await;
    }
}

/// Calls at a fixed rate, first steadily, then while the connector is replaced again and again.
async fn swaps(cache: &Path) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("one.wasm"), component(0, 0)).unwrap();
    let connectors = Connectors::start(config(Some(dir.path()), cache)).await.unwrap();
    let delivery = Arc::new(delivery());
    let call = || {
        let (connectors, delivery) = (Arc::clone(&connectors), Arc::clone(&delivery));
        async move { drop(connectors.renormalize(&id(0), &delivery).await.unwrap()) }
    };
    at_rate(SPAN / 5, call).await;
    let (mut nothing, mut steady, mut swapped, mut swaps) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..TURNS {
        nothing.extend(at_rate(SPAN, || async {}).await);
        steady.extend(at_rate(SPAN, call).await);
        let stop = Arc::new(AtomicBool::new(false));
        let swapping =
            tokio::spawn(swap(dir.path().to_owned(), Arc::clone(&connectors), swaps, Arc::clone(&stop)));
        swapped.extend(at_rate(SPAN, call).await);
        stop.store(true, Ordering::Relaxed);
        swaps = swapping.await.unwrap();
    }
    println!(
        "{RATE} calls a second, none failed{:>26}{:>10}{:>10}{:>10}{:>12}",
        "p50 µs", "p99 µs", "p99.9 µs", "worst µs", "beyond 5 ms"
    );
    Latencies::of(nothing).print("no call at all: the timer and the machine");
    Latencies::of(steady).print("steadily");
    Latencies::of(swapped).print(&format!("with {swaps} swaps"));
    connectors.stop().await;
}

/// Replaces the file by another version of the connector until `stop`. How often it took effect, `swaps` of them before,
/// is returned.
async fn swap(dir: PathBuf, connectors: Arc<Connectors>, mut swaps: usize, stop: Arc<AtomicBool>) -> usize {
    while !stop.load(Ordering::Relaxed) {
        let before = digest(&connectors);
        let (fresh, one) = (dir.join("fresh.part"), dir.join("one.wasm"));
        // whoever copies a file to a server does not do so on a thread that answers calls
        let copied = move || {
            std::fs::write(&fresh, component(0, swaps + 1)).unwrap();
            std::fs::rename(&fresh, one).unwrap();
        };
        tokio::task::spawn_blocking(copied).await.unwrap();
        while digest(&connectors) == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        swaps += 1;
        tokio::time::sleep(PAUSE).await;
    }
    swaps
}

fn digest(connectors: &Connectors) -> Option<String> {
    connectors.list().into_iter().find(|status| status.id == id(0)).and_then(|status| status.digest)
}

/// Latencies of calls that begin on time, whether the one before has ended or not.
async fn at_rate<F: Future<Output = ()> + Send + 'static>(
    span: Duration,
    call: impl Fn() -> F,
) -> Vec<Duration> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
    let (begun, mut calls) = (Instant::now(), Vec::new());
    while begun.elapsed() < span {
        let due = tick.tick().await.into_std();
        let call = call();
        calls.push(tokio::spawn(async move {
            call.await;
            due.elapsed()
        }));
    }
    let mut times = Vec::with_capacity(calls.len());
    for call in calls {
        times.push(call.await.unwrap());
    }
    times
}

/// The connector under the id of a number; `version` makes its bytes others.
fn component(number: usize, version: usize) -> Vec<u8> {
    let place = COMPONENT.windows(NAMED.len()).rposition(|window| window == NAMED).unwrap();
    let mut bytes = COMPONENT.to_vec();
    bytes.splice(place..place + NAMED.len(), format!(r#""id":"{}""#, id(number)).into_bytes());
    // a custom section of our own: id 0, its length, its name with its length, its content
    bytes.extend([0, 10, 1, b'v']);
    bytes.extend((version as u64).to_le_bytes());
    bytes
}

/// As long as the id it takes the place of.
fn id(number: usize) -> String {
    format!("c{number:06}")
}

fn delivery() -> Delivery {
    let body = r#"{"id":"evt-1","type":"login.succeeded","subject":{"id":"ana"}}"#;
    Delivery { id: "del_bench".to_owned(), body: body.into(), ..Delivery::default() }
}

fn config(dir: Option<&Path>, cache: &Path) -> ConnectorsConfig {
    ConnectorsConfig {
        dir: dir.map(Path::to_owned),
        cache_dir: Some(cache.to_owned()),
        // this program, which is `ase` for that time
        compiler: Some(std::env::current_exe().unwrap()),
        max_concurrent: 192,
        ceilings: Ceilings::default(),
        grants: BTreeMap::new(),
        signers: Signers::default(),
    }
}

/// KiB of this process that lie in memory.
struct Resident {
    all: u64,
    /// Without those that are pages of a file, which the system may drop and read again.
    own: u64,
}

/// Of `/proc/self/statm`, which counts pages of 4 KiB.
fn resident() -> Resident {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: Vec<u64> = text.split_whitespace().map(|pages| pages.parse().unwrap()).collect();
    let (all, of_files) = (pages.get(1).unwrap() * 4, pages.get(2).unwrap() * 4);
    Resident { all, own: all - of_files }
}

/// Sorted microseconds.
struct Latencies(Vec<f64>);

impl Latencies {
    fn of(times: Vec<Duration>) -> Self {
        let mut micros: Vec<f64> = times.into_iter().map(|time| time.as_secs_f64() * 1e6).collect();
        micros.sort_by(f64::total_cmp);
        Self(micros)
    }

    fn print(&self, what: &str) {
        let at = |thousandths: usize| {
            self.0.get((self.0.len() - 1) * thousandths / 1000).copied().unwrap_or(f64::NAN)
        };
        let late = self.0.iter().filter(|micros| **micros > LATE).count();
        let of_all = format!("{late}/{}", self.0.len());
        println!(
            "{what:<43}{:>10.0}{:>10.0}{:>10.0}{:>10.0}{of_all:>12}",
            at(500),
            at(990),
            at(999),
            at(1000)
        );
    }
}

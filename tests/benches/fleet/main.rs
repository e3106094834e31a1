//! How long after it was sent a version of a connector is in use on another node.
//!
//! Two servers over one PostgreSQL, each with compiled connectors of its own. Versions are installed by API at the first,
//! one after the other; time runs from the first byte of the request. Both servers share the machine, so both compile at
//! the expense of each other.
//!
//! `cargo bench -p ase-tests --bench fleet -- [--installs N]`
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed, and what it found is printed"
)]

use std::time::{Duration, Instant};

use ase_tests::harness::guest::{ORDINARY, rogue};
use ase_tests::harness::operator::Operator;
use ase_tests::harness::{Node, Setup, TestApp};

/// Between two looks at the second node.
const GLANCE: Duration = Duration::from_millis(1);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut words = std::env::args().skip_while(|word| word != "--installs").skip(1);
    let installs: usize = words.next().map_or(20, |word| word.parse().unwrap());
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache_dir = Some(here.path().to_owned());
    let app = TestApp::start_with(Setup { cache_dir, ..Setup::default() }).await;
    let second = app.node_apart(there.path()).await;
    let operator = Operator::of(&app).await;
    let (mut answered, mut in_use) = (Vec::new(), Vec::new());
    // one more than is counted: the first finds nothing warm
    for number in 0..=installs {
        let component = rogue("acme", &format!("1.0.{number}"), ORDINARY);
        let begun = Instant::now();
        let answer = operator.send(&component, "").await.json(201);
        answered.push(begun.elapsed());
        let digest = answer["digest"].as_str().unwrap();
        while live(&second).as_deref() != Some(digest) {
            tokio::time::sleep(GLANCE).await;
        }
        in_use.push(begun.elapsed());
    }
    let size = rogue("acme", "1.0.0", ORDINARY).len() >> 10;
    println!("{installs} installs of {size} KiB{:>22}{:>10}", "p50 ms", "worst ms");
    print("answered, and in use on the first node", &answered[1..]);
    print("in use on the second node", &in_use[1..]);
}

fn live(node: &Node) -> Option<String> {
    let status = node.app.connectors.list().into_iter().find(|status| status.id == "acme");
    status.and_then(|status| status.digest)
}

fn print(what: &str, times: &[Duration]) {
    let mut millis: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    millis.sort_by(f64::total_cmp);
    println!("{what:<39}{:>6.0}{:>10.0}", millis[millis.len() / 2], millis[millis.len() - 1]);
}

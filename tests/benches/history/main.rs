//! Whether speed stays flat as history grows, and how quickly past decisions are judged again.
//!
//! For 10 k, 1 M and (`--large`, or `ASE_BENCH_LARGE=1`) 10 M made-up events of history it starts a private cluster and
//! the whole product, and measures one after the other: the statement that reads history, a whole screening through the
//! engine, and one over HTTP. Then the backtest of up to a million stored decisions, and its judging alone. It judges
//! nothing but this: no plan of the statement may read a whole table.
//!
//! `cargo bench --bench history -- [--large] [--runs N] [--sizes N,N] [--cold] [--keep DIR [--seed-alone]]`
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed, and what it found is printed"
)]

mod backtest;
#[path = "../decisions/client.rs"]
mod client;
mod ground;
mod options;
mod plan;
mod reading;
mod screening;
mod times;
mod warmth;

use ground::Ground;
use options::Options;
use times::Table;

fn main() {
    let options = Options::read();
    let mut table = Table::new(&options);
    for (place, events) in options.sizes.iter().enumerate() {
        let scratch = tempfile::Builder::new().prefix("ase-bench-").tempdir().unwrap();
        let kept = options.keep.as_ref().map(|dir| dir.join(events.to_string()));
        let ground = Ground::prepare(kept.as_deref().unwrap_or(scratch.path()), *events);
        if options.seed_alone {
            ground.stop();
            continue;
        }
        if !options.cold {
            warmth::look(&ground);
        }
        for (what, times) in reading::measure(&ground, &options) {
            table.row(what, *events, &times);
        }
        table.row("screen, in the engine", *events, &screening::through_engine(&ground, &options));
        table.row("POST /events/ingest", *events, &screening::through_http(&ground, &options));
        let last = place + 1 == options.sizes.len();
        plan::check(&ground, last);
        if *events >= 1_000_000 || last {
            backtest::measure(&ground);
        }
        ground.stop();
    }
    if !options.seed_alone {
        table.ratios();
    }
}

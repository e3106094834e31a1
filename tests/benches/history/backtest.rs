//! How quickly stored decisions are judged again.

use std::time::Instant;

use ase_engine::backtest::{Report, Span, judge};
use ase_engine::policy::Policy;
use ase_engine::provisioning::candidate;
use ase_engine::store::{Scope, decisions};
use chrono::{DateTime, Utc};

use crate::ground::Ground;

/// At most so many decisions.
const DECISIONS: u64 = 1_000_000;
/// How many snapshots are judged alone, again and again.
const SAMPLE: i64 = 10_000;
/// How often.
const ROUNDS: u32 = 10;

/// All of it with reading, on as many processors as there are; then the judging on one.
pub(crate) fn measure(ground: &Ground) {
    let org_id = ground.tenant.org.org_id.as_str();
    let document = serde_json::to_string(&Policy::default_policy()).unwrap();
    let candidate = ground.runtime.block_on(candidate(&document)).unwrap();
    let span = Span { since: DateTime::<Utc>::default(), limit: Some(DECISIONS) };
    let test = || {
        let begun = Instant::now();
        let testing = ground.engine.backtest(org_id, &candidate, span, |_, _| {});
        let report = ground.runtime.block_on(testing).unwrap();
        (rate(report.decisions, begun), report)
    };
    // the decisions themselves were not looked at before: the first test may have to wait for the disk
    let (first, _) = test();
    let (whole, report) = test();
    assert_eq!(report.unreadable, 0, "every snapshot reads back");

    let page = ground.runtime.block_on(async {
        let mut tx = ground.engine.store().begin(Scope::Org(org_id)).await.unwrap();
        decisions::page(&mut tx, org_id, span.since, None, SAMPLE).await.unwrap()
    });
    let mut alone = Report::default();
    let begun = Instant::now();
    for past in (0..ROUNDS).flat_map(|_| &page) {
        judge(&candidate.policy, &candidate.rules, &mut alone, past);
    }
    let judging = rate(alone.decisions, begun);
    println!();
    println!("backtest     {} decisions, {whole:.0} a second; {} changed", report.decisions, report.changed);
    println!("             {first:.0} a second the first time");
    println!("labels       {} scams and {} good actions among them", report.scams, report.good);
    println!(
        "judging      {judging:.0} a second on one core, alone; {:.2} of that with reading",
        whole / judging
    );
}

#[expect(clippy::cast_precision_loss, reason = "at most a few million")]
fn rate(decisions: u64, begun: Instant) -> f64 {
    decisions as f64 / begun.elapsed().as_secs_f64()
}

//! What was measured, as a table.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::disk::SyncTimes;
use crate::ground::Ground;
use crate::load::Measured;
use crate::options::Options;
use crate::requests::{Events, Orders, SUBJECTS, body_bytes};

/// Prints as things are measured, and keeps what the ratios need.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rates: BTreeMap<(&'static str, u32), f64>,
    acknowledged: u64,
}

impl Report {
    /// Says on what is measured.
    pub(crate) fn new(ground: &Ground, disk: SyncTimes, options: &Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let version = ground.ask("select to_jsonb(current_setting('server_version'))");
        let durable = "select to_jsonb('fsync ' || current_setting('fsync') || ', synchronous_commit ' \
            || current_setting('synchronous_commit'))";
        println!("machine      {cores} cores, shared by generator, server and PostgreSQL");
        println!("PostgreSQL   {}, {}", text(&version), text(&ground.ask(durable)));
        println!("disk         8 kB made durable in {:?} (median), {:?} (p99)", disk.median, disk.p99);
        println!("server       {} connections to PostgreSQL", ground.connections);
        println!("each row     {} s after a warm-up of 2 s, {SUBJECTS} subjects", options.seconds);
        Self::default()
    }

    /// Says what is sent, and opens the table.
    pub(crate) fn requests(events: &Events, orders: &Orders) {
        let origin = if orders.fixture.is_some() { "fixture" } else { "of our own: no fixtures found" };
        println!("event        {} bytes", body_bytes(events));
        println!("order        {} bytes ({origin})", body_bytes(orders));
        println!();
        println!("processor time is in microseconds per decision: of the generator, the server, PostgreSQL");
        println!("others: how many processors were kept busy by what has no part in this");
        println!();
        println!(
            "| what                | concurrency | p50 ms | p99 ms | per second | gen | server |   PG | others |"
        );
        println!(
            "|---------------------|------------:|-------:|-------:|-----------:|----:|-------:|-----:|-------:|"
        );
    }

    /// One row.
    pub(crate) fn row(&mut self, what: &'static str, concurrency: u32, measured: &Measured) {
        let (p50, p99, rate) = (measured.percentile(50), measured.percentile(99), measured.rate());
        let cpu = measured.cpu_micros();
        println!(
            "| {what:<19} | {concurrency:>11} | {p50:>6.2} | {p99:>6.2} | {rate:>10.0} | {:>3.0} | {:>6.0} | {:>4.0} | {:>6.2} |",
            cpu.generator,
            cpu.server,
            cpu.postgres,
            measured.disturbance()
        );
        self.rates.insert((what, concurrency), rate);
        self.acknowledged += measured.acknowledged;
    }

    /// The ratios, and whether everything that was acknowledged is there.
    pub(crate) fn close(&self, ground: &Ground) {
        println!();
        for ((what, concurrency), rate) in &self.rates {
            if let (Some(baseline), true) = (self.rates.get(&("pgbench", *concurrency)), *what != "pgbench") {
                println!("ratio        {what} / pgbench at {concurrency}: {:.2}", rate / baseline);
            }
        }
        let outcomes = "select coalesce(jsonb_object_agg(outcome, number), '{}') from \
            (select outcome, count(*) as number from decisions group by outcome) counted";
        println!("outcomes     {}", ground.ask(outcomes));
        let stored = ground.ask("select to_jsonb(count(*)) from events").as_u64().unwrap();
        println!("durable      {} acknowledged, {stored} in the database", self.acknowledged);
        assert_eq!(stored, self.acknowledged, "what was acknowledged is what is stored");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

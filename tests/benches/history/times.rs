//! How long things took, as a table, and how that compares with the smallest history.

use std::time::Duration;

use crate::options::Options;

/// Prints as things are measured, and keeps what the ratios need.
#[derive(Debug)]
pub(crate) struct Table {
    medians: Vec<(&'static str, u64, Duration)>,
}

impl Table {
    /// Opens the table.
    pub(crate) fn new(options: &Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("machine      {cores} cores, shared by the benchmark, the server and PostgreSQL");
        println!("each row     {} times one after the other, after a tenth as many to warm up", options.runs);
        println!();
        println!("| what                             | events of history | p50 ms | p99 ms |");
        println!("|----------------------------------|------------------:|-------:|-------:|");
        Self { medians: Vec::new() }
    }

    /// One row.
    pub(crate) fn row(&mut self, what: &'static str, events: u64, times: &[Duration]) {
        let (median, p99) = (percentile(times, 50), percentile(times, 99));
        println!("| {what:<32} | {events:>17} | {:>6.3} | {:>6.3} |", millis(median), millis(p99));
        self.medians.push((what, events, median));
    }

    /// How many times as long each takes as with the smallest history.
    pub(crate) fn ratios(&self) {
        println!();
        for (what, events, median) in &self.medians {
            let (_, smallest, base) =
                self.medians.iter().find(|(name, ..)| name == what).expect("it was measured");
            if events != smallest {
                let ratio = median.as_secs_f64() / base.as_secs_f64();
                println!("ratio        {what}: p50 at {events} / at {smallest}: {ratio:.2}");
            }
        }
    }
}

fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

//! What was measured, as tables.

use std::time::Duration;

use ase_tests::harness::weight::Weight;

/// Prints rows as they are measured, and what follows from them at the end.
#[derive(Debug)]
pub(crate) struct Report {
    notes: Vec<String>,
}

impl Report {
    /// Says on what is measured, and opens the table.
    pub(crate) fn open(seconds: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("machine      {cores} cores, shared by generator, server, mail server and PostgreSQL");
        println!("each row     {seconds} s after a warm-up of 2 s; times from when a request was due");
        println!();
        println!("| what                                  | a second | p50 ms | p99 ms |");
        println!("|---------------------------------------|---------:|-------:|-------:|");
        Self { notes: Vec::new() }
    }

    /// One row.
    pub(crate) fn row(what: &str, rate: u32, times: &[Duration]) {
        println!("| {what:<37} | {rate:>8} | {:>6.2} | {:>6.2} |", millis(times, 50), millis(times, 99));
    }

    /// Something to be said below the table.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// How many times as long one thing takes as another.
    pub(crate) fn ratio(&mut self, what: &str, times: &[Duration], base: &[Duration]) {
        let [p50, p99] = [50, 99].map(|percent| millis(times, percent) / millis(base, percent));
        self.note(format!("ratio        {what}: {p50:.2} at p50, {p99:.2} at p99"));
    }

    /// Whether an aim is met.
    pub(crate) fn aim(&mut self, what: &str, met: bool) {
        self.note(format!("aim          {what}: {}", if met { "met" } else { "missed" }));
    }

    /// What pages weigh, and everything that was noted.
    pub(crate) fn close(&self, weights: &[(&str, Weight)]) {
        println!();
        println!("| page         | file             |  bytes | gzipped |");
        println!("|--------------|------------------|-------:|--------:|");
        for (page, weight) in weights {
            for part in &weight.parts {
                println!("| {page:<12} | {:<16} | {:>6} | {:>7} |", part.kind, part.plain, part.gzipped);
            }
            println!("| {page:<12} | all told         | {:>6} | {:>7} |", weight.plain(), weight.gzipped());
        }
        println!();
        for note in &self.notes {
            println!("{note}");
        }
    }
}

/// What `percent` of 100 did not exceed, in milliseconds.
pub(crate) fn millis(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

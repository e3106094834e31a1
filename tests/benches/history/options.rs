//! What was asked for on the command line.

use std::path::PathBuf;

/// How much history, and how often each thing is measured.
#[derive(Debug)]
pub(crate) struct Options {
    /// Events of history, from the smallest size to the largest.
    pub(crate) sizes: Vec<u64>,
    /// How often each thing is done while it is measured.
    pub(crate) runs: u64,
    /// Where histories are kept from one run to the next, since many events take long to make up.
    pub(crate) keep: Option<PathBuf>,
    /// Only makes histories up, to be measured by a later run.
    pub(crate) seed_alone: bool,
    /// Nothing is read into memory beforehand: every page comes from the disk.
    pub(crate) cold: bool,
}

impl Options {
    /// Reads the arguments; what is meant for other benchmarks (and cargo's own `--bench`) is passed over.
    pub(crate) fn read() -> Self {
        let given: Vec<String> = std::env::args().skip(1).collect();
        let after = |name: &str| {
            let place = given.iter().position(|argument| argument == name)?;
            given.get(place + 1).cloned()
        };
        let has = |name: &str| given.iter().any(|argument| argument == name);
        let large = has("--large") || std::env::var_os("ASE_BENCH_LARGE").is_some_and(|value| value == "1");
        let number = |text: &str| text.parse().expect("whole numbers");
        let sizes = match after("--sizes") {
            Some(sizes) => sizes.split(',').map(number).collect(),
            None if large => vec![10_000, 1_000_000, 10_000_000],
            None => vec![10_000, 1_000_000],
        };
        Self {
            sizes,
            runs: after("--runs").map_or(2000, |runs| number(&runs)),
            keep: after("--keep").map(PathBuf::from),
            seed_alone: has("--seed-alone"),
            cold: has("--cold"),
        }
    }
}

//! What was asked for on the command line.

/// What to measure, and for how long.
#[derive(Debug)]
pub(crate) struct Options {
    /// How long each measurement lasts, in seconds, after its warm-up.
    pub(crate) seconds: u64,
    only: Option<String>,
}

impl Options {
    /// Reads the arguments; what is meant for other benchmarks (and cargo's own `--bench`) is passed over.
    pub(crate) fn read() -> Self {
        let given: Vec<String> = std::env::args().skip(1).collect();
        let after = |name: &str| {
            let place = given.iter().position(|argument| argument == name)?;
            given.get(place + 1).cloned()
        };
        let seconds =
            after("--seconds").map_or(8, |text| text.parse().expect("--seconds takes a whole number"));
        Self { seconds, only: after("--only") }
    }

    /// Whether `part` is to be measured.
    pub(crate) fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }
}

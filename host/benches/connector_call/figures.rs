//! How often each body is measured, and what is printed of it. Also part of `tests/extism`.

use std::time::Duration;

const WARM_UP: usize = 2_000;
const CALLS: usize = 20_000;
/// The aim: at most so many times what native code takes, and so many microseconds more.
const AIM: (f64, f64) = (2.0, 25.0);

/// What calls took, in order.
pub(crate) type Times = Vec<Duration>;

/// Calls for a body of so many bytes, those that warm up among them: as long for each size.
pub(crate) fn rounds(bytes: usize) -> usize {
    WARM_UP + CALLS.min(CALLS * 12_000 / bytes).max(2_000)
}

/// What stands above the figures of one body.
pub(crate) fn heading() {
    println!("{:<58}{:>10}{:>10}", "", "p50 µs", "p99 µs");
}

/// Microseconds.
#[derive(Debug)]
pub(crate) struct Quantiles {
    pub(crate) p50: f64,
    p99: f64,
}

impl Quantiles {
    /// Of all but the calls that warmed up.
    pub(crate) fn of(mut times: Times) -> Self {
        times.drain(..WARM_UP);
        times.sort_unstable();
        let at = |hundredths: usize| {
            times.get(times.len() * hundredths / 100).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
        };
        Self { p50: at(50), p99: at(99) }
    }

    pub(crate) fn print(&self, what: &str) {
        println!("{what:<58}{:>10.1}{:>10.1}", self.p50, self.p99);
    }

    /// How many times as long as the other.
    pub(crate) fn ratio(&self, what: &str, other: &Self) {
        println!("{what:<58}{:>10.2}{:>10.2}", self.p50 / other.p50, self.p99 / other.p99);
    }

    /// Whether a component is as fast as it should be beside native code.
    pub(crate) fn aim(&self, native: &Self) {
        self.verdict(&format!("aim: {} x native + {} µs", AIM.0, AIM.1), native.p50 * AIM.0 + AIM.1);
    }

    /// Whether the median is no more than that.
    pub(crate) fn verdict(&self, aim: &str, most: f64) {
        let verdict = if self.p50 <= most { "met" } else { "missed" };
        println!("{aim:<58}{most:>10.1}{verdict:>10}");
    }
}

//! `Chance`: what is drawn, always in the same order from the same seed.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// The dice of one person, so that more people change nothing for those who were there before.
#[derive(Debug)]
pub(super) struct Chance(StdRng);

impl Chance {
    pub(super) fn new(seed: u64, person: u32) -> Self {
        // two odd constants (of splitmix64) keep neighbouring seeds and neighbouring people apart
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(person).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Self(StdRng::seed_from_u64(mixed))
    }

    /// 0 to 1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True in a share `share` of all cases.
    pub(super) fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// A number from `low` to `high`.
    pub(super) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Log-normal: half of all draws lie below `median`, and they spread more with `sigma`.
    pub(super) fn around(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// The standard normal distribution (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// One of `others` with its share, else `usual`.
    pub(super) fn draw<T: Copy>(&mut self, usual: T, others: &[(T, f64)]) -> T {
        let mut left = self.unit();
        for (other, share) in others {
            if left < *share {
                return *other;
            }
            left -= share;
        }
        usual
    }

    /// Any one of `all`; `None` when there is none.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(all.len()).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last)).ok().and_then(|place| all.get(place))
    }
}

/// Seconds of a number of them, without the fraction.
#[expect(clippy::cast_possible_truncation, reason = "a simulation lasts months")]
pub(super) fn seconds(number: f64) -> i64 {
    number as i64
}

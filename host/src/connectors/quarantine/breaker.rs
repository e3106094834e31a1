//! `Breaker`: when a connector that keeps failing is left alone, and when it is trusted again. Pure: time is an argument.
//!
//! A circuit breaker (M. Nygard, "Release It!", 2nd ed., 2018, 5.2) with one probe at a time. Faults in a row open it,
//! and so does a rate: a connector that fails on half of what it reads is broken, though it answers in between. One
//! sender's few bad deliveries between the good ones of others do not. Probes come with pauses that double.

use chrono::{DateTime, TimeDelta, Utc};

/// Faults in a row after which a connector is quarantined.
pub(in super::super) const FAULTS: u32 = 5;
/// How many of the latest calls are looked at for the rate.
pub(in super::super) const WINDOW: u32 = 20;
/// Faults among them after which a connector is quarantined: half. So many are at least half of [`WINDOW`] calls also
/// where fewer are known, since what is not known can only have been good.
pub(in super::super) const RATE: u32 = WINDOW / 2;
/// Good probes in a row after which it is trusted again.
pub(in super::super) const GOOD: u32 = 3;
/// The pause before the first probe, in seconds.
const FIRST_PAUSE: i64 = 1;
/// The longest pause between two probes, in seconds.
pub(in super::super) const LONGEST_PAUSE: i64 = 300;
/// The step from which on pauses are the longest: 2^9 s is more than five minutes.
const LAST_STEP: u32 = 9;

/// The state of one connector, by its digest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Breaker {
    state: State,
    /// When the last quarantine ended and how far its pauses had grown: who fails again at once starts from there.
    last: Option<(DateTime<Utc>, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Called like any other. `recent` has a bit for each of the latest calls, set for a fault, the newest one lowest.
    Trusted { faults: u32, recent: u32 },
    /// Not called, but for probes.
    Quarantined {
        since: DateTime<Utc>,
        faults: u32,
        step: u32,
        good: u32,
        next: DateTime<Utc>,
        probing: bool,
    },
}

impl Default for State {
    fn default() -> Self {
        Self::Trusted { faults: 0, recent: 0 }
    }
}

/// Who asks for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Asking {
    /// A delivery that has just come.
    Fresh,
    /// One that was kept. That it fails once more says nothing new of the connector, so it quarantines nothing.
    Kept,
}

/// May the connector be called?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// Yes, like any other.
    Call(Asking),
    /// Yes, to see whether it is well again.
    Probe,
    /// No; the next probe is due then.
    Held(DateTime<Utc>),
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is quarantined now.
    Quarantined,
    /// A probe failed: it stays so for longer.
    Prolonged,
    /// It is trusted again.
    Recovered,
}

/// What is known of a quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) since: DateTime<Utc>,
    pub(super) faults: u32,
    pub(super) next: DateTime<Utc>,
}

impl Breaker {
    /// Asks for a call. What is admitted must be answered by [`Self::well`], [`Self::failed`] or [`Self::forgone`].
    pub(super) fn admit(&mut self, asking: Asking, now: DateTime<Utc>) -> Admission {
        match &mut self.state {
            State::Trusted { .. } => Admission::Call(asking),
            State::Quarantined { next, probing, .. } if !*probing && is_due(*next, now) => {
                *probing = true;
                Admission::Probe
            }
            State::Quarantined { next, .. } => Admission::Held(*next),
        }
    }

    /// The connector answered; a refusal is an answer too.
    pub(super) fn well(&mut self, admitted: Admission, now: DateTime<Utc>) -> Option<Turn> {
        match (&mut self.state, admitted) {
            (State::Trusted { faults, recent }, Admission::Call(Asking::Fresh)) => {
                *faults = 0;
                *recent = (*recent << 1) & LATEST;
            }
            (State::Quarantined { step, good, next, probing, .. }, Admission::Probe) => {
                (*probing, *next, *good) = (false, now, good.saturating_add(1));
                if *good >= GOOD {
                    self.last = Some((now, *step));
                    self.state = State::default();
                    return Some(Turn::Recovered);
                }
            }
            // that it reads a kept one says nothing new either; and what was called before a quarantine ends nothing in it
            (State::Trusted { .. } | State::Quarantined { .. }, _) => {}
        }
        None
    }

    /// The connector failed.
    pub(super) fn failed(&mut self, admitted: Admission, now: DateTime<Utc>) -> Option<Turn> {
        match (&mut self.state, admitted) {
            (State::Trusted { faults, recent }, Admission::Call(Asking::Fresh)) => {
                *faults = faults.saturating_add(1);
                *recent = (*recent << 1 | 1) & LATEST;
                let open = *faults >= FAULTS || recent.count_ones() >= RATE;
                open.then(|| self.quarantine(now))
            }
            (State::Quarantined { faults, step, good, next, probing, .. }, Admission::Probe) => {
                (*probing, *good, *faults) = (false, 0, faults.saturating_add(1));
                *step = step.saturating_add(1).min(LAST_STEP);
                *next = now + pause(*step);
                Some(Turn::Prolonged)
            }
            _ => None,
        }
    }

    /// The call was not made after all: no turn was free, or whoever wanted it went away.
    pub(super) fn forgone(&mut self, admitted: Admission) {
        if let (State::Quarantined { probing, .. }, Admission::Probe) = (&mut self.state, admitted) {
            *probing = false;
        }
    }

    /// The quarantine, if there is one.
    pub(super) fn held(&self) -> Option<Held> {
        match self.state {
            State::Trusted { .. } => None,
            State::Quarantined { since, faults, next, .. } => Some(Held { since, faults, next }),
        }
    }

    /// True when forgetting it would change nothing.
    pub(super) fn is_blank(&self, now: DateTime<Utc>) -> bool {
        self.state == State::default() && !self.last.is_some_and(|(ended, _)| is_recent(ended, now))
    }

    fn quarantine(&mut self, now: DateTime<Utc>) -> Turn {
        // those of the rate are those in a row, too, or more
        let faults = match self.state {
            State::Trusted { recent, .. } => recent.count_ones(),
            State::Quarantined { faults, .. } => faults,
        };
        let step = match self.last {
            Some((ended, step)) if is_recent(ended, now) => step.saturating_add(1).min(LAST_STEP),
            _ => 0,
        };
        let next = now + pause(step);
        self.state = State::Quarantined { since: now, faults, step, good: 0, next, probing: false };
        Turn::Quarantined
    }
}

/// A bit for each of the latest calls.
const LATEST: u32 = (1 << WINDOW) - 1;

/// A clock that was set back must not prolong a quarantine, so what is too far away is due as well.
fn is_due(next: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= next || next - now > TimeDelta::seconds(LONGEST_PAUSE)
}

fn is_recent(ended: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - ended).abs() <= TimeDelta::seconds(LONGEST_PAUSE)
}

/// One second, two, four, … five minutes.
fn pause(step: u32) -> TimeDelta {
    TimeDelta::seconds((FIRST_PAUSE << step.min(LAST_STEP)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests;

//! Simulation: labelled people, seeded. What a policy stops, and whom it asks in vain, without a single real customer.
//!
//! Honest people live their ordinary days and sometimes do what looks risky. Victims live the same days until one of
//! five known scripts happens to them. Every event carries its label, so that the decisions of the real engine can be
//! counted. The people, their habits and the scripts are assumptions, written down beside the code that draws them;
//! none was fitted to the signals. The figures compare policies with each other; they do not foretell what happens on
//! a platform.
//!
//! The room is pure but for `runner`: the same [`Plan`] gives the same stream. Time is virtual, see [`start`].

mod chance;
mod home;
mod life;
mod network;
mod person;
mod report;
mod risky;
mod runner;
mod script;
mod step;
mod tally;
mod weights;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use self::chance::Chance;
use self::person::Person;

pub use report::{Friction, Report, ScamRow, Weight};
pub use runner::SimulationError;
pub use script::Script;
pub use step::{Answer, Label, Step};

/// How many days of ordinary life come before what is measured; people are there for the last 60 to 90 of them.
pub const HISTORY_DAYS: i64 = 90;
/// How many days are measured.
pub const MEASURED_DAYS: i64 = 30;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// Everything is drawn from it.
    pub seed: u64,
    /// How many honest people.
    pub people: u32,
    /// How many victims of each script.
    pub victims: u32,
    /// Share of victims who, asked whether somebody guides them, say what they were told to say; also the share of
    /// those who read a code out to whoever took their account over.
    pub coached_lie: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 1, people: 400, victims: 50, coached_lie: 0.5 }
    }
}

/// When the virtual time begins: in late August, so that the measured days are those before Christmas, in which honest
/// people buy gift cards too.
#[must_use]
pub fn start() -> DateTime<Utc> {
    // 2025-08-26T00:00:00Z
    DateTime::from_timestamp(1_756_166_400, 0).unwrap_or_default()
}

/// From when on events are measured.
#[must_use]
pub fn measured_from() -> DateTime<Utc> {
    start() + TimeDelta::days(HISTORY_DAYS)
}

/// Everything that happens to everybody, in the order in which it happens.
#[must_use]
pub fn stream(plan: &Plan) -> Vec<Step> {
    let honest = (0..plan.people).flat_map(|index| honest(plan, index));
    let victims = Script::ALL
        .into_iter()
        .flat_map(|script| (0..plan.victims).map(move |number| (script, number)))
        .zip(plan.people..)
        .flat_map(|((script, _), index)| victim(plan, index, script));
    let mut steps: Vec<Step> = honest.chain(victims).collect();
    // stable, so that what one person does in one second stays in order
    steps.sort_by_key(|step| (step.at, step.person));
    for (number, step) in steps.iter_mut().enumerate() {
        step.draft.id = Some(format!("sim-{number}"));
    }
    steps
}

fn honest(plan: &Plan, index: u32) -> Vec<Step> {
    let mut chance = Chance::new(plan.seed, index);
    let mut person = Person::draw(&mut chance, index, false);
    life::live(&mut person, &mut chance)
}

/// An ordinary life into which a script breaks.
fn victim(plan: &Plan, index: u32, script: Script) -> Vec<Step> {
    let mut chance = Chance::new(plan.seed, index);
    // an account without payouts has no destination to change
    let mut person = Person::draw(&mut chance, index, script == Script::Takeover);
    let mut steps = life::live(&mut person, &mut chance);
    let scam = script::play(script, plan, &person, &mut chance);
    if let (Script::Takeover, Some(first)) = (script, scam.first()) {
        // whoever lost an account does nothing more in it
        let taken = first.at;
        steps.retain(|step| step.at < taken);
    }
    steps.extend(scam);
    steps
}

/// The virtual time so many seconds after [`start`].
fn at(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests;

//! `Script`: how a scam goes. One file per script says what is common to all and what varies.
//!
//! Common: victims act from their own device and home unless the script says otherwise, at their own usual hours moved
//! into those in which callers work. Half of the destinations take money from several victims, as the accounts of
//! mules do; the others are used once. What a check of the payee's name says is drawn for each destination.

mod gift_card;
mod invoice;
mod refund;
mod safe_account;
mod takeover;

use std::fmt;

use serde::Serialize;

use super::chance::Chance;
use super::person::{Payee, Person};
use super::step::{Answer, Label, Step};
use super::{DAY, HISTORY_DAYS, MEASURED_DAYS, Plan};
use crate::event::DraftDevice;

/// The five that are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Script {
    /// "Your account is not safe: move your money to this one."
    SafeAccount,
    /// "We refunded too much: let me on your computer, and send the rest back."
    Refund,
    /// "Our bank account has changed."
    Invoice,
    /// "Read me the code", and then the payouts of the account go elsewhere.
    Takeover,
    /// "Pay with gift cards."
    GiftCard,
}

impl Script {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::SafeAccount, Self::Refund, Self::Invoice, Self::Takeover, Self::GiftCard];

    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SafeAccount => "safe account",
            Self::Refund => "refund with remote access",
            Self::Invoice => "invoice redirection",
            Self::Takeover => "takeover, then payout change",
            Self::GiftCard => "gift cards",
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Plays `script` on a person, some time in the measured days.
pub(super) fn play(script: Script, plan: &Plan, person: &Person, chance: &mut Chance) -> Vec<Step> {
    let lies = chance.happens(plan.coached_lie);
    let from = HISTORY_DAYS.max(person.first_day + 1);
    // early enough for the slow ones to end within the simulation
    let day = chance.between(from, (HISTORY_DAYS + MEASURED_DAYS - 8).max(from));
    let act = Act {
        script,
        person,
        now: working_hour(person, day, chance),
        answer: if lies { Answer::Denies } else { Answer::Admits },
        mules: i64::from(plan.victims / 4),
        steps: Vec::new(),
    };
    match script {
        Script::SafeAccount => safe_account::play(act, chance),
        Script::Refund => refund::play(act, chance),
        Script::Invoice => invoice::play(act, chance),
        Script::Takeover => takeover::play(act, chance),
        Script::GiftCard => gift_card::play(act, chance),
    }
}

/// Mostly between nine and eighteen by the sun; in one case of eight when the victim is about anyway.
fn working_hour(person: &Person, day: i64, chance: &mut Chance) -> i64 {
    if chance.happens(0.125) {
        return person.hour(day, chance);
    }
    let local = chance.within(9.0, 18.0) - person.home.longitude / 15.0;
    day * DAY + super::chance::seconds(local * 3600.0)
}

/// A script that is being played.
#[derive(Debug)]
struct Act<'a> {
    script: Script,
    person: &'a Person,
    now: i64,
    answer: Answer,
    /// How many mules the callers of this script share.
    mules: i64,
    steps: Vec<Step>,
}

impl Act<'_> {
    fn step(&self, event_type: &str, device: &DraftDevice) -> Step {
        Step::new(self.person, self.now, event_type, device.clone())
    }

    /// Something that does no harm yet. Whoever does not get in cannot go on.
    fn prepare(&mut self, event_type: &str, device: &DraftDevice) {
        let step = self.step(event_type, device).scripted(Label::Prelude(self.script), self.answer);
        self.steps.push(Step { pivotal: event_type == "login.succeeded", ..step });
    }

    fn harm(&mut self, step: Step) {
        self.steps.push(step.scripted(Label::Harmful(self.script), self.answer));
    }

    /// Harm without which the script cannot go on.
    fn harm_first(&mut self, step: Step) {
        self.harm(Step { pivotal: true, ..step });
    }

    fn wait(&mut self, chance: &mut Chance, low: i64, high: i64) {
        self.now += chance.between(low, high);
    }

    /// The victim's own device, as it is now; `true` when the platform's app on it could see a call.
    fn own_device(&self, chance: &mut Chance) -> (DraftDevice, bool) {
        self.person.device(self.now, chance)
    }

    /// Somebody else's account, added by now.
    fn mule(&self, names: &[(Option<&'static str>, f64)], chance: &mut Chance) -> Payee {
        let shared = chance.happens(0.5);
        let id = if shared {
            format!("mule-{:?}-{}", self.script, chance.between(0, self.mules))
        } else {
            format!("mule-of-{}-{}", self.person.index, self.now)
        };
        Payee { id, created_at: self.now, name_match: chance.draw(None, names) }
    }

    fn transfer(&self, device: &DraftDevice, to: &Payee, amount: f64, balance: f64) -> Step {
        let currency = self.person.home.currency;
        self.step("transfer.created", device).paying(amount, currency).of_balance(balance, currency).to(to)
    }
}

/// A sum as people are told to send it: whole tens.
fn round(amount: f64) -> f64 {
    ((amount / 10.0).round() * 10.0).max(10.0)
}

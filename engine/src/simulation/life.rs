//! Ordinary days: visits with and without signing in, purchases, transfers, rent and payouts.
//!
//! Per person and day: 0.1 to 1.2 visits at usual hours; 60 % of them begin with signing in, 4 % of those with a wrong
//! password first. A quarter of the visits (it varies) buys something, log-normal in price; a fifth moves money to
//! somebody known. Rent takes a third to two thirds of the balance once a month for one in seven. An eighth of all
//! sell something and pay their takings out, two in five of these all of it each time. In one of 125 visits with the
//! app its user happens to be on the telephone.

use super::chance::Chance;
use super::person::{Payee, Person};
use super::step::Step;
use super::{DAY, HISTORY_DAYS, MEASURED_DAYS, risky};
use crate::event::{DraftAddress, DraftDevice, DraftLink};

/// A visit that goes on.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) now: i64,
    pub(super) device: DraftDevice,
}

/// Everything that an honest person does.
pub(super) fn live(person: &mut Person, chance: &mut Chance) -> Vec<Step> {
    let mut steps = Vec::new();
    for day in person.first_day..HISTORY_DAYS + MEASURED_DAYS {
        if person.created_at.div_euclid(DAY) == day {
            join(person, day, chance, &mut steps);
        }
        if chance.happens(person.visits) {
            let mut visit = enter(person, day, chance, &mut steps);
            spend(person, &mut visit, chance, &mut steps);
        }
        pay_rent(person, day, chance, &mut steps);
        pay_out(person, day, chance, &mut steps);
        risky::happen(person, day, chance, &mut steps);
    }
    let first = super::at(person.created_at);
    // an hour drawn on the first day may lie before the account
    steps.retain(|step| step.at >= first);
    steps
}

fn join(person: &mut Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    let at = person.hour(day, chance);
    person.created_at = at;
    let (device, _) = person.device(at, chance);
    steps.push(Step::new(person, at, "account.created", device));
}

/// A visit at a usual hour.
pub(super) fn enter(person: &Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) -> Visit {
    let at = person.hour(day, chance);
    enter_at(person, at, chance, steps)
}

/// A visit that begins at `at`, with or without signing in.
pub(super) fn enter_at(person: &Person, at: i64, chance: &mut Chance, steps: &mut Vec<Step>) -> Visit {
    let (mut device, sees_calls) = person.device(at, chance);
    if sees_calls && chance.happens(0.008) {
        device.flags.push("call_active".to_owned());
    }
    let mut visit = Visit { now: at, device };
    if chance.happens(0.6) {
        if chance.happens(0.04) {
            visit.push(person, "login.failed", chance, steps);
        }
        visit.push(person, "login.succeeded", chance, steps);
    }
    visit.wait(chance, 20, 400);
    visit
}

/// What most come for.
pub(super) fn spend(person: &Person, visit: &mut Visit, chance: &mut Chance, steps: &mut Vec<Step>) {
    if chance.happens(person.orders) {
        let price = chance.around(person.order_median, 0.7);
        steps.push(purchase(person, visit, price, chance));
        visit.wait(chance, 60, 900);
    }
    if chance.happens(person.transfers) {
        let favourite = chance.happens(0.6);
        let payee = if favourite { person.payees.first() } else { chance.pick(&person.payees) };
        if let Some(payee) = payee.filter(|payee| payee.created_at <= visit.now) {
            let amount = chance.around(person.transfer_median, 0.8);
            steps.push(transfer(person, visit, payee, amount, chance));
        }
    }
}

/// A purchase at `visit.now`; three in four are sent home.
pub(super) fn purchase(person: &Person, visit: &Visit, price: f64, chance: &mut Chance) -> Step {
    let mut step = Step::new(person, visit.now, "order.created", visit.device.clone());
    step = step.paying(price, person.home.currency);
    let country = || Some(DraftAddress { country: Some(person.home.country.to_owned()) });
    step.draft.billing = country();
    if chance.happens(0.75) {
        step.draft.shipping = country();
        step = step.to(&address(person));
    }
    step.draft.links.push(DraftLink { link_type: "card".to_owned(), id: format!("card-{}", person.index) });
    step
}

/// The own address, known since the account was made.
fn address(person: &Person) -> Payee {
    Payee { id: format!("address-{}", person.index), created_at: person.created_at, name_match: None }
}

/// Money to somebody, never more than there is.
pub(super) fn transfer(
    person: &Person,
    visit: &Visit,
    payee: &Payee,
    amount: f64,
    chance: &mut Chance,
) -> Step {
    let balance = balance(person, chance);
    Step::new(person, visit.now, "transfer.created", visit.device.clone())
        .paying(amount.min(balance * 0.98), person.home.currency)
        .of_balance(balance, person.home.currency)
        .to(payee)
}

/// What there is, on any day of the month.
pub(super) fn balance(person: &Person, chance: &mut Chance) -> f64 {
    chance.around(person.balance_median, 0.5).max(20.0)
}

fn pay_rent(person: &Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    let due = person.rent_day.is_some_and(|due| day.rem_euclid(30) == due);
    let landlord = person.payees.first().filter(|_| due);
    if let Some(landlord) = landlord.cloned() {
        let visit = enter(person, day, chance, steps);
        if landlord.created_at > visit.now {
            return;
        }
        let balance = balance(person, chance);
        let rent = balance * chance.within(0.33, 0.66);
        let step = Step::new(person, visit.now, "transfer.created", visit.device.clone());
        steps.push(
            step.paying(rent, person.home.currency).of_balance(balance, person.home.currency).to(&landlord),
        );
    }
}

fn pay_out(person: &Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    let Some(shop) = person.shop.clone() else { return };
    if (day - person.first_day).rem_euclid(shop.every_days) == 0 {
        let visit = enter(person, day, chance, steps);
        steps.push(payout(person, &visit, &shop.bank, shop.empties, chance));
    }
}

/// Takings go to the bank.
pub(super) fn payout(person: &Person, visit: &Visit, bank: &Payee, all: bool, chance: &mut Chance) -> Step {
    let takings = balance(person, chance);
    let share = if all { chance.within(0.95, 1.0) } else { chance.within(0.1, 0.7) };
    Step::new(person, visit.now, "payout.created", visit.device.clone())
        .paying(takings * share, person.home.currency)
        .of_balance(takings, person.home.currency)
        .to(bank)
}

impl Visit {
    /// An event of no content now, and a little time after it.
    pub(super) fn push(
        &mut self,
        person: &Person,
        event_type: &str,
        chance: &mut Chance,
        steps: &mut Vec<Step>,
    ) {
        steps.push(Step::new(person, self.now, event_type, self.device.clone()));
        self.wait(chance, 5, 40);
    }

    /// Some seconds pass.
    pub(super) fn wait(&mut self, chance: &mut Chance, low: i64, high: i64) {
        self.now += chance.between(low, high);
    }
}

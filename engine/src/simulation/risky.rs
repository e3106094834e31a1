//! What honest people do that looks like a scam, and how often within 30 days.

use super::chance::Chance;
use super::life::{self, Visit};
use super::person::{self, Payee, Person};
use super::step::Step;
use super::{DAY, HISTORY_DAYS};
use crate::event::{DraftAddress, DraftDestination};

/// Share of people to whom it happens within 30 days.
const RATES: [(Act, f64); 13] = [
    (Act::NewPhone, 0.04),
    (Act::PasswordForgotten, 0.04),
    (Act::PasswordChanged, 0.03),
    (Act::EmailChanged, 0.01),
    (Act::PhoneChanged, 0.01),
    (Act::Moved, 0.012),
    (Act::NewPayee, 0.3),
    (Act::NewBank, 0.02),
    (Act::LargePurchase, 0.08),
    (Act::LargeTransfer, 0.03),
    (Act::LatePurchase, 0.1),
    (Act::Gift, 0.05),
    (Act::GiftCards, 0.02),
];

/// How much more often people buy gift cards in the measured days, which are those before Christmas.
const CHRISTMAS: f64 = 4.0;

/// One of the things that happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    NewPhone,
    PasswordForgotten,
    PasswordChanged,
    EmailChanged,
    PhoneChanged,
    Moved,
    NewPayee,
    NewBank,
    LargePurchase,
    LargeTransfer,
    LatePurchase,
    Gift,
    GiftCards,
}

/// Whatever of it happens to somebody on one day.
pub(super) fn happen(person: &mut Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    for (act, rate) in RATES {
        let season = if act == Act::GiftCards && day >= HISTORY_DAYS { CHRISTMAS } else { 1.0 };
        if chance.happens(rate * season / 30.0) {
            perform(act, person, day, chance, steps);
        }
    }
}

fn perform(act: Act, person: &mut Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    match act {
        Act::NewPhone => person.replace_phone(day),
        Act::PasswordForgotten => return forget_password(person, day, chance, steps),
        Act::LatePurchase => return buy_late(person, day, chance, steps),
        _ => {}
    }
    let mut visit = life::enter(person, day, chance, steps);
    match act {
        Act::NewPhone => life::spend(person, &mut visit, chance, steps),
        Act::PasswordChanged => visit.push(person, "account.password_changed", chance, steps),
        Act::EmailChanged => {
            person.email = format!("customer-{}-{day}@mail.example", person.index);
            steps.push(Step::new(person, visit.now, "account.email_changed", visit.device).changing("email"));
        }
        Act::PhoneChanged => {
            person.phone = format!("+44 7700 {:06}", 901_000 + chance.between(0, 8999));
            steps.push(Step::new(person, visit.now, "account.phone_changed", visit.device).changing("phone"));
        }
        Act::Moved => {
            steps.push(
                Step::new(person, visit.now, "account.address_changed", visit.device).changing("address"),
            );
        }
        Act::NewPayee => pay_somebody_new(person, visit, 1.5, chance, steps),
        Act::LargeTransfer => transfer_much(person, visit, chance, steps),
        Act::NewBank => change_bank(person, &visit, chance, steps),
        Act::LargePurchase => {
            let price = person.order_median * chance.within(5.0, 25.0);
            steps.push(life::purchase(person, &visit, price, chance));
        }
        Act::Gift => give(person, &visit, chance, steps),
        Act::GiftCards => buy_gift_cards(person, &visit, chance, steps),
        Act::PasswordForgotten | Act::LatePurchase => {}
    }
}

/// One to three wrong passwords, a new one, and what the person came for.
fn forget_password(person: &Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    let at = person.hour(day, chance);
    let (device, _) = person.device(at, chance);
    let mut visit = Visit { now: at, device };
    for _ in 0..chance.between(1, 3) {
        visit.push(person, "login.failed", chance, steps);
    }
    visit.wait(chance, 60, 300);
    visit.push(person, "account.password_reset", chance, steps);
    visit.push(person, "login.succeeded", chance, steps);
    visit.wait(chance, 30, 300);
    life::spend(person, &mut visit, chance, steps);
}

/// An hour that is unusual for almost everybody.
fn buy_late(person: &Person, day: i64, chance: &mut Chance, steps: &mut Vec<Step>) {
    let local = chance.between(0, 4) * 3600 + chance.between(0, 3599);
    let at = day * DAY + local - super::chance::seconds(person.home.longitude * 240.0);
    let visit = life::enter_at(person, at, chance, steps);
    let price = chance.around(person.order_median, 0.8);
    steps.push(life::purchase(person, &visit, price, chance));
}

/// A plumber, a friend, a club: the payee is added and paid within minutes.
fn pay_somebody_new(
    person: &mut Person,
    mut visit: Visit,
    times: f64,
    chance: &mut Chance,
    steps: &mut Vec<Step>,
) {
    let id = format!("payee-{}-{}", person.index, visit.now);
    let payee = Payee { id, created_at: visit.now, name_match: person::name_check(chance) };
    visit.wait(chance, 30, 600);
    let amount = chance.around(person.transfer_median * times, 0.8);
    steps.push(life::transfer(person, &visit, &payee, amount, chance));
    person.payees.push(payee);
}

/// A deposit, a car, a builder: ten to forty times as much as usual, half of it to somebody new.
fn transfer_much(person: &mut Person, visit: Visit, chance: &mut Chance, steps: &mut Vec<Step>) {
    let times = chance.within(10.0, 40.0);
    if chance.happens(0.5) {
        return pay_somebody_new(person, visit, times, chance, steps);
    }
    let payee = chance.pick(&person.payees).filter(|payee| payee.created_at <= visit.now);
    if let Some(payee) = payee {
        let amount = person.transfer_median * times;
        steps.push(life::transfer(person, &visit, payee, amount, chance));
    }
}

/// Whoever sells changes bank; the next takings go there.
fn change_bank(person: &mut Person, visit: &Visit, chance: &mut Chance, steps: &mut Vec<Step>) {
    let id = format!("bank-{}-{}", person.index, visit.now);
    let bank =
        Payee { id, created_at: visit.now, name_match: chance.draw(Some("full"), &[(Some("close"), 0.1)]) };
    if person.shop.is_some() {
        let step = Step::new(person, visit.now, "payout.destination_changed", visit.device.clone());
        steps.push(step.to(&bank).changing("payout_destination"));
    }
    if let Some(shop) = &mut person.shop {
        shop.bank = bank;
    }
}

/// A present that is sent to somebody else, one in five abroad.
fn give(person: &Person, visit: &Visit, chance: &mut Chance, steps: &mut Vec<Step>) {
    let price = chance.around(person.order_median, 0.6);
    let mut step = life::purchase(person, visit, price, chance);
    let abroad = chance.happens(0.2);
    let country = if abroad { super::home::elsewhere(chance).country } else { person.home.country };
    step.draft.shipping = Some(DraftAddress { country: Some(country.to_owned()) });
    let id = format!("address-{}-{}", person.index, visit.now);
    let to = DraftDestination { id: Some(id), ..DraftDestination::default() };
    step.draft.action.get_or_insert_default().destination = Some(to);
    steps.push(step);
}

/// One to three cards, now and then beside something else.
fn buy_gift_cards(person: &Person, visit: &Visit, chance: &mut Chance, steps: &mut Vec<Step>) {
    let card = chance.draw(25.0, &[(10.0, 0.1), (50.0, 0.35), (100.0, 0.15)]);
    let cards = card * chance.draw(1.0, &[(2.0, 0.25), (3.0, 0.1)]);
    let beside = if chance.happens(0.2) { chance.around(person.order_median, 0.5) } else { 0.0 };
    let mut step = life::purchase(person, visit, cards + beside, chance);
    if beside == 0.0 {
        step.draft.shipping = None;
        step.draft.action.get_or_insert_default().destination = None;
    }
    steps.push(step.with("gift_card_share", share(cards, cards + beside)));
}

/// A part of a whole, to two digits.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    (part / whole * 100.0).round() / 100.0
}

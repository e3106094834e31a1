//! The takeover: the caller gets a seller's password and code, signs in, and sends the takings elsewhere.
//!
//! | what | how |
//! |---|---|
//! | who acts | the caller's own machine in 75 % (as in the refund script); else the victim, guided, on the own device |
//! | before it | 40 % try passwords, up to four; 40 % reset the password |
//! | the address | 35 % change the e-mail first, 15 % the telephone, so that the owner hears nothing |
//! | the pace | 60 % go on within minutes, 40 % after hours or up to three days |
//! | the bank | the change is the pivot: when it does not get through, nothing can be paid there |
//! | its name | unchecked 40 %, differs 30 %, similar 10 %, fits 20 % (opened in the victim's name) |
//! | the takings | 60 to 100 % of them, minutes to four days after the change, in 1 or 2 payouts |
//! | who answers a question | on the caller's machine the caller, who denies; the code is read out by those who lie |

use super::refund::foreign_device;
use super::{Act, Answer};
use crate::event::DraftDevice;
use crate::simulation::chance::Chance;
use crate::simulation::step::Step;
use crate::simulation::{DAY, life};

pub(super) fn play(mut act: Act<'_>, chance: &mut Chance) -> Vec<Step> {
    let device = if chance.happens(0.75) {
        if act.answer == Answer::Admits {
            act.answer = Answer::Leaves;
        }
        foreign_device(&act, chance)
    } else {
        guided_device(&act, chance)
    };
    enter(&mut act, &device, chance);
    let (email, phone) = (chance.happens(0.35), chance.happens(0.15));
    for (changes, event_type, field) in
        [(email, "account.email_changed", "email"), (phone, "account.phone_changed", "phone")]
    {
        if changes {
            let step = act.step(event_type, &device).changing(field);
            act.harm(step);
            pause(&mut act, chance);
        }
    }
    let bank = act.mule(&[(Some("none"), 0.3), (Some("close"), 0.1), (Some("full"), 0.2)], chance);
    let step = act.step("payout.destination_changed", &device).to(&bank).changing("payout_destination");
    act.harm_first(step);
    let minutes = chance.between(300, 5400);
    act.now += chance.draw(minutes, &[(DAY, 0.2), (2 * DAY, 0.1), (4 * DAY, 0.1)]);
    let takings = life::balance(act.person, chance);
    let sum = takings * chance.within(0.6, 1.0);
    let count = chance.draw(1, &[(2, 0.25)]);
    let currency = act.person.home.currency;
    for number in 0..count {
        let left = takings - sum * f64::from(number) / f64::from(count);
        let step = act.step("payout.created", &device).paying(sum / f64::from(count), currency);
        act.harm(step.of_balance(left, currency).to(&bank));
        act.wait(chance, 600, 7200);
    }
    act.steps
}

/// Into the account, with or without noise. A password that somebody else chose is control that is lost.
fn enter(act: &mut Act<'_>, device: &DraftDevice, chance: &mut Chance) {
    if chance.happens(0.4) {
        for _ in 0..chance.between(1, 4) {
            act.prepare("login.failed", device);
            act.wait(chance, 10, 60);
        }
    }
    if chance.happens(0.4) {
        let step = act.step("account.password_reset", device);
        act.harm_first(step);
        act.wait(chance, 20, 120);
    }
    act.prepare("login.succeeded", device);
    pause(act, chance);
}

/// Minutes for most, hours or days for others.
fn pause(act: &mut Act<'_>, chance: &mut Chance) {
    if chance.happens(0.6) {
        act.wait(chance, 60, 900);
    } else {
        act.wait(chance, 3600, DAY);
    }
}

/// The victim does it all, told how on the telephone.
fn guided_device(act: &Act<'_>, chance: &mut Chance) -> DraftDevice {
    let (mut device, sees_calls) = act.own_device(chance);
    if sees_calls && chance.happens(0.5) {
        device.flags.push("call_active".to_owned());
    }
    device
}

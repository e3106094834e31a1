//! The safe account: a caller from "the bank's fraud team" says that the account is under attack and that its money
//! must be moved at once.
//!
//! The victim does it alone, on the own device and from the own network. What varies:
//!
//! | what | how |
//! |---|---|
//! | the call | on the same telephone in 70 %; the app sees 80 % of these, a browser none; 10 % of those seen share the screen too |
//! | signing in | 70 % sign in, the others are signed in still |
//! | the limit | 20 % raise it first |
//! | the sum | 40 to 98 % of what there is |
//! | its parts | 1 to 4 payments, 2 to 20 minutes apart; 15 % over days, one payment a day, the call seen anew each day |
//! | a small one first | 25 %, of 10 to 50 |
//! | the payee | added minutes before; in one of seven the day before, so that it is no longer new |
//! | its name | unchecked 35 %, differs 30 % ("ignore that"), similar 15 %, the victim's own 20 % (opened in that name) |

use super::{Act, round};
use crate::event::DraftDevice;
use crate::simulation::chance::Chance;
use crate::simulation::step::Step;
use crate::simulation::{DAY, life};

pub(super) fn play(mut act: Act<'_>, chance: &mut Chance) -> Vec<Step> {
    let same_phone = chance.happens(0.7);
    let mut device = device(&act, same_phone, chance);
    if chance.happens(0.7) {
        act.prepare("login.succeeded", &device);
        act.wait(chance, 30, 300);
    }
    if chance.happens(0.2) {
        act.prepare("account.limit_raised", &device);
        act.wait(chance, 60, 600);
    }
    let names = [(Some("none"), 0.3), (Some("close"), 0.15), (Some("full"), 0.2)];
    let mut mule = act.mule(&names, chance);
    if chance.happens(1.0 / 7.0) {
        mule.created_at -= DAY + chance.between(0, DAY);
    }
    act.wait(chance, 60, 600);
    let balance = life::balance(act.person, chance);
    let slow = chance.happens(0.15);
    let mut left = balance;
    for amount in parts(balance, chance) {
        let step = act.transfer(&device, &mule, amount, left);
        act.harm(step);
        left -= amount;
        if slow {
            act.now += DAY + chance.between(-3600, 3600);
            device = self::device(&act, same_phone, chance);
        } else {
            act.wait(chance, 120, 1200);
        }
    }
    act.steps
}

/// The own device; the app sees most calls that are made on it.
fn device(act: &Act<'_>, same_phone: bool, chance: &mut Chance) -> DraftDevice {
    let (mut device, sees_calls) = act.own_device(chance);
    if sees_calls && same_phone && chance.happens(0.8) {
        device.flags.push("call_active".to_owned());
        if chance.happens(0.1) {
            device.flags.push("screen_share".to_owned());
        }
    }
    device
}

/// The sum in its parts, which together never exceed it.
fn parts(balance: f64, chance: &mut Chance) -> Vec<f64> {
    let mut whole = balance * chance.within(0.4, 0.98);
    let mut parts = Vec::new();
    if chance.happens(0.25) {
        let small = round(chance.within(10.0, 50.0)).min(whole / 2.0);
        parts.push(small);
        whole -= small;
    }
    let count = chance.draw(1, &[(2, 0.3), (3, 0.2), (4, 0.1)]);
    parts.extend((0..count).map(|_| whole / f64::from(count)));
    parts
}

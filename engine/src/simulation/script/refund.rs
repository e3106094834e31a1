//! The refund: somebody from "support" refunds a fee, seems to have typed a nought too many, and wants the difference
//! back. A program that shows and steers the victim's screen is how the refund was made visible.
//!
//! | what | how |
//! |---|---|
//! | who acts | the victim's own device, steered; in 20 % the caller signs in from an own machine with the password seen |
//! | the flags | the app tells of a shared screen or a remote hand in 70 %, a browser never does |
//! | the call | beside it, on a telephone the platform does not see; the app sees it in 30 % of what it sees |
//! | the caller's machine | new; a virtual machine that shows in 30 %; a rented line at home 50 %, VPN 30 %, abroad 20 % |
//! | the sum | 300 to 4,000, at most 95 % of what there is, in 1 to 3 payments 5 to 30 minutes apart |
//! | the way | a transfer to a new payee 75 %, gift cards 25 % |
//! | the hour | 15 % in the late evening |
//! | who answers a question | the caller types with the victim watching: as for all victims |

use super::{Act, gift_card, round};
use crate::event::DraftDevice;
use crate::simulation::chance::Chance;
use crate::simulation::home;
use crate::simulation::step::Step;
use crate::simulation::{DAY, life, network};

pub(super) fn play(mut act: Act<'_>, chance: &mut Chance) -> Vec<Step> {
    if chance.happens(0.15) {
        let sun = crate::simulation::chance::seconds(act.person.home.longitude * 240.0);
        act.now = act.now.div_euclid(DAY) * DAY + 21 * 3600 + chance.between(0, 7200) - sun;
    }
    let device =
        if chance.happens(0.2) { foreign_device(&act, chance) } else { steered_device(&act, chance) };
    if chance.happens(0.8) {
        act.prepare("login.succeeded", &device);
        act.wait(chance, 60, 900);
    }
    let balance = life::balance(act.person, chance);
    let sum = chance.around(1200.0, 0.6).clamp(300.0, 4000.0).min(balance * 0.95);
    let count = chance.draw(1, &[(2, 0.3), (3, 0.15)]);
    if chance.happens(0.25) {
        for _ in 0..count {
            let step = gift_card::order(&act, &device, round(sum / f64::from(count)), chance);
            act.harm(step);
            act.wait(chance, 300, 1800);
        }
        return act.steps;
    }
    let mule = act.mule(&[(Some("none"), 0.45), (Some("close"), 0.1), (Some("full"), 0.1)], chance);
    act.wait(chance, 60, 600);
    let mut left = balance;
    for _ in 0..count {
        let step = act.transfer(&device, &mule, sum / f64::from(count), left);
        act.harm(step);
        left -= sum / f64::from(count);
        act.wait(chance, 300, 1800);
    }
    act.steps
}

/// The victim's device in somebody else's hand.
fn steered_device(act: &Act<'_>, chance: &mut Chance) -> DraftDevice {
    let (mut device, app) = act.own_device(chance);
    if app && chance.happens(0.7) {
        device.flags.push(chance.draw("remote_control", &[("screen_share", 0.5)]).to_owned());
        if chance.happens(0.3) {
            device.flags.push("call_active".to_owned());
        }
    }
    device
}

/// The caller's own machine.
pub(super) fn foreign_device(act: &Act<'_>, chance: &mut Chance) -> DraftDevice {
    let (own, _) = act.own_device(chance);
    let mut device = DraftDevice {
        id: Some(format!("machine-{}", chance.between(0, 500))),
        session_started_at: own.session_started_at,
        ..DraftDevice::default()
    };
    let (ip, place) = match chance.draw(0, &[(1, 0.3), (2, 0.2)]) {
        0 => (network::rented(chance), act.person.home),
        1 => {
            device.flags.push("vpn".to_owned());
            (network::vpn(chance), act.person.home)
        }
        _ => (network::away(chance), home::elsewhere(chance)),
    };
    device.ip = Some(ip);
    device.country = Some(place.country.to_owned());
    if own.latitude.is_some() {
        device.latitude = Some(place.latitude + chance.within(-0.5, 0.5));
        device.longitude = Some(place.longitude + chance.within(-0.5, 0.5));
    }
    if chance.happens(0.3) {
        device.flags.push("virtual_machine".to_owned());
    }
    device
}

//! Gift cards: the tax office, the boss or a new love wants to be paid in codes.
//!
//! The victim shops alone, on the own device with the own card, as people do before Christmas. What varies:
//!
//! | what | how |
//! |---|---|
//! | the call | on the same telephone in 50 % (others are written to); the app sees 80 % of these, a browser none |
//! | signing in | 60 % |
//! | the cards | 100 to 500 at a time, in round sums |
//! | how often | 1 to 5 purchases, 5 to 60 minutes apart; 20 % over days |
//! | the basket | nothing but cards in 85 %; else half to nine tenths of it, beside something else |
//! | what the platform says | the share of cards, in 90 % |

use super::Act;
use crate::event::{DraftAddress, DraftDevice, DraftLink};
use crate::simulation::DAY;
use crate::simulation::chance::Chance;
use crate::simulation::risky::share;
use crate::simulation::step::Step;

pub(super) fn play(mut act: Act<'_>, chance: &mut Chance) -> Vec<Step> {
    let (same_phone, slow) = (chance.happens(0.5), chance.happens(0.2));
    let card = chance.draw(200.0, &[(100.0, 0.3), (250.0, 0.15), (500.0, 0.25)]);
    let mut device = device(&act, same_phone, chance);
    if chance.happens(0.6) {
        act.prepare("login.succeeded", &device);
        act.wait(chance, 60, 600);
    }
    for _ in 0..chance.between(1, 5) {
        let step = order(&act, &device, card, chance);
        act.harm(step);
        if slow {
            act.now += DAY + chance.between(-7200, 7200);
            device = self::device(&act, same_phone, chance);
        } else {
            act.wait(chance, 300, 3600);
        }
    }
    act.steps
}

fn device(act: &Act<'_>, same_phone: bool, chance: &mut Chance) -> DraftDevice {
    let (mut device, sees_calls) = act.own_device(chance);
    if sees_calls && same_phone && chance.happens(0.8) {
        device.flags.push("call_active".to_owned());
    }
    device
}

/// One purchase of cards worth `sum`.
pub(super) fn order(act: &Act<'_>, device: &DraftDevice, sum: f64, chance: &mut Chance) -> Step {
    let beside = if chance.happens(0.15) { sum * chance.within(0.1, 1.0) } else { 0.0 };
    let mut step = act.step("order.created", device).paying(sum + beside, act.person.home.currency);
    step.draft.billing = Some(DraftAddress { country: Some(act.person.home.country.to_owned()) });
    let card = format!("card-{}", act.person.index);
    step.draft.links.push(DraftLink { link_type: "card".to_owned(), id: card });
    if chance.happens(0.9) { step.with("gift_card_share", share(sum, sum + beside)) } else { step }
}

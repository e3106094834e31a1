//! The redirected invoice: a mail in the name of a builder, a lawyer or a supplier says that its bank has changed.
//!
//! Nobody is on the telephone and nothing hurries: the victim pays a bill that is truly owed, from the own device at a
//! usual hour. Only where the money goes is wrong, so this is the hardest of the five. What varies:
//!
//! | what | how |
//! |---|---|
//! | the hour | the victim's own |
//! | the sum | log-normal around 1,500; 30 % pay such bills often, so that it is around twice their usual transfer |
//! | the balance | it is there: the sum is 10 to 70 % of it |
//! | further bills | 25 % pay one or two more to the same account, 2 to 6 days apart |
//! | the payee | added minutes before; one in three when the mail came, a day or more before |
//! | its name | unchecked 40 %, differs 30 %, similar 15 %, fits 15 % |
//! | the call | none; 5 % ring the number in the mail and are on the telephone, which the app then sees |

use super::Act;
use crate::simulation::DAY;
use crate::simulation::chance::Chance;
use crate::simulation::step::Step;

pub(super) fn play(mut act: Act<'_>, chance: &mut Chance) -> Vec<Step> {
    act.now = act.person.hour(act.now.div_euclid(DAY), chance);
    let used_to_it = chance.happens(0.3);
    let mut mule = act.mule(&[(Some("none"), 0.3), (Some("close"), 0.15), (Some("full"), 0.15)], chance);
    if chance.happens(1.0 / 3.0) {
        mule.created_at -= DAY + chance.between(0, 2 * DAY);
    }
    let bills = chance.draw(1, &[(2, 0.15), (3, 0.1)]);
    let usual = act.person.transfer_median;
    for _ in 0..bills {
        let (mut device, sees_calls) = act.own_device(chance);
        if sees_calls && chance.happens(0.05) {
            device.flags.push("call_active".to_owned());
        }
        if chance.happens(0.6) {
            act.prepare("login.succeeded", &device);
        }
        act.wait(chance, 90, 900);
        let sum = if used_to_it { chance.around(usual * 2.0, 0.5) } else { chance.around(1500.0, 0.7) };
        let step = act.transfer(&device, &mule, sum, sum / chance.within(0.1, 0.7));
        act.harm(step);
        act.now = act.person.hour(act.now.div_euclid(DAY) + chance.between(2, 6), chance);
    }
    act.steps
}

//! `Person`: who somebody is and what is usual for them.

use super::chance::Chance;
use super::home::{self, Place};
use super::{DAY, HISTORY_DAYS, MEASURED_DAYS, network};
use crate::event::DraftDevice;

/// A destination as one person knows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Payee {
    pub(super) id: String,
    /// When it was added, in seconds after the start; before it for most.
    pub(super) created_at: i64,
    /// What the check of the name says; nothing where the other bank does not take part.
    pub(super) name_match: Option<&'static str>,
}

/// A device and when it is in use.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Handset {
    id: String,
    pub(super) phone: bool,
    from: i64,
    until: i64,
}

/// Payouts of somebody who sells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shop {
    pub(super) bank: Payee,
    /// Takes everything out each time; others leave something.
    pub(super) empties: bool,
    pub(super) every_days: i64,
}

/// One customer.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(super) struct Person {
    pub(super) index: u32,
    pub(super) id: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) home: Place,
    pub(super) handsets: Vec<Handset>,
    /// The home line changes every few weeks.
    new_leases: bool,
    provider: i64,
    /// Seconds after the start; below zero for all but new customers.
    pub(super) created_at: i64,
    pub(super) first_day: i64,
    /// The hour of most visits (UTC) and how far they spread.
    peak: f64,
    spread: f64,
    /// Visits a day, and the shares of them with a purchase or a transfer.
    pub(super) visits: f64,
    pub(super) orders: f64,
    pub(super) transfers: f64,
    pub(super) order_median: f64,
    pub(super) transfer_median: f64,
    pub(super) balance_median: f64,
    pub(super) payees: Vec<Payee>,
    pub(super) shop: Option<Shop>,
    /// The day of the month on which the rent is paid, to the first payee.
    pub(super) rent_day: Option<i64>,
    vpn: bool,
    passkey: bool,
    /// Uses the app, which can see a call; a browser sees none.
    pub(super) app: bool,
    /// The platform knows where the connection comes from.
    placed: bool,
    /// Days away, and where.
    pub(super) away: Option<(i64, i64, Place)>,
}

impl Person {
    /// Draws a person; `sells` makes them one who gets payouts, as an eighth of all others do.
    pub(super) fn draw(chance: &mut Chance, index: u32, sells: bool) -> Self {
        let home = home::home(chance);
        // new customers: a few in the history, a few in what is measured
        let joined = chance.draw(0, &[(1, 0.04), (2, 0.03)]);
        let first_day = match joined {
            0 => chance.between(0, HISTORY_DAYS - 60),
            1 => chance.between(HISTORY_DAYS - 45, HISTORY_DAYS - 1),
            _ => chance.between(HISTORY_DAYS, HISTORY_DAYS + MEASURED_DAYS - 5),
        };
        let age_days = if joined == 0 { chance.between(30, 2500) } else { 0 };
        let balance_median = chance.around(1800.0, 1.0);
        let mut person = Self {
            index,
            id: format!("customer-{index}"),
            email: format!("customer-{index}@mail.example"),
            phone: format!("+44 7700 {:06}", 900_000 + index % 1000),
            home,
            handsets: handsets(chance, index),
            new_leases: chance.happens(0.3),
            provider: chance.between(0, 5),
            created_at: (first_day - age_days) * DAY,
            first_day,
            peak: chance.within(9.0, 22.0) - home.longitude / 15.0,
            spread: chance.within(1.5, 4.0),
            visits: chance.around(0.45, 0.5).clamp(0.1, 1.2),
            orders: chance.around(0.25, 0.6).min(0.8),
            transfers: chance.around(0.2, 0.8).min(0.8),
            order_median: chance.around(45.0, 0.5),
            transfer_median: chance.around(60.0, 0.7).min(balance_median / 4.0),
            balance_median,
            payees: Vec::new(),
            shop: None,
            rent_day: chance.happens(0.15).then(|| chance.between(0, 29)),
            vpn: chance.happens(0.06),
            passkey: chance.happens(0.1),
            app: chance.happens(0.6),
            placed: chance.happens(0.8),
            away: None,
        };
        person.know_people(chance, sells);
        person.travel(chance);
        person
    }

    fn know_people(&mut self, chance: &mut Chance, sells: bool) {
        let count = chance.between(2, 7);
        for number in 0..count {
            let created_at = self.created_at.max(-400 * DAY) + chance.between(0, 20) * DAY;
            let name_match = name_check(chance);
            self.payees.push(Payee { id: format!("payee-{}-{number}", self.index), created_at, name_match });
        }
        if sells || chance.happens(0.12) {
            let bank = Payee {
                id: format!("bank-{}", self.index),
                created_at: self.created_at,
                name_match: Some("full"),
            };
            self.shop = Some(Shop { bank, empties: chance.happens(0.4), every_days: chance.between(3, 14) });
        }
    }

    /// One in sixteen is away for some days within any month; here within the four months of the simulation.
    fn travel(&mut self, chance: &mut Chance) {
        if chance.happens(0.25) {
            let from = chance.between(0, HISTORY_DAYS + MEASURED_DAYS - 1);
            self.away = Some((from, from + chance.between(3, 14), home::elsewhere(chance)));
        }
    }

    /// A new phone from `day` on; it takes the place of the first device.
    pub(super) fn replace_phone(&mut self, day: i64) {
        let id = format!("device-{}-new-{day}", self.index);
        let old = self.handsets.iter_mut().find(|handset| handset.phone && handset.until > day);
        if let Some(old) = old {
            old.until = day;
        }
        self.handsets.insert(0, Handset { id, phone: true, from: day, until: i64::MAX });
    }

    /// Seconds after the start of a visit on `day`, at an hour that is usual for the person.
    pub(super) fn hour(&self, day: i64, chance: &mut Chance) -> i64 {
        let hour = (self.peak + self.spread * chance.normal()).rem_euclid(24.0);
        day * DAY + super::chance::seconds(hour * 3600.0)
    }

    /// The own device at `seconds`, and the connection it has there and then.
    pub(super) fn device(&self, seconds: i64, chance: &mut Chance) -> (DraftDevice, bool) {
        let day = seconds.div_euclid(DAY);
        let in_use: Vec<&Handset> =
            self.handsets.iter().filter(|handset| handset.from <= day && day < handset.until).collect();
        let first = in_use.first().copied();
        let handset = if chance.happens(0.7) { first } else { chance.pick(&in_use).copied() };
        let phone = handset.is_some_and(|handset| handset.phone);
        let mut device =
            DraftDevice { id: handset.map(|handset| handset.id.clone()), ..DraftDevice::default() };
        let away = self.away.filter(|(from, to, _)| (*from..=*to).contains(&day));
        let (ip, place) = match away {
            Some((_, _, place)) => (network::away(chance), place),
            None if phone && chance.happens(0.35) => (network::mobile(self.provider, chance), self.home),
            None => (network::home(self.index, if self.new_leases { day.max(0) / 21 } else { 0 }), self.home),
        };
        self.connect(&mut device, ip, place, chance);
        device.session_started_at = Some(super::at(seconds).to_rfc3339());
        if self.passkey {
            device.flags.push("passkey".to_owned());
        }
        (device, phone && self.app)
    }

    fn connect(&self, device: &mut DraftDevice, ip: String, place: Place, chance: &mut Chance) {
        let hidden = self.vpn && chance.happens(0.6);
        let place = if hidden && chance.happens(0.5) { home::elsewhere(chance) } else { place };
        device.ip = Some(if hidden { network::vpn(chance) } else { ip });
        if hidden {
            device.flags.push("vpn".to_owned());
        }
        device.country = Some(place.country.to_owned());
        if self.placed {
            device.latitude = Some(place.latitude + chance.within(-0.1, 0.1));
            device.longitude = Some(place.longitude + chance.within(-0.1, 0.1));
        }
    }
}

/// One to three devices, the phone first for most.
fn handsets(chance: &mut Chance, index: u32) -> Vec<Handset> {
    let count = chance.draw(1, &[(2, 0.4), (3, 0.15)]);
    let phone_first = chance.happens(0.75);
    let phone = |number: i64| if number == 0 { phone_first } else { number == 1 && !phone_first };
    (0..count)
        .map(|number| Handset {
            id: format!("device-{index}-{number}"),
            phone: phone(number),
            from: i64::MIN,
            until: i64::MAX,
        })
        .collect()
}

/// What the check of an honest payee's name says.
pub(super) fn name_check(chance: &mut Chance) -> Option<&'static str> {
    chance.draw(Some("full"), &[(None, 0.3), (Some("close"), 0.06), (Some("none"), 0.02)])
}

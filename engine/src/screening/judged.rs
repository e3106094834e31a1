//! What is judged of an event, and what it changes of what is known.

use chrono::{DateTime, Utc};

use crate::account::AccountState;
use crate::event::Event;
use crate::features::Features;
use crate::history::History;
use crate::mark::Mark;
use crate::store::history::Linked;
use crate::trace::{Key, Keymaker, Keys};

/// An event beside its past.
pub(super) struct Judged {
    pub(super) features: Features,
    /// When it happened; never after now.
    pub(super) occurred_at: DateTime<Utc>,
    /// The account as it is known from now on, where the event changes that.
    pub(super) account: Option<AccountState>,
    /// What took part in the payment that this event complains of.
    pub(super) tainted: Vec<Key>,
    /// The event complains of an earlier payment.
    pub(super) complains: bool,
}

impl Judged {
    pub(super) fn new(
        event: &Event,
        history: History,
        known: &AccountState,
        linked: &Linked,
        keys: &Keys,
        keymaker: Keymaker<'_>,
    ) -> Self {
        let occurred_at = event.occurred_at.map_or(history.now, |time| time.min(history.now));
        let mut features = Features::new(event, history);
        inherit(&mut features, linked);
        let told = AccountState::told_by(event, &features.event, keys, keymaker, occurred_at);
        // a test event says nothing of a real account
        let account = (!event.test).then(|| {
            note_changes(&mut features, &known.changes(&told));
            known.clone().after(told)
        });
        Self {
            features,
            occurred_at,
            account: account.filter(|account| account != known),
            complains: complains(event),
            tainted: tainted(event, linked, keys, keymaker),
        }
    }
}

/// Takes over what an event about the same order or payment knew.
fn inherit(features: &mut Features, linked: &Linked) {
    let Features { event, history } = features;
    if !event.has_device && linked.device.is_some() {
        event.has_device = true;
        history.inherited.push("device.id".to_owned());
    }
    if !event.has_card && linked.card.is_some() {
        event.has_card = true;
        history.inherited.push("card".to_owned());
    }
    if event.country.is_none() && linked.country.is_some() {
        event.country.clone_from(&linked.country);
        history.inherited.push("device.country".to_owned());
    }
}

fn note_changes(features: &mut Features, noticed: &[&str]) {
    for name in noticed {
        if !features.event.changes.iter().any(|known| known == name) {
            features.event.changes.push((*name).to_owned());
        }
    }
}

fn complains(event: &Event) -> bool {
    Mark::of(&event.event_type).is_some_and(Mark::is_lasting)
}

/// A dispute or a warning names a payment; it weighs on whoever and whatever took part in it.
fn tainted(event: &Event, linked: &Linked, keys: &Keys, keymaker: Keymaker<'_>) -> Vec<Key> {
    if !complains(event) {
        return Vec::new();
    }
    let own = keys.device.iter().chain(&keys.card);
    let inherited =
        linked.device.iter().chain(&linked.card).filter(|key| own.clone().all(|known| known != *key));
    let subjects = linked.subjects.iter().map(|subject| keymaker.key("subject", subject));
    let mut tainted: Vec<Key> = subjects.chain([keys.subject]).chain(inherited.copied()).collect();
    tainted.sort_unstable();
    tainted.dedup();
    tainted
}

//! `AccountState`: the last that was known of an account, and what a new event changes of it.
//!
//! Some platforms say that an account changed and neither what nor from what. Each part is kept as a keyed hash with
//! the time of the event it came from, so that a change is noticed, and an event that comes late changes nothing.

use chrono::{DateTime, Utc};

use crate::event::{Category, Event};
use crate::features::{Fact, Facts};
use crate::trace::{Key, Keymaker, Keys};

/// The parts of an account, as one event or the store knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountState {
    /// Its e-mail address.
    pub email: Option<Part<Key>>,
    /// Its telephone number.
    pub phone: Option<Part<Key>>,
    /// The country of its address.
    pub address: Option<Part<Key>>,
    /// Where its payouts go.
    pub destination: Option<Part<Key>>,
    /// What the platform calls its state, such as `disabled`.
    pub state: Option<Part<String>>,
}

/// A part and when it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    /// The part itself, or its hash.
    pub value: T,
    /// The time of the event that said so; never after the store's own.
    pub at: DateTime<Utc>,
}

/// States in which an account may do less than others.
const RESTRICTED: [&str; 8] =
    ["disabled", "restricted", "suspended", "frozen", "closed", "blocked", "declined", "rejected"];

impl AccountState {
    /// What `event` says of the account at `at`. A purchase tells where its receipt and its goods go, which need
    /// not be the account's own address, so it says nothing.
    #[must_use]
    pub fn told_by(
        event: &Event,
        facts: &Facts,
        keys: &Keys,
        keymaker: Keymaker<'_>,
        at: DateTime<Utc>,
    ) -> Self {
        let category = event.event_type.category();
        if matches!(category, Category::Order | Category::Payment | Category::Aftermath | Category::Notice) {
            return Self::default();
        }
        let key = |kind: &str, id: &str| Part { value: keymaker.key(kind, id), at };
        let moves_money = matches!(category, Category::Payout);
        let address = event.billing_country.as_deref().or(event.shipping_country.as_deref());
        Self {
            email: event.subject.email.as_deref().map(|email| key("email", &email.to_lowercase())),
            phone: event.subject.phone.as_deref().map(|phone| key("phone", &digits(phone))),
            address: address.map(|country| key("address", country)),
            destination: keys.destination.filter(|_| moves_money).map(|value| Part { value, at }),
            state: state(facts).map(|value| Part { value, at }),
        }
    }

    /// The names of the parts in which `told` differs from what was known, and is no older.
    #[must_use]
    pub fn changes(&self, told: &Self) -> Vec<&'static str> {
        let parts = [
            ("email", differs(self.email.as_ref(), told.email.as_ref())),
            ("phone", differs(self.phone.as_ref(), told.phone.as_ref())),
            ("address", differs(self.address.as_ref(), told.address.as_ref())),
            ("payout_destination", differs(self.destination.as_ref(), told.destination.as_ref())),
            ("state", differs(self.state.as_ref(), told.state.as_ref())),
        ];
        parts.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }

    /// What is known once `told` was heard, in whatever order things are told.
    #[must_use]
    pub fn after(self, told: Self) -> Self {
        Self {
            email: newer(self.email, told.email),
            phone: newer(self.phone, told.phone),
            address: newer(self.address, told.address),
            destination: newer(self.destination, told.destination),
            state: newer(self.state, told.state),
        }
    }

    /// True when the account was last said to be disabled, restricted or the like.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.state.as_ref().is_some_and(|state| RESTRICTED.contains(&state.value.as_str()))
    }
}

fn differs<T: PartialEq>(known: Option<&Part<T>>, told: Option<&Part<T>>) -> bool {
    matches!((known, told), (Some(known), Some(told)) if told.at >= known.at && told.value != known.value)
}

/// Of two sayings the later one; of two at the same time the one whose value is greater, so that both orders of
/// arrival end alike.
fn newer<T: Ord>(known: Option<Part<T>>, told: Option<Part<T>>) -> Option<Part<T>> {
    match (known, told) {
        (Some(known), Some(told)) if (told.at, &told.value) > (known.at, &known.value) => Some(told),
        (Some(known), _) => Some(known),
        (None, told) => told,
    }
}

fn state(facts: &Facts) -> Option<String> {
    ["state", "customer_state", "account_state"].iter().find_map(|name| match facts.attributes.get(*name) {
        Some(Fact::Word(word)) => Some(word.clone()),
        _ => None,
    })
}

/// A telephone number in its one spelling.
fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn said(value: u8, minutes: i64) -> AccountState {
        let at = DateTime::<Utc>::default() + TimeDelta::minutes(minutes);
        AccountState { email: Some(Part { value: [value; 16], at }), ..AccountState::default() }
    }

    #[test]
    fn a_change_is_noticed_unless_it_is_older() {
        let table = [
            (AccountState::default(), said(1, 5), false),
            (said(1, 5), AccountState::default(), false),
            (said(1, 5), said(1, 6), false),
            (said(1, 5), said(2, 6), true),
            (said(1, 5), said(2, 5), true),
            (said(1, 5), said(2, 4), false),
        ];
        for (known, told, changed) in table {
            assert_eq!(known.changes(&told) == ["email"], changed, "{known:?} {told:?}");
        }
    }

    proptest! {
        #[test]
        fn order_of_arrival_does_not_matter(mut told in prop::collection::vec((any::<u8>(), 0_i64..5), 1..8), turn in 0_usize..8) {
            let hear = |told: &[(u8, i64)]| {
                told.iter().fold(AccountState::default(), |known, (value, at)| known.after(said(*value, *at)))
            };
            let known = hear(&told);
            let by = turn % told.len();
            told.rotate_left(by);
            prop_assert_eq!(hear(&told), known);
        }
    }
}

//! The features a condition may name: their kinds, units and meanings.
//!
//! A condition reads a feature through the very entry that documents it, so the catalogue and what rules see cannot
//! differ. What is unknown is absent: `has(event.amount)` is false, and a condition that cannot be decided without
//! the feature is a miss, also when it is negated. An author never has to guard against a wrong hit.

mod event;
mod history;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::features::{Fact, Features};

/// What sort of value a feature or a part of a condition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Double,
    /// Text.
    Text,
    /// The value of an attribute: a bool, a double or a string, as the sender chose.
    Any,
    /// A list of strings.
    Texts,
    /// A list of whole numbers.
    Ints,
    /// A list of numbers with fractions.
    Doubles,
    /// The attributes of an event, by name.
    Attributes,
}

/// One feature.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// The name in a condition, such as `event.amount`.
    pub name: &'static str,
    /// What sort of value it has.
    pub kind: Kind,
    /// Unit of a number, such as `hours`; empty where there is none.
    pub unit: &'static str,
    /// What it says, and when it is absent.
    pub doc: &'static str,
    /// How many items it holds at most; 0 for what is no list.
    pub items_max: u32,
    read: for<'a> fn(&'a Features) -> Option<Seen<'a>>,
}

/// What a condition sees of a feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Seen<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    Texts(Vec<Cow<'a, str>>),
    Doubles(Vec<f64>),
    Attributes(&'a BTreeMap<String, Fact>),
}

/// What the names of features begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// `event.`
    Event,
    /// `history.`
    History,
}

type Names = HashMap<&'static str, &'static Feature>;

static EVENT: LazyLock<Names> = LazyLock::new(|| members("event.", event::FEATURES));
static HISTORY: LazyLock<Names> = LazyLock::new(|| members("history.", history::FEATURES));

fn members(prefix: &str, features: &'static [Feature]) -> Names {
    features.iter().map(|feature| (feature.name.trim_start_matches(prefix), feature)).collect()
}

/// Every feature, those of the event first.
pub fn features() -> impl Iterator<Item = &'static Feature> + Clone {
    event::FEATURES.iter().chain(history::FEATURES)
}

/// The feature of this name, such as `event.amount`.
#[must_use]
pub fn feature(name: &str) -> Option<&'static Feature> {
    let (part, member) = name.split_once('.')?;
    match part {
        "event" => Part::Event.member(member),
        "history" => Part::History.member(member),
        _ => None,
    }
}

impl Part {
    /// The feature of this name within the part, such as `amount`.
    pub(super) fn member(self, name: &str) -> Option<&'static Feature> {
        let names = match self {
            Self::Event => &*EVENT,
            Self::History => &*HISTORY,
        };
        names.get(name).copied()
    }
}

impl Feature {
    /// Its value; none when it is unknown.
    pub(super) fn read<'a>(&self, features: &'a Features) -> Option<Seen<'a>> {
        (self.read)(features)
    }
}

impl Kind {
    /// The name used in messages and documentation.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Text => "string",
            Self::Any => "attribute",
            Self::Texts => "list of strings",
            Self::Ints => "list of ints",
            Self::Doubles => "list of doubles",
            Self::Attributes => "map of attributes",
        }
    }

    /// What the items of a list are; none for what is no list.
    #[must_use]
    pub fn item(self) -> Option<Self> {
        match self {
            Self::Texts => Some(Self::Text),
            Self::Ints => Some(Self::Int),
            Self::Doubles => Some(Self::Double),
            _ => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;

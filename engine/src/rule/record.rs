//! What a condition sees: `event`, `history` and `event.attributes`, of which only what is asked for is read.

use std::collections::BTreeMap;
use std::fmt;

use cel::ExecutionError;
use cel::common::traits::{Container, Indexer};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, Val};

use super::catalogue::{Part, Seen};
use crate::features::{Fact, Features};

static TYPE: Type = MAP_TYPE;

/// A map of one decision, as CEL sees it.
#[derive(Clone, Copy)]
pub(super) enum Record<'a> {
    /// `event` or `history`.
    Part(Part, &'a Features),
    /// `event.attributes`.
    Attributes(&'a BTreeMap<String, Fact>),
}

impl<'a> Record<'a> {
    /// What the catalogue lists under `event.`.
    pub(super) fn event(features: &'a Features) -> Self {
        Self::Part(Part::Event, features)
    }

    /// What the catalogue lists under `history.`.
    pub(super) fn history(features: &'a Features) -> Self {
        Self::Part(Part::History, features)
    }

    fn value(&self, key: &str) -> Option<Box<dyn Val + 'a>> {
        match *self {
            Self::Part(part, features) => part.member(key)?.read(features).map(value),
            Self::Attributes(attributes) => attributes.get(key).map(fact),
        }
    }
}

/// Shows no value: an event must not get into a log by way of a rule.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part, _) => part.fmt(f),
            Self::Attributes(_) => f.write_str("Attributes"),
        }
    }
}

fn value(seen: Seen<'_>) -> Box<dyn Val + '_> {
    match seen {
        Seen::Bool(flag) => Box::new(CelBool::from(flag)),
        Seen::Int(count) => Box::new(CelInt::from(count)),
        Seen::Double(number) => Box::new(CelDouble::from(number)),
        Seen::Text(text) => Box::new(CelString::from(text)),
        Seen::Texts(texts) => list(texts.into_iter().map(CelString::from)),
        Seen::Doubles(numbers) => list(numbers.into_iter().map(CelDouble::from)),
        Seen::Attributes(attributes) => Box::new(Record::Attributes(attributes)),
    }
}

fn list<'a, T: Val + 'a>(items: impl Iterator<Item = T>) -> Box<dyn Val + 'a> {
    let items: Vec<Box<dyn Val + 'a>> = items.map(|item| Box::new(item) as Box<dyn Val + 'a>).collect();
    Box::new(CelList::from(items))
}

fn fact(fact: &Fact) -> Box<dyn Val + '_> {
    match fact {
        Fact::Flag(flag) => Box::new(CelBool::from(*flag)),
        Fact::Number(number) => Box::new(CelDouble::from(*number)),
        Fact::Word(word) => Box::new(CelString::from(word.as_str())),
    }
}

/// The text of a key. The lint lets no other key through.
fn key(index: &dyn Val) -> Result<&str, ExecutionError> {
    let text = index.downcast_ref::<CelString<'_>>();
    text.map(CelString::inner).ok_or_else(|| ExecutionError::no_such_key(""))
}

impl Val for Record<'_> {
    fn get_type(&self) -> &Type {
        &TYPE
    }

    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    /// Which features there are is no question to an event; which attributes came with it is one.
    fn as_container(&self) -> Option<&dyn Container> {
        match self {
            Self::Part(..) => None,
            Self::Attributes(_) => Some(self),
        }
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for Record<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let key = key(index)?;
        self.value(key).map(CowVal::Owned).ok_or_else(|| ExecutionError::no_such_key(key))
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Container for Record<'_> {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(self.value(key(value)?).is_some())
    }
}

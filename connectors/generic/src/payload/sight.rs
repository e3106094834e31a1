//! What expressions see: `item`, `body` and `headers`, opened only as far as an expression looks into them.

use std::fmt;

use cel::common::traits::{Container, Indexer};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelUInt, MAP_TYPE, Type};
use cel::common::value::{CowVal, Val};
use cel::{Context, ExecutionError};

use crate::payload::node::Node;
use crate::payload::scope::Scope;
use crate::request::Request;

/// What an expression may name: the part of the body that becomes the event, the whole body, and the headers.
pub(crate) const NAMES: [&str; 3] = ["item", "body", "headers"];
/// How many values a list may hold, those of lists in it included.
const ITEMS: usize = 2000;

static TYPE: Type = MAP_TYPE;

/// Gives an expression what it may name.
pub(crate) fn show<'n>(scope: &Scope<'n, '_>, context: &mut Context<'_, 'n>) {
    // a list that is too long is seen as null: an expression that needs it fails, any other goes on
    let seen = |node| value(node, &mut Budget(ITEMS)).unwrap_or_else(|_too_long| Box::new(CelNull));
    let [item, body, headers] = NAMES;
    context.add_variable_as_val(item, seen(scope.element));
    context.add_variable_as_val(body, seen(scope.body));
    context.add_variable_as_val(headers, Box::new(Headers(scope.request())));
}

/// How many further values a list may hold.
struct Budget(usize);

/// A value of the body. A number that is no whole number of 64 bits is a double, unless it is whole and longer: then
/// it is its text, since no digit of an id may be lost.
fn value<'n>(node: &'n Node<'_>, budget: &mut Budget) -> Result<Box<dyn Val + 'n>, ExecutionError> {
    if let Some(elements) = node.elements() {
        let items = elements.iter().map(|element| {
            let too_long = || ExecutionError::function_error("list", "too long");
            budget.0 = budget.0.checked_sub(1).ok_or_else(too_long)?;
            value(element, budget)
        });
        return Ok(Box::new(CelList::from(items.collect::<Result<Vec<_>, _>>()?)));
    }
    if node.is_object() {
        return Ok(Box::new(Members(node)));
    }
    Ok(match node.raw() {
        "true" => Box::new(CelBool::from(true)),
        "false" => Box::new(CelBool::from(false)),
        "null" => Box::new(CelNull),
        raw if raw.starts_with('"') => Box::new(CelString::from(node.string().unwrap_or_default())),
        raw => number(raw),
    })
}

fn number(raw: &str) -> Box<dyn Val> {
    if let Ok(number) = raw.parse::<i64>() {
        return Box::new(CelInt::from(number));
    }
    if let Ok(number) = raw.parse::<u64>() {
        return Box::new(CelUInt::from(number));
    }
    let whole = raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match raw.parse::<f64>() {
        Ok(number) if !whole => Box::new(CelDouble::from(number)),
        _ => Box::new(CelString::from(raw.to_owned())),
    }
}

/// An object of the body.
#[derive(Clone, Copy)]
struct Members<'n, 'b>(&'n Node<'b>);

/// The headers by their lower-case names.
#[derive(Clone, Copy)]
struct Headers<'n>(Request<'n>);

/// Shows nothing of a delivery: an error must not carry it into a message.
impl fmt::Debug for Members<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("object")
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers")
    }
}

/// The text of a key; nothing else is one.
fn key(index: &dyn Val) -> Result<&str, ExecutionError> {
    let text = index.downcast_ref::<CelString<'_>>();
    text.map(CelString::inner).ok_or_else(|| ExecutionError::no_such_key(""))
}

/// What a map of this room can do: `.f`, `[f]`, `has` and `in`.
macro_rules! map {
    ($name:ty) => {
        impl Val for $name {
            fn get_type(&self) -> &Type {
                &TYPE
            }

            fn cel_type() -> &'static Type {
                &TYPE
            }

            fn as_indexer<'c, 'v>(&'c self) -> Option<&'c (dyn Indexer + 'v)>
            where
                Self: 'v,
            {
                Some(self)
            }

            fn as_container(&self) -> Option<&dyn Container> {
                Some(self)
            }

            fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
            where
                Self: 'v,
            {
                Box::new(*self)
            }
        }

        impl Indexer for $name {
            fn get<'c, 'v>(&'c self, index: &dyn Val) -> Result<CowVal<'c, 'v>, ExecutionError>
            where
                Self: 'v,
            {
                let key = key(index)?;
                let found = self.member(key)?.ok_or_else(|| ExecutionError::no_such_key(key))?;
                Ok(CowVal::Owned(found))
            }

            fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
            where
                Self: 'v,
            {
                self.get(index).map(CowVal::into_owned)
            }
        }

        impl Container for $name {
            fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
                Ok(self.holds(key(value)?))
            }
        }
    };
}

map!(Members<'_, '_>);
map!(Headers<'_>);

impl<'n> Members<'n, '_> {
    fn member(self, key: &str) -> Result<Option<Box<dyn Val + 'n>>, ExecutionError> {
        self.0.child(key).map(|node| value(node, &mut Budget(ITEMS))).transpose()
    }

    fn holds(self, key: &str) -> bool {
        self.0.child(key).is_some()
    }
}

impl<'n> Headers<'n> {
    #[expect(clippy::unnecessary_wraps, reason = "as for the members of an object")]
    fn member(self, key: &str) -> Result<Option<Box<dyn Val + 'n>>, ExecutionError> {
        let value = self.0.header(&key.to_ascii_lowercase());
        Ok(value.map(|value| Box::new(CelString::from(value)) as Box<dyn Val + 'n>))
    }

    fn holds(self, key: &str) -> bool {
        self.0.header(&key.to_ascii_lowercase()).is_some()
    }
}

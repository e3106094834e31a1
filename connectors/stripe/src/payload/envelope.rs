//! The envelope around every event, in both of Stripe's formats: snapshot events, which carry the object, and
//! thin events, which only name it.

use std::borrow::Cow;

use ase_connector_kit::time;
use serde::Deserialize;

use super::lenient::{Id, Lenient, Shape, Text, shapes};
use super::malformed;
use super::object::Object;
use super::previous::Previous;
use crate::bindings::exports::ase::connector::normalizer::Refusal;

/// An event as sent. `request`, null or text or an object by age of the API version, is of no use here.
///
/// Source: <https://docs.stripe.com/api/events/object> and <https://docs.stripe.com/api/v2/core/events/object>.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Envelope<'a> {
    pub(crate) id: Id<'a>,
    pub(crate) object: Text<'a>,
    #[serde(rename = "type")]
    pub(crate) topic: Text<'a>,
    pub(crate) account: Id<'a>,
    pub(crate) context: Id<'a>,
    pub(crate) created: Lenient<Moment<'a>>,
    pub(crate) data: Lenient<Change<'a>>,
    pub(crate) livemode: Lenient<bool>,
    pub(crate) related_object: Lenient<Related<'a>>,
}

/// The object after the event and what had been there before.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Change<'a> {
    pub(crate) object: Lenient<Object<'a>>,
    pub(crate) previous_attributes: Lenient<Previous<'a>>,
}

/// The object that a thin event names.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Related<'a> {
    pub(crate) id: Id<'a>,
    #[serde(rename = "type")]
    pub(crate) kind: Text<'a>,
}

shapes!(Envelope, Change, Related);

/// A moment: seconds in snapshot events, text in thin ones.
#[derive(Debug)]
pub(crate) enum Moment<'a> {
    /// Seconds since 1970-01-01T00:00:00Z.
    Seconds(u64),
    /// RFC 3339, if it keeps its promise.
    Text(Cow<'a, str>),
}

impl<'de: 'a, 'a> Shape<'de> for Moment<'a> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self::Text(text))
    }

    fn of_whole(whole: u64) -> Option<Self> {
        Some(Self::Seconds(whole))
    }
}

impl<'a> Envelope<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// `malformed` unless the body is a JSON object in which no field that matters is given twice.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        let whole: Lenient<Self> = serde_json::from_slice(body).map_err(|error| {
            // The error's own text may quote the body, so only its place is told.
            let place = format!("line {}, column {}", error.line(), error.column());
            malformed(&format!("the body is not well-formed JSON ({place})"), None)
        })?;
        whole.into_option().ok_or_else(|| malformed("the body is not a JSON object", None))
    }

    /// Whether the event names its object instead of carrying it.
    pub(crate) fn is_thin(&self) -> bool {
        self.object.as_deref() == Some("v2.core.event")
    }

    /// When it happened: RFC 3339.
    pub(crate) fn occurred_at(&self) -> Option<String> {
        match self.created.as_ref()? {
            Moment::Seconds(seconds) => time::from_unix(*seconds),
            Moment::Text(text) => time::rfc3339(text),
        }
    }

    /// The connected account it happened in: `account`, or the last step of a thin event's `context`.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.get().or_else(|| self.context.get()?.rsplit('/').next())
    }

    /// Whether it is a test event. One that does not say counts as live, so that nothing escapes scoring.
    pub(crate) fn is_test(&self) -> bool {
        *self.livemode == Some(false)
    }
}

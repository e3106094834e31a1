//! When a delivery was signed: where the sender says so, and in which form.

use chrono::DateTime;

use super::{required, unknown};
use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::Refusal;

#[derive(Debug, Clone, Copy)]
enum Unit {
    Seconds,
    Milliseconds,
    Rfc3339,
}

/// Where the signed time stands.
#[derive(Debug)]
enum Place<'d> {
    Header(String),
    /// A parameter of the signature header.
    Parameter(&'d str),
}

/// The settings `time_header`, `time_param` and `time_unit`.
#[derive(Debug)]
pub(super) struct Moment<'d> {
    place: Place<'d>,
    unit: Unit,
}

impl<'d> Moment<'d> {
    /// Reads the settings; `None` when the scheme signs no time.
    ///
    /// # Errors
    /// `malformed`, naming the setting, when two places are given or the unit is unknown.
    pub(super) fn of(request: Request<'d>) -> Result<Option<Self>, Refusal> {
        let unit = match request.setting("time_unit").unwrap_or("s") {
            "s" => Unit::Seconds,
            "ms" => Unit::Milliseconds,
            "rfc3339" => Unit::Rfc3339,
            other => return Err(unknown("time_unit", other, "s, ms or rfc3339")),
        };
        let place = match (request.setting("time_header"), request.setting("time_param")) {
            (None, None) => return Ok(None),
            (Some(name), None) => Place::Header(name.to_ascii_lowercase()),
            (None, Some(name)) => Place::Parameter(name),
            (Some(_), Some(_)) => {
                return Err(misconfigured("time_param", "`time_header` is set too; keep one"));
            }
        };
        Ok(Some(Self { place, unit }))
    }

    /// The header that holds it, where it has one of its own.
    pub(super) fn header(&self) -> Option<&str> {
        match &self.place {
            Place::Header(name) => Some(name),
            Place::Parameter(_) => None,
        }
    }

    /// The parameter of the signature header that holds it.
    pub(super) fn parameter(&self) -> Option<&'d str> {
        match self.place {
            Place::Header(_) => None,
            Place::Parameter(name) => Some(name),
        }
    }

    /// The time as it is written, and as seconds since 1970; `parameters` are those of the signature header.
    ///
    /// # Errors
    /// `unauthenticated` when it is missing or cannot be read.
    pub(super) fn read<'t>(
        &self,
        request: Request<'t>,
        parameters: &[(&'t str, &'t str)],
    ) -> Result<(&'t str, f64), Refusal> {
        let text = match &self.place {
            Place::Header(name) => required(request, name)?,
            Place::Parameter(name) => {
                parameters.iter().find(|(key, _)| key == name).map(|(_, value)| *value).ok_or_else(|| {
                    unauthenticated(format!("the signature header has no parameter `{name}`"))
                })?
            }
        };
        let seconds = self.unit.seconds(text);
        let unreadable = || unauthenticated(format!("the signed time is not {}", self.unit.form()));
        Ok((text, seconds.ok_or_else(unreadable)?))
    }
}

impl Unit {
    fn form(self) -> &'static str {
        match self {
            Self::Seconds => "whole seconds since 1970",
            Self::Milliseconds => "whole milliseconds since 1970",
            Self::Rfc3339 => "an RFC 3339 time",
        }
    }

    fn seconds(self, text: &str) -> Option<f64> {
        match self {
            Self::Seconds => whole(text).map(f64::from),
            // the thousands go first: what is left fits, and a tolerance is in whole seconds
            Self::Milliseconds => whole(text.get(..text.len().checked_sub(3)?)?)
                .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
                .map(f64::from),
            Self::Rfc3339 => {
                let seconds = DateTime::parse_from_rfc3339(text).ok()?.timestamp();
                u32::try_from(seconds).ok().map(f64::from)
            }
        }
    }
}

/// Plain digits.
fn whole(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u32>().ok().filter(|_| digits)
}

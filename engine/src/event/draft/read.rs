//! Reads a [`Draft`] into an [`Event`], field by field, naming the field that is wrong.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::{Draft, DraftAction, DraftDestination, DraftDevice, DraftMoney, DraftSubject};
use crate::event::text::{is_email, is_unsafe_char};
use crate::event::{
    Action, Destination, Device, Event, EventType, Link, Money, MoneyError, NameMatch, ProviderSignal,
    Subject,
};
use crate::problem::FieldError;

/// Longest id of an event, a subject or anything linked, in bytes.
const ID_MAX: usize = 255;
/// Longest name, label or user agent, in characters; longer ones are refused or cut.
const TEXT_MAX: usize = 512;
/// Most links, signals, changes, flags or attributes of one event.
const LIST_MAX: usize = 128;
/// Largest `attributes` object as JSON, in bytes.
const ATTRIBUTES_MAX: usize = 16 * 1024;

type Read<T> = Result<T, FieldError>;

/// Knows whether a bad optional field is an error or unknown.
#[derive(Clone, Copy)]
struct Reader {
    lenient: bool,
}

pub(super) fn read(draft: Draft, lenient: bool) -> Read<Event> {
    let reader = Reader { lenient };
    let id = required_id("/id", draft.id)?;
    let event_type = required_id("/type", draft.event_type)?;
    Ok(Event {
        id,
        event_type: EventType::new(event_type),
        occurred_at: reader.time("/occurred_at", draft.occurred_at)?,
        subject: reader.subject(draft.subject)?,
        action: reader.action(draft.action.unwrap_or_default())?,
        device: reader.device(draft.device.unwrap_or_default())?,
        billing_country: reader
            .country("/billing/country", draft.billing.and_then(|address| address.country))?,
        shipping_country: reader
            .country("/shipping/country", draft.shipping.and_then(|address| address.country))?,
        links: reader.links(draft.links)?,
        signals: reader.signals(draft.signals)?,
        changes: reader.names("/changes", draft.changes.into_iter().map(|change| change.field).collect())?,
        attributes: reader.attributes(draft.attributes)?,
        test: draft.test,
        return_url: reader.text("/return_url", draft.return_url, 2048)?,
    })
}

impl Reader {
    /// A bad optional field: unknown when lenient, else the error.
    fn bad<T>(self, pointer: &str, detail: impl Into<String>) -> Read<Option<T>> {
        if self.lenient { Ok(None) } else { Err(FieldError::new(pointer, detail)) }
    }

    fn text(self, pointer: &str, value: Option<String>, max: usize) -> Read<Option<String>> {
        let Some(text) = value.filter(|text| !text.is_empty()) else { return Ok(None) };
        if text.chars().any(is_unsafe_char) {
            if self.lenient {
                return Ok(Some(text.chars().filter(|c| !is_unsafe_char(*c)).take(max).collect()));
            }
            return Err(FieldError::new(pointer, "must not hold control or direction characters"));
        }
        if text.chars().count() > max {
            if self.lenient {
                return Ok(Some(text.chars().take(max).collect()));
            }
            return Err(FieldError::new(pointer, format!("must be at most {max} characters")));
        }
        Ok(Some(text))
    }

    fn time(self, pointer: &str, value: Option<String>) -> Read<Option<DateTime<Utc>>> {
        let Some(text) = value else { return Ok(None) };
        match DateTime::parse_from_rfc3339(&text) {
            Ok(time) => Ok(Some(time.with_timezone(&Utc))),
            Err(_) => self.bad(pointer, "must be an RFC 3339 time such as `2026-11-22T10:00:00Z`"),
        }
    }

    fn country(self, pointer: &str, value: Option<String>) -> Read<Option<String>> {
        let Some(text) = value.filter(|text| !text.is_empty()) else { return Ok(None) };
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Ok(Some(text.to_ascii_uppercase()));
        }
        self.bad(pointer, "must be an ISO 3166-1 alpha-2 code such as `DE`")
    }

    fn email(self, value: Option<String>) -> Read<Option<String>> {
        let Some(text) = value.filter(|text| !text.is_empty()) else { return Ok(None) };
        if is_email(&text) { Ok(Some(text)) } else { self.bad("/subject/email", "must be an e-mail address") }
    }

    fn subject(self, subject: DraftSubject) -> Read<Subject> {
        Ok(Subject {
            id: required_id("/subject/id", subject.id)?,
            email: self.email(subject.email)?,
            phone: self.text("/subject/phone", subject.phone, 32)?,
            name: self.text("/subject/name", subject.name, 128)?,
            created_at: self.time("/subject/created_at", subject.created_at)?,
            locale: self.text("/subject/locale", subject.locale, 35)?,
        })
    }

    fn action(self, action: DraftAction) -> Read<Action> {
        Ok(Action {
            description: self.text("/action/description", action.description, TEXT_MAX)?,
            amount: self.money("/action/amount", action.amount)?,
            balance: self.money("/action/balance", action.balance)?,
            destination: action.destination.map_or(Ok(None), |destination| self.destination(destination))?,
        })
    }

    fn money(self, pointer: &str, money: Option<DraftMoney>) -> Read<Option<Money>> {
        let Some(DraftMoney { value, currency }) = money else { return Ok(None) };
        match Money::parse(&value, &currency) {
            Ok(money) => Ok(Some(money)),
            Err(error @ MoneyError::Currency) => self.bad(&format!("{pointer}/currency"), error.to_string()),
            Err(error) => self.bad(&format!("{pointer}/value"), error.to_string()),
        }
    }

    fn destination(self, destination: DraftDestination) -> Read<Option<Destination>> {
        let id = match required_id("/action/destination/id", destination.id) {
            Ok(id) => id,
            Err(_) if self.lenient => return Ok(None),
            Err(error) => return Err(error),
        };
        let name_match = match destination.name_match.as_deref() {
            None => None,
            Some("none") => Some(NameMatch::None),
            Some("close") => Some(NameMatch::Close),
            Some("full") => Some(NameMatch::Full),
            Some(_) => {
                self.bad("/action/destination/name_match", "must be one of `none`, `close`, `full`")?
            }
        };
        Ok(Some(Destination {
            id,
            label: self.text("/action/destination/label", destination.label, TEXT_MAX)?,
            created_at: self.time("/action/destination/created_at", destination.created_at)?,
            name_match,
        }))
    }

    fn device(self, device: DraftDevice) -> Read<Device> {
        let ip = match device.ip.as_deref().filter(|text| !text.is_empty()).map(str::parse::<IpAddr>) {
            None => None,
            Some(Ok(ip)) => Some(ip),
            Some(Err(_)) => self.bad("/device/ip", "must be an IPv4 or IPv6 address")?,
        };
        Ok(Device {
            id: self.text("/device/id", device.id, ID_MAX)?,
            ip,
            user_agent: self.text("/device/user_agent", device.user_agent, TEXT_MAX)?,
            country: self.country("/device/country", device.country)?,
            latitude: self.degrees("/device/latitude", device.latitude, 90.0)?,
            longitude: self.degrees("/device/longitude", device.longitude, 180.0)?,
            session_started_at: self.time("/device/session_started_at", device.session_started_at)?,
            flags: self.names("/device/flags", device.flags)?,
        })
    }

    fn degrees(self, pointer: &str, value: Option<f64>, limit: f64) -> Read<Option<f64>> {
        match value {
            Some(degrees) if !degrees.is_finite() || degrees.abs() > limit => {
                self.bad(pointer, format!("must be between -{limit} and {limit}"))
            }
            other => Ok(other),
        }
    }

    fn links(self, links: Vec<super::DraftLink>) -> Read<Vec<Link>> {
        let mut read = Vec::with_capacity(links.len().min(LIST_MAX));
        for (index, link) in self.capped("/links", links)?.into_iter().enumerate() {
            let link_type = required_id(&format!("/links/{index}/type"), Some(link.link_type));
            let id = required_id(&format!("/links/{index}/id"), Some(link.id));
            match (link_type, id) {
                (Ok(link_type), Ok(id)) => read.push(Link { link_type, id }),
                _ if self.lenient => {}
                (Err(error), _) | (_, Err(error)) => return Err(error),
            }
        }
        Ok(read)
    }

    fn signals(self, signals: Vec<super::DraftSignal>) -> Read<Vec<ProviderSignal>> {
        let mut read = Vec::with_capacity(signals.len().min(LIST_MAX));
        for (index, signal) in self.capped("/signals", signals)?.into_iter().enumerate() {
            let in_range = (0.0..=100.0).contains(&signal.score);
            match required_id(&format!("/signals/{index}/name"), Some(signal.name)) {
                Ok(name) if in_range => read.push(ProviderSignal { name, score: signal.score }),
                _ if self.lenient => {}
                Ok(_) => {
                    return Err(FieldError::new(
                        format!("/signals/{index}/score"),
                        "must be between 0 and 100",
                    ));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }

    fn names(self, pointer: &str, names: Vec<String>) -> Read<Vec<String>> {
        let mut read: Vec<String> = Vec::with_capacity(names.len().min(LIST_MAX));
        for (index, name) in self.capped(pointer, names)?.into_iter().enumerate() {
            match required_id(&format!("{pointer}/{index}"), Some(name)) {
                Ok(name) if read.contains(&name) => {}
                Ok(name) => read.push(name),
                Err(_) if self.lenient => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }

    fn attributes(
        self,
        attributes: std::collections::BTreeMap<String, serde_json::Value>,
    ) -> Read<std::collections::BTreeMap<String, serde_json::Value>> {
        let size = serde_json::to_string(&attributes).map_or(usize::MAX, |json| json.len());
        if size <= ATTRIBUTES_MAX && attributes.len() <= LIST_MAX {
            return Ok(attributes);
        }
        let detail = format!("must hold at most {LIST_MAX} members and {ATTRIBUTES_MAX} bytes of JSON");
        Ok(self.bad("/attributes", detail)?.unwrap_or_default())
    }

    fn capped<T>(self, pointer: &str, mut list: Vec<T>) -> Read<Vec<T>> {
        if list.len() > LIST_MAX {
            if !self.lenient {
                return Err(FieldError::new(pointer, format!("must hold at most {LIST_MAX} items")));
            }
            list.truncate(LIST_MAX);
        }
        Ok(list)
    }
}

/// A required id: not empty, bounded, and safe to show.
fn required_id(pointer: &str, value: Option<String>) -> Read<String> {
    match value {
        None => Err(FieldError::new(pointer, "is required")),
        Some(id) if id.is_empty() => Err(FieldError::new(pointer, "must not be empty")),
        Some(id) if id.len() > ID_MAX => {
            Err(FieldError::new(pointer, format!("must be at most {ID_MAX} bytes")))
        }
        Some(id) if id.chars().any(is_unsafe_char) => {
            Err(FieldError::new(pointer, "must not hold control or direction characters"))
        }
        Some(id) => Ok(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> Read<Event> {
        Draft::from_json(json.as_bytes())?.strict()
    }

    #[test]
    fn a_bad_field_is_named_by_its_pointer() {
        let table = [
            (r#"{"type":"a","subject":{"id":"u"}}"#, "/id"),
            (r#"{"id":"1","subject":{"id":"u"}}"#, "/type"),
            (r#"{"id":"1","type":"a"}"#, "/subject/id"),
            (r#"{"id":1,"type":"a","subject":{"id":"u"}}"#, "/id"),
            (r#"{"id":"1","type":"a","subject":{"id":"u","email":"x\r\nBcc: y@z.de"}}"#, "/subject/email"),
            (r#"{"id":"1","type":"a","subject":{"id":"u","name":"A\u202eB"}}"#, "/subject/name"),
            (r#"{"id":"1","type":"a","subject":{"id":"u"},"occurred_at":"yesterday"}"#, "/occurred_at"),
            (
                r#"{"id":"1","type":"a","subject":{"id":"u"},"action":{"amount":{"value":"x","currency":"EUR"}}}"#,
                "/action/amount/value",
            ),
            (r#"{"id":"1","type":"a","subject":{"id":"u"},"device":{"ip":"1.2.3"}}"#, "/device/ip"),
            (r#"{"id":"1","type":"a","subject":{"id":"u"},"device":{"latitude":91}}"#, "/device/latitude"),
            (
                r#"{"id":"1","type":"a","subject":{"id":"u"},"signals":[{"name":"n","score":101}]}"#,
                "/signals/0/score",
            ),
            (
                r#"{"id":"1","type":"a","subject":{"id":"u"},"billing":{"country":"Germany"}}"#,
                "/billing/country",
            ),
            (r#"{"id":"1","type":"a","subject":true}"#, "/subject"),
            ("7", ""),
            ("{", ""),
        ];
        for (json, pointer) in table {
            assert_eq!(event(json).expect_err(json).pointer, pointer, "{json}");
        }
    }

    #[test]
    fn a_value_of_the_caller_is_not_repeated_in_the_error() {
        let error = event(r#"{"id":"1","type":"a","subject":"ana@example.com"}"#).unwrap_err();
        assert!(!error.detail.contains("ana"), "{}", error.detail);
    }

    #[test]
    fn leniently_a_bad_optional_field_is_unknown() {
        let draft = Draft::from_json(
            br#"{"id":"820982911946154508","type":"order.created","subject":{"id":"u","email":"nobody",
                "created_at":"x"},"action":{"amount":{"value":"example string","currency":"USD"},
                "destination":{"id":""}},"device":{"ip":"example"},"billing":{"country":"example"}}"#,
        )
        .unwrap();
        let event = draft.lenient().unwrap();
        assert_eq!(event.id, "820982911946154508");
        assert_eq!(event.subject.email, None);
        assert_eq!(event.action, Action::default());
        assert_eq!(event.device.ip, None);
        assert_eq!(event.billing_country, None);
    }
}

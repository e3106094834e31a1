//! From the body to neutral events. What is missing or of another kind is absent: never empty, never zero.

use serde_json::Value;

use crate::bindings::exports::ase::connector::normalizer::{
    Action, Delivery, Destination, Device, Event, Link, Money, Outcome, Refusal, RefusalReason, Subject,
};
use crate::refuse;

/// What an authentic delivery becomes.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    let body: Value = serde_json::from_slice(&input.body)
        .map_err(|_| refuse(RefusalReason::Malformed, "the body is not JSON", None))?;
    if let Some(shop) = setting(input, "shop")
        && text(&body, "/shop").as_deref() != Some(shop)
    {
        let reason = RefusalReason::Unauthenticated;
        return Err(refuse(reason, "the delivery is of another shop", Some("/shop")));
    }
    match demanded(&body, "/type")?.as_str() {
        "order.created" => Ok(Outcome::Events(vec![event(&body, "order.created")?])),
        "payout.account_changed" => Ok(Outcome::Events(vec![event(&body, "payout.destination_changed")?])),
        other => Ok(Outcome::Ignored(format!("{other}: of no concern"))),
    }
}

fn event(body: &Value, event_type: &str) -> Result<Event, Refusal> {
    Ok(Event {
        id: demanded(body, "/id")?,
        type_: event_type.to_owned(),
        occurred_at: text(body, "/created_at"),
        subject: Subject {
            id: demanded(body, "/data/customer/id")?,
            email: text(body, "/data/customer/email"),
            phone: None,
            name: text(body, "/data/customer/name"),
            created_at: text(body, "/data/customer/created_at"),
            locale: None,
        },
        action: Some(Action {
            description: text(body, "/data/description"),
            amount: money(body),
            balance: None,
            destination: destination(body),
        }),
        device: text(body, "/data/ip").map(device),
        billing: None,
        shipping: None,
        links: text(body, "/data/order_id")
            .map(|id| Link { type_: "order".to_owned(), id })
            .into_iter()
            .collect(),
        signals: Vec::new(),
        changes: Vec::new(),
        attributes: Vec::new(),
        test: body.pointer("/test") == Some(&Value::Bool(true)),
        return_url: None,
    })
}

/// Both parts or nothing: an amount without its currency is unknown.
fn money(body: &Value) -> Option<Money> {
    Some(Money { value: text(body, "/data/total")?, currency: text(body, "/data/currency")? })
}

fn destination(body: &Value) -> Option<Destination> {
    Some(Destination {
        id: text(body, "/data/bank_account/id")?,
        label: text(body, "/data/bank_account/label"),
        created_at: None,
        name_match: None,
    })
}

fn device(ip: String) -> Device {
    Device {
        id: None,
        ip: Some(ip),
        user_agent: None,
        country: None,
        latitude: None,
        longitude: None,
        session_started_at: None,
        flags: Vec::new(),
    }
}

/// What the operator of the source set, if anything.
fn setting<'a>(input: &'a Delivery, name: &str) -> Option<&'a str> {
    let found = input.settings.iter().find(|setting| setting.name == name)?;
    (!found.value.is_empty()).then_some(found.value.as_str())
}

/// The text at a pointer, if there is one that says something.
fn text(body: &Value, pointer: &str) -> Option<String> {
    body.pointer(pointer)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text without which there is no event.
fn demanded(body: &Value, pointer: &str) -> Result<String, Refusal> {
    text(body, pointer)
        .ok_or_else(|| refuse(RefusalReason::Malformed, "a text is missing here", Some(pointer)))
}

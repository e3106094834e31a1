//! A guest that does whatever its settings say: what a connector should do, or what none should.

mod bindings;
mod misdeed;

use bindings::exports::ase::connector::normalizer::{
    Algorithm, Claim, Delivery, Event, Guest, KeyEncoding, Outcome, Part, Refusal, Subject,
};

/// The component.
#[derive(Debug)]
pub(crate) struct Rogue;

impl Guest for Rogue {
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        match setting(&input, "authenticate") {
            "" => Ok(vec![claim(&input)]),
            other => misdeed::authenticate(other, &input),
        }
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        match setting(&input, "normalize") {
            "" => Ok(Outcome::Events(vec![event(&input)])),
            other => misdeed::normalize(other, &input),
        }
    }
}

/// HMAC-SHA-256 over the body, its bytes as they are in the header.
pub(crate) fn claim(input: &Delivery) -> Claim {
    let signatures = input.headers.iter().filter(|header| header.name == "x-signature");
    Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Body],
        signatures: signatures.map(|header| header.value.clone()).collect(),
        signed_at: None,
    }
}

/// An event whose id is the body.
pub(crate) fn event(input: &Delivery) -> Event {
    let id = String::from_utf8_lossy(&input.body).into_owned();
    Event {
        subject: Subject {
            id: format!("subject {id}"),
            email: None,
            phone: None,
            name: None,
            created_at: None,
            locale: None,
        },
        id,
        type_: "order.created".to_owned(),
        occurred_at: None,
        action: None,
        device: None,
        billing: None,
        shipping: None,
        links: Vec::new(),
        signals: Vec::new(),
        changes: Vec::new(),
        attributes: Vec::new(),
        test: false,
        return_url: None,
    }
}

fn setting<'a>(input: &'a Delivery, name: &str) -> &'a str {
    input.settings.iter().find(|setting| setting.name == name).map_or("", |setting| &setting.value)
}

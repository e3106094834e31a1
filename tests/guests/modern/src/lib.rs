//! A guest that speaks `ase:connector@0.2`: it takes what the rogue of `0.1` takes, and does what only `0.2` can.

mod bindings;

use bindings::exports::ase::connector::normalizer::{
    Algorithm, Attribute, Claim, Delivery, Event, Guest, KeyEncoding, Outcome, Part, Proof, Refusal,
    Response, Subject,
};

/// The component.
#[derive(Debug)]
pub(crate) struct Modern;

impl Guest for Modern {
    fn authenticate(input: Delivery) -> Result<Proof, Refusal> {
        if input.body == b"hello" || input.body == b"hello, page" {
            let page = input.body.len() > 5;
            let content_type = if page { "text/html" } else { "text/plain" };
            return Ok(Proof::Greeting(Response {
                status: 200,
                content_type: content_type.to_owned(),
                body: input.query.into_bytes(),
            }));
        }
        let message = match setting(&input, "claim") {
            "url" => vec![Part::Url, Part::Body],
            "query" => vec![Part::Query, Part::Body],
            _ => vec![Part::Body],
        };
        let signatures = input.headers.iter().filter(|header| header.name == "x-signature");
        Ok(Proof::Claims(vec![Claim {
            algorithm: Algorithm::HmacSha256,
            key: KeyEncoding::Utf8,
            message,
            signatures: signatures.map(|header| header.value.clone()).collect(),
            signed_at: None,
        }]))
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        Ok(Outcome::Events(vec![event(input)]))
    }
}

/// An event whose id is the body.
fn event(input: Delivery) -> Event {
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
        attributes: vec![Attribute { name: "url".to_owned(), value: input.url }],
        test: false,
        return_url: None,
    }
}

fn setting<'a>(input: &'a Delivery, name: &str) -> &'a str {
    input.settings.iter().find(|setting| setting.name == name).map_or("", |setting| &setting.value)
}

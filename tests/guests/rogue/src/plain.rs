//! What a well-behaved guest says, in the words of whichever version of the interface it is built for.

use crate::bindings::exports::ase::connector::normalizer::{
    Algorithm, Claim, Delivery, Event, KeyEncoding, Part, Subject,
};

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

/// What the operator of the source set; nothing for what is not set.
pub(crate) fn setting<'a>(input: &'a Delivery, name: &str) -> &'a str {
    input.settings.iter().find(|setting| setting.name == name).map_or("", |setting| &setting.value)
}

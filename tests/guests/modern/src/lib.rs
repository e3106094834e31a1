//! A guest that speaks `ase:connector@0.2`: it takes what the rogue of `0.1` takes, and does what only `0.2` can.

mod bindings;
#[path = "../../rogue/src/plain.rs"]
mod plain;

use bindings::exports::ase::connector::normalizer::{
    Attribute, Claim, Delivery, Event, Guest, Outcome, Part, Proof, Refusal, Response,
};
use plain::setting;

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
        Ok(Proof::Claims(vec![Claim { message, ..plain::claim(&input) }]))
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        let event = plain::event(&input);
        let attributes = vec![Attribute { name: "url".to_owned(), value: input.url }];
        Ok(Outcome::Events(vec![Event { attributes, ..event }]))
    }
}

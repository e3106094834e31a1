//! One misdeed a name.

use std::hint::black_box;

use crate::bindings::exports::ase::connector::normalizer::{
    Algorithm, Attribute, Claim, Delivery, Link, Outcome, Part, Refusal, RefusalReason, Response, Signal,
};
use crate::{claim, event};

/// Instead of describing the signature.
pub(crate) fn authenticate(misdeed: &str, input: &Delivery) -> Result<Vec<Claim>, Refusal> {
    match misdeed {
        "nothing" => Ok(Vec::new()),
        "refuse" => Err(no("the account\nis wrong".to_owned())),
        "thousand" => Ok((0..1000).map(|_| claim(input)).collect()),
        "two" => Ok(vec![claim(input), Claim { signatures: vec![vec![0; 32]], ..claim(input) }]),
        "token" => Ok(vec![Claim { algorithm: Algorithm::SharedToken, message: Vec::new(), ..claim(input) }]),
        "partial" => Ok(vec![Claim { message: vec![Part::Literal(b"constant".to_vec())], ..claim(input) }]),
        "not a time" => Ok(vec![Claim { signed_at: Some(f64::NAN), ..claim(input) }]),
        other => Err(no(common(other))),
    }
}

/// Instead of making an event.
pub(crate) fn normalize(misdeed: &str, input: &Delivery) -> Result<Outcome, Refusal> {
    let good = || event(input);
    match misdeed {
        "babble" => Err(no("no\r\n\u{1b}[2J".repeat(1 << 17))),
        "flood" => Ok(Outcome::Events((0..10_000).map(|_| good()).collect())),
        "crowd" => Ok(Outcome::Events((0..257).map(|_| good()).collect())),
        "fickle" => {
            let mut other = good();
            other.id.clone_from(&input.id);
            Ok(Outcome::Events(vec![other]))
        }
        "nameless" => {
            let mut nobody = good();
            nobody.subject.id.clear();
            Ok(Outcome::Events(vec![nobody]))
        }
        "half known" => {
            let mut odd = good();
            odd.occurred_at = Some("yesterday".to_owned());
            Ok(Outcome::Events(vec![odd]))
        }
        "tell tale" => Ok(Outcome::Ignored(
            input.headers.iter().map(|header| String::from_utf8_lossy(&header.value)).collect::<String>(),
        )),
        "no events" => Ok(Outcome::Events(Vec::new())),
        "long text" => {
            let attribute = Attribute { name: "text".to_owned(), value: "x".repeat((16 << 10) + 1) };
            Ok(Outcome::Events(vec![crate::bindings::exports::ase::connector::normalizer::Event {
                attributes: vec![attribute],
                ..good()
            }]))
        }
        "much text" => {
            let mut heavy = good();
            heavy.id = "x".repeat(16 << 10);
            Ok(Outcome::Events(vec![heavy; 65]))
        }
        "long list" => {
            let mut heavy = good();
            heavy.links = vec![Link { type_: "order".to_owned(), id: "1".to_owned() }; 129];
            Ok(Outcome::Events(vec![heavy]))
        }
        "not a number" => {
            let mut odd = good();
            odd.signals = vec![Signal { name: "odd".to_owned(), score: f64::NAN }];
            Ok(Outcome::Events(vec![odd]))
        }
        "not text" => Err(no(not_text())),
        "redirect" => Ok(Outcome::Reply(Response {
            status: 302,
            content_type: "text/plain".to_owned(),
            body: Vec::new(),
        })),
        "headers seen" => Ok(Outcome::Ignored(
            input.headers.iter().map(|header| header.name.as_str()).collect::<Vec<_>>().join(" "),
        )),
        other => Err(no(common(other))),
    }
}

/// What can be done in either function. Returns only when the misdeed is unknown.
fn common(misdeed: &str) -> String {
    match misdeed {
        "loop" => spin(),
        "allocate" => allocate(),
        "panic" => give_up(),
        "recurse" => recurse(0).to_string(),
        other => format!("unknown misdeed {other}"),
    }
}

#[expect(clippy::infinite_loop, reason = "that is the misdeed")]
fn spin() -> String {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

#[expect(clippy::infinite_loop, reason = "it ends when the memory does")]
fn allocate() -> String {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(black_box(vec![1; 1 << 20]));
    }
}

#[expect(clippy::panic, reason = "that is the misdeed")]
fn give_up() -> String {
    panic!("on purpose")
}

#[expect(unconditional_recursion, reason = "that is the misdeed")]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    recurse(depth.wrapping_add(1)).wrapping_add(black_box(frame).iter().sum())
}

#[expect(unsafe_code, reason = "no safe code makes a string that is none, and the host has to notice")]
fn not_text() -> String {
    // SAFETY: deliberately wrong; nothing in this guest reads it as text again.
    unsafe { String::from_utf8_unchecked(vec![0xff, 0xfe]) }
}

fn no(message: String) -> Refusal {
    Refusal { reason: RefusalReason::Malformed, message, pointer: Some("/misdeed".to_owned()) }
}

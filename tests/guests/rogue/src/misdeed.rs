//! One misdeed a name.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

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
        "count" => Ok(Outcome::Ignored(format!("call {}", COUNT.fetch_add(1, Ordering::Relaxed)))),
        "scan" => Ok(Outcome::Ignored(format!("{} pieces of somebody else", pieces_of_others()))),
        "told time" => Ok(Outcome::Ignored(format!("{} {:?}", input.received_at, random_state()))),
        "headers seen" => Ok(Outcome::Ignored(
            input.headers.iter().map(|header| header.name.as_str()).collect::<Vec<_>>().join(" "),
        )),
        other => Err(no(common(other))),
    }
}

/// Lives as long as the instance.
static COUNT: AtomicU32 = AtomicU32::new(1);

/// What a delivery of somebody else would hold, turned around so that this text itself is not found.
const MARKER_REVERSED: &[u8] = b"resu rehto na fo edoc tiart";

/// How often the marker is anywhere in the memory of this instance.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "a thief reads what it was not given")]
fn pieces_of_others() -> usize {
    let end = core::arch::wasm32::memory_size(0) << 16;
    // SAFETY: every byte below the size of a linear memory can be read; the first is left out, as it is null's.
    let memory = unsafe { core::slice::from_raw_parts(core::ptr::without_provenance(1), end - 1) };
    let is_marker = |window: &&[u8]| window.iter().rev().eq(MARKER_REVERSED);
    black_box(memory).windows(MARKER_REVERSED.len()).filter(is_marker).count()
}

#[cfg(not(target_arch = "wasm32"))]
fn pieces_of_others() -> usize {
    MARKER_REVERSED.len()
}

/// What std draws from the system's randomness where there is some.
fn random_state() -> u64 {
    RandomState::new().hash_one(1)
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

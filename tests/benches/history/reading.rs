//! The statement that reads history, alone.

use std::time::{Duration, Instant};

use ase_engine::event::{Draft, Event};
use ase_engine::seeding::{BUSY_DEVICE, BUSY_IP, BUSY_PERSON, Person};
use ase_engine::store::history::{self, Query};
use ase_engine::trace::Keymaker;
use serde_json::{Value, json};

use crate::ground::Ground;
use crate::options::Options;

/// Who an event is about, and from where.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// Anybody.
    Anybody,
    /// The person who does much.
    BusyPerson,
    /// Anybody, on the device and at the address that many use.
    BusyDevice,
}

/// How long it takes for anybody, for a busy person, and on a busy device.
pub(crate) fn measure(ground: &Ground, options: &Options) -> Vec<(&'static str, Vec<Duration>)> {
    let cases = [
        ("feature statement", Case::Anybody),
        ("feature statement, busy subject", Case::BusyPerson),
        ("feature statement, busy device", Case::BusyDevice),
    ];
    let measured = cases.into_iter().map(|(what, case)| {
        let mut times = Vec::new();
        for number in 0..options.runs + options.runs / 10 {
            let event = strict(&document(ground.people, number, case));
            let took = ground.runtime.block_on(read(ground, &event));
            if number >= options.runs / 10 {
                times.push(took);
            }
        }
        (what, times)
    });
    measured.collect()
}

/// From the transaction's begin to the answer.
async fn read(ground: &Ground, event: &Event) -> Duration {
    let org_id = ground.tenant.org.org_id.as_str();
    let keys = Keymaker::new(&ground.tenant.vault, false).keys(event);
    let query = Query { org_id, source_id: "api", event, keys: &keys, delivery: None, now: None };
    let begun = Instant::now();
    let lock = history::subject_lock(org_id, &event.subject.id);
    let mut tx = ground.engine.store().begin_serialized(org_id, lock).await.unwrap();
    let past = history::read(&mut tx, query).await.unwrap();
    let took = begun.elapsed();
    assert!(past.history.events > 0, "{} has a past", event.subject.id);
    took
}

/// A payment with a device, an address, a destination, a card and two links, by one of `people`.
pub(crate) fn payment(people: u64, number: u64) -> Value {
    document(people, number, Case::Anybody)
}

fn document(people: u64, number: u64, case: Case) -> Value {
    // people come in no order
    let place = |number: u64| (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % people;
    let (person, other) = (Person(place(number)), Person(place(number + 1)));
    let mut event = json!({
        "id": format!("evt_{number:016}"),
        "type": "payment.created",
        "subject": { "id": person.subject(), "email": "ana@example.com", "created_at": "2021-03-04T05:06:07Z" },
        "action": {
            "description": "Pay Example Books", "amount": { "value": "42.50", "currency": "EUR" },
            "destination": { "id": person.destination(people), "label": "Example Books" },
        },
        "device": { "id": person.device(), "ip": person.ip(), "country": "DE" },
        "links": [
            { "type": "card", "id": person.card() },
            { "type": "order", "id": person.order() },
            { "type": "order", "id": other.order() },
        ],
    });
    match case {
        Case::Anybody => {}
        Case::BusyPerson => event["subject"]["id"] = BUSY_PERSON.into(),
        Case::BusyDevice => {
            event["device"]["id"] = BUSY_DEVICE.into();
            event["device"]["ip"] = BUSY_IP.into();
        }
    }
    event
}

/// The event as the engine takes it.
pub(crate) fn strict(document: &Value) -> Event {
    Draft::from_json(document.to_string().as_bytes()).unwrap().strict().unwrap()
}

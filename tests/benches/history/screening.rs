//! A whole screening: through the engine, and over HTTP.

use std::time::{Duration, Instant};

use ase_engine::audit::{Actor, ActorType};
use ase_engine::screening::{Origin, Screened};

use crate::client::Connection;
use crate::ground::Ground;
use crate::options::Options;
use crate::reading::{payment, strict};

/// No id comes twice, also where a history is kept from one run to the next.
fn numbers(options: &Options) -> impl Iterator<Item = (u64, bool)> {
    let now = ase_engine::clock::now().timestamp().unsigned_abs() * 1_000_000;
    let warm_up = options.runs / 10;
    (0..options.runs + warm_up).map(move |number| (now + number, number >= warm_up))
}

/// One after the other, on this thread.
pub(crate) fn through_engine(ground: &Ground, options: &Options) -> Vec<Duration> {
    let origin = Origin {
        source_id: "api".to_owned(),
        actor: Actor { actor_type: ActorType::Platform, id: "benchmark".to_owned() },
        delivery: None,
        arrival: None,
        invite: false,
        now: None,
    };
    let mut times = Vec::new();
    for (number, counts) in numbers(options) {
        let event = strict(&payment(ground.people, number));
        let begun = Instant::now();
        let screened = ground.runtime.block_on(ground.engine.screen(&ground.tenant, &origin, event)).unwrap();
        if counts {
            times.push(begun.elapsed());
        }
        assert!(matches!(screened, Screened::Decision(_)));
    }
    times
}

/// One after the other, on one connection.
pub(crate) fn through_http(ground: &Ground, options: &Options) -> Vec<Duration> {
    let client = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    client.block_on(async {
        let mut connection = Connection::open(ground.address).await;
        let mut times = Vec::new();
        for (number, counts) in numbers(options) {
            let request = request(ground, number);
            let begun = Instant::now();
            let (status, body) = connection.exchange(&request).await;
            if counts {
                times.push(begun.elapsed());
            }
            assert_eq!(status, 201, "{}", String::from_utf8_lossy(body));
        }
        times
    })
}

fn request(ground: &Ground, number: u64) -> Vec<u8> {
    let body = payment(ground.people, number).to_string();
    format!(
        "POST /events/ingest HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
        content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        ground.address,
        ground.key,
        body.len()
    )
    .into_bytes()
}

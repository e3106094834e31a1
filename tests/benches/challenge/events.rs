//! Events as a platform sends them, each with an id and a person of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};

/// A sign-in that nobody minds, as a whole request.
pub(crate) fn sign_in(app: &TestApp) -> impl Fn() -> Vec<u8> + Send + Sync + use<> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (url, key) = (app.url.clone(), app.shop.platform.key.clone());
    let host = url.trim_start_matches("http://").to_owned();
    move || {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let body = events::quiet_login(&format!("evt-login-{number}"), &format!("login{number}")).to_string();
        let length = body.len();
        format!(
            "POST /events/ingest HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// Has `count` people challenged, whose names begin with `name`: each person, their session, and their page.
pub(crate) async fn challenged(app: &TestApp, name: &str, count: u32) -> Vec<(String, String, String)> {
    let mut people = Vec::new();
    for number in 0..count {
        let person = format!("{name}{number}");
        let event = events::risky_payout(&format!("evt-{person}"), &person);
        let session = app.shop.platform.ingest(&event).await.json(201)["session"].take();
        people.push((person, text(&session["id"]), text(&session["challenge_url"])));
    }
    people
}

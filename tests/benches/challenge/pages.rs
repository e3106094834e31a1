//! The pages: how long the question takes, beside an answer of the same server that asks nobody, and what they weigh.

use ase_tests::harness::weight::Weight;
use ase_tests::harness::{Person, TestApp};
use tokio::task::block_in_place;

use crate::events::challenged;
use crate::load::Load;
use crate::report::{Report, millis};

/// Requests a second.
const RATE: u32 = 500;
/// People who look at their page in turn.
const PEOPLE: u32 = 100;

/// `GET /challenge/{id}` and `GET /healthz`.
pub(crate) async fn measure(app: &TestApp, load: Load, report: &mut Report) {
    let people = challenged(app, "looker", PEOPLE).await;
    let browser = Person::new();
    let mut requests = Vec::new();
    for (_, session, url) in people {
        browser.open(&url).await.showing(200, "Is anyone on a call");
        let cookie = format!("cookie: {}\r\naccept-encoding: gzip\r\n", browser.cookies(&url));
        requests.push(get(app, &format!("/challenge/{session}"), &cookie));
    }
    let health = get(app, "/healthz", "");
    let idle = block_in_place(|| load.paced(RATE, &|_| health.clone()));
    let pages = block_in_place(|| load.paced(RATE, &|number| requests[(number % PEOPLE) as usize].clone()));
    Report::row("GET /healthz", RATE, &idle);
    Report::row("GET /challenge/{id}, the question", RATE, &pages);
    report.ratio("the question / healthz", &pages, &idle);
    report.aim("the question: p99 under 2 ms", millis(&pages, 99) < 2.0);
}

/// The question and the code, with all that a browser fetches for them.
pub(crate) async fn weigh(app: &TestApp, report: &mut Report) -> Vec<(&'static str, Weight)> {
    let (_, _, url) = challenged(app, "weigher", 1).await.remove(0);
    let person = Person::new();
    let question = person.open(&url).await;
    let mut weights = vec![("the question", Weight::of(&person, &url).await)];
    person.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    weights.push(("the code", Weight::of(&person, &url).await));
    app.inbox.code_to("weigher0@example.com").await;
    for (page, weight) in &weights {
        report.aim(&format!("{page}: under 30,000 bytes as it is"), weight.plain() < 30_000);
    }
    weights
}

fn get(app: &TestApp, path: &str, headers: &str) -> Vec<u8> {
    let host = app.url.trim_start_matches("http://");
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n").into_bytes()
}

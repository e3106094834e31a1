//! From "nobody is guiding me" to the code at the mail server, while events come in at half of what the server can take.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ase_tests::harness::TestApp;
use ase_tests::harness::events::address;
use tokio::task::{JoinSet, block_in_place};

use crate::events::{challenged, sign_in};
use crate::load::Load;
use crate::report::{Report, millis};

/// Answers a second.
const ANSWERS: u32 = 10;
/// Until events come in evenly.
const SETTLING: Duration = Duration::from_secs(2);

/// From the request to `POST /checkpoint/intent` until the mail server has the whole mail.
pub(crate) async fn measure(app: &TestApp, load: Load, report: &mut Report) {
    let write = sign_in(app);
    let peak = block_in_place(|| load.peak(&write));
    let half = (peak / 2).max(1);
    report.note(format!(
        "events       {peak} a second at most, with 16 under way; half of it while codes are sent"
    ));
    let people = challenged(app, "reader", ANSWERS * load.seconds).await;
    let events = tokio::task::spawn_blocking(move || load.paced(half, &|_| write()));
    tokio::time::sleep(SETTLING).await;
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / ANSWERS);
    let mut answers = JoinSet::new();
    for (person, session, _) in people {
        ticks.tick().await;
        let (platform, inbox) = (app.shop.platform.clone(), Arc::clone(&app.inbox));
        answers.spawn(async move {
            let begun = Instant::now();
            platform.intent(&session, "confirmed").await.json(200);
            inbox.letter_to(&address(&person)).await;
            begun.elapsed()
        });
    }
    let times = answers.join_all().await;
    Report::row("POST /events/ingest, at half its peak", half, &events.await.unwrap());
    Report::row("from the answer to the mail server", ANSWERS, &times);
    report.aim("from the answer to the mail server: p99 under 1 s", millis(&times, 99) < 1000.0);
}

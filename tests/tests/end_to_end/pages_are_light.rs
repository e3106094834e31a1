//! Whoever is on a slow line in the middle of a scam does not wait: a page comes with all that belongs to it in few bytes.

use ase_tests::harness::client::text;
use ase_tests::harness::weight::Weight;
use ase_tests::harness::{Person, TestApp, events};

/// All told, not even compressed.
const MOST: usize = 30_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_question_and_the_code_weigh_less_than_thirty_kilobytes_in_every_language() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await.showing(200, "Is anyone on a call");
    weigh(&ana, &url).await;
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    weigh(&ana, &url).await;
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "code", "looking changed nothing");
}

async fn weigh(person: &Person, url: &str) {
    for language in ase_host::pages::Language::ALL.map(ase_host::pages::Language::tag) {
        let weight = Weight::of(person, &format!("{url}?lang={language}")).await;
        let kinds: Vec<&str> = weight.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/html", "image/svg+xml", "text/css", "text/javascript"], "{language}");
        assert!(weight.plain() < MOST, "{language}: {} bytes: {weight:?}", weight.plain());
        assert!(weight.gzipped() < weight.plain() / 2, "{language}: {weight:?}");
    }
}

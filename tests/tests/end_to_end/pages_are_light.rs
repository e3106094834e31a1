//! Whoever is on a slow line in the middle of a scam does not wait: a page comes with all that belongs to it in few bytes.

use ase_host::pages::Language;
use ase_tests::harness::client::text;
use ase_tests::harness::gallery::Gallery;
use ase_tests::harness::picture::noise;
use ase_tests::harness::weight::Weight;
use ase_tests::harness::{Answer, Person, TestApp, events};
use serde_json::json;

/// All told, on the wire, to a browser that takes gzip.
const MOST: usize = 30_000;

/// Its colours, and a logo close to the largest that is taken.
async fn branded() -> TestApp {
    let app = TestApp::start().await;
    let colours = json!({ "accent": "#1a3f8c", "on_accent": "#ffffff" });
    Answer::of(app.shop.platform.request("PUT", "/brand").json(&colours)).await.json(200);
    let logo = app.shop.platform.request("PUT", "/brand/logo").header("content-type", "image/png");
    Answer::of(logo.body(noise(50))).await.json(200);
    app
}

async fn question(app: &TestApp, subject: &str) -> (String, String) {
    let event = events::risky_payout(&format!("evt-{subject}"), subject);
    let decision = app.shop.platform.ingest(&event).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn question_code_and_the_way_out_weigh_less_than_thirty_kilobytes_in_every_language_and_brand() {
    let app = branded().await;
    let (session, url) = question(&app, "ana").await;
    let ana = Person::new();
    let asked = ana.open(&url).await.showing(200, "Is anyone on a call");
    weigh(&ana, &url).await;
    ana.submit(&asked, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    weigh(&ana, &url).await;
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "code", "looking changed nothing");

    let (_, url) = question(&app, "bob").await;
    let bob = Person::new();
    let asked = bob.open(&url).await;
    bob.submit(&asked, "/intent", &[("intent", "guided")]).await.showing(200, "End the call");
    weigh(&bob, &url).await;
    // once the pause is over the form of the report is there, too
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    assert!(bob.open(&url).await.has_form("/report"));
    weigh(&bob, &url).await;
}

async fn weigh(person: &Person, url: &str) {
    for language in Language::ALL.map(Language::tag) {
        let weight = Weight::of(person, &format!("{url}?lang={language}")).await;
        let kinds: Vec<&str> = weight.parts.iter().map(|part| part.kind.as_str()).collect();
        let all = ["text/html", "image/svg+xml", "text/css", "text/css", "text/javascript", "image/png"];
        assert_eq!(kinds, all, "{language}");
        assert!(weight.gzipped() < MOST, "{language}: {} bytes: {weight:?}", weight.gzipped());
        // a page has tokens and words of others, and both together are never compressed; what is the same for all is
        let part = |number: usize| &weight.parts[number];
        assert_eq!(part(0).gzipped, part(0).plain, "{language}: {weight:?}");
        for file in [2, 4] {
            assert!(part(file).gzipped < part(file).plain / 2, "{language}: {weight:?}");
        }
        assert!((7_000..=8_192).contains(&part(5).plain), "{language}: {weight:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_state_in_every_language_weighs_less_than_thirty_kilobytes() {
    let app = branded().await;
    let (_, url) = question(&app, "ana").await;
    let weight = Weight::of(&Person::new(), &url).await;
    let beside = weight.gzipped() - weight.parts[0].gzipped;
    let gallery = Gallery::open().await;
    // what no organisation would write says nothing of weight
    let samples = gallery.challenge(&[]).into_iter().filter(|sample| sample.state != "hostile");
    let heavy: Vec<_> = samples
        .map(|sample| (sample.name(), sample.html.len() + beside))
        .filter(|(_, bytes)| *bytes >= MOST)
        .collect();
    assert!(heavy.is_empty(), "{beside} bytes beside the page: {heavy:?}");
}

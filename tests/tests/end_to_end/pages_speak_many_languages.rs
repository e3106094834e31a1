//! The language of a page and of its mails: the event's, the browser's, and the switch that goes before both.

use ase_tests::harness::client::text;
use ase_tests::harness::{Person, TestApp, events, sign};
use serde_json::json;

/// A challenge of somebody whose platform says `locale` of them.
async fn challenged(app: &TestApp, subject: &str, locale: Option<&str>) -> (String, String) {
    let mut event = events::risky_payout(&format!("evt-{subject}"), subject);
    if let Some(locale) = locale {
        event["subject"]["locale"] = json!(locale);
    }
    let decision = app.shop.platform.ingest(&event).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_event_speaks_first_and_the_browser_next() {
    let app = TestApp::start().await;
    let table = [
        ("ana", Some("de-AT"), "fr", "lang=\"de\" dir=\"ltr\"", "Leitet Sie gerade jemand"),
        ("bob", None, "sv, ja;q=0.9, en;q=0.8", "lang=\"ja\" dir=\"ltr\"", "誰かに指示"),
        ("eve", Some("sv"), "ar", "lang=\"ar\" dir=\"rtl\"", "هل هناك من يوجّهك"),
        ("joe", None, "", "lang=\"en\" dir=\"ltr\"", "Is anyone on a call"),
    ];
    for (subject, locale, browser, html, question) in table {
        let (_, url) = challenged(&app, subject, locale).await;
        let page = Person::reading(browser).open(&url).await.showing(200, question);
        assert!(page.html.contains(html), "{subject}: {html}");
    }
    let unknown = Person::reading("hi").open(&format!("{}/challenge/ses_missing", app.url)).await;
    unknown.showing(404, "हमें यह पेज नहीं मिला");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_switch_goes_before_both_on_every_page_and_before_neither_in_the_mail() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana", Some("de")).await;
    let ana = Person::reading("de");
    let german = ana.open(&url).await.showing(200, "Leitet Sie gerade jemand");
    assert!(german.html.contains(&format!("href=\"/challenge/{session}?lang=ar\"")), "the switch is a link");
    let arabic = ana.open(&format!("{url}?lang=ar")).await.showing(200, "هل هناك من يوجّهك");
    // an empty answer comes back in the language that was chosen, and so does everything after it
    let unanswered = ana.submit(&arabic, "/intent?lang=ar", &[]).await.showing(200, "اختر الإجابة الصحيحة");
    assert_eq!(unanswered.url.query(), Some("lang=ar&note=unanswered"));
    let code = ana.submit(&arabic, "/intent?lang=ar", &[("intent", "confirmed")]).await;
    let code = code.showing(200, "أدخل الرمز الذي أرسلناه إليك");
    let letter = app.inbox.letter_to("ana@example.com").await;
    // whoever sits at the page cannot have the warning written in another language than the platform names
    assert!(letter.text().contains("Lesen Sie diesen Code niemandem vor."), "{}", letter.text());
    assert!(letter.html().contains("<html lang=\"de\" dir=\"ltr\">"));
    assert!(
        letter.header("subject").contains("Example Shop") || letter.header("subject").starts_with("=?utf-8?")
    );
    let right = letter.code();
    ana.submit(&code, "/code?lang=ar", &[("code", &right)]).await.showing(200, "شكرًا لك. يمكنك المتابعة");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_mail_follows_the_page_where_the_event_names_no_language() {
    let app = TestApp::start().await;
    let table = [
        ("ana", "ja", "", "このコードを誰にも伝えないでください。"),
        ("bob", "ja", "?lang=ar", "لا تقرأ هذا الرمز على أحد."),
    ];
    for (subject, browser, choice, warning) in table {
        let (_, url) = challenged(&app, subject, None).await;
        let person = Person::reading(browser);
        let question = person.open(&format!("{url}{choice}")).await;
        person.submit(&question, &format!("/intent{choice}"), &[("intent", "confirmed")]).await;
        let letter = app.inbox.letter_to(&events::address(subject)).await;
        assert!(letter.text().contains(warning), "{subject}: {}", letter.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_way_to_stop_and_the_news_of_it_are_understood() {
    let app = TestApp::start().await;
    let (_, url) = challenged(&app, "ana", Some("fr")).await;
    let ana = Person::reading("en");
    let question = ana.open(&url).await.showing(200, "On m’a dit de répondre non");
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let letter = app.inbox.letter_to("ana@example.com").await;
    assert!(letter.text().contains("Arrêter cette opération:"), "{}", letter.text());
    let words = letter.text();
    let stop = words.split_whitespace().find(|word| word.contains("/stop/")).unwrap();
    let reader = Person::reading("en");
    reader.open(stop).await.showing(200, "Arrêter cette opération ?");
    let arabic = reader.open(&format!("{stop}?lang=ar")).await.showing(200, "هل تريد إيقاف هذا الإجراء؟");
    assert!(arabic.html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    let stopped = reader.submit(&arabic, "?lang=ar", &[]).await.showing(200, "تم إيقاف هذا");
    assert_eq!(stopped.url.query(), Some("lang=ar"));
    let news = app.inbox.letter_to("ana@example.com").await;
    assert!(news.text().contains("Rien n’a été envoyé"), "{}", news.text());
    assert!(!news.text().contains("Amount") && !news.html().contains("Nothing has been sent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_pause_is_said_in_the_language_of_the_page() {
    let app = TestApp::start().await;
    let (_, url) = challenged(&app, "ana", None).await;
    let ana = Person::reading("ja");
    let question = ana.open(&url).await;
    let pause = ana.submit(&question, "/intent", &[("intent", "told")]).await;
    let pause = pause.showing(200, "何があったかをここで伝えられます");
    assert!(!pause.has_form("/report") && !pause.html.contains("seconds)"), "{}", pause.html);
    let news = app.inbox.letter_to("ana@example.com").await;
    assert!(news.text().contains("何も送られていません。"), "{}", news.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn looking_in_another_language_changes_nothing() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana", None).await;
    let before = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    let log = app.shop.platform.audit(&session).await;
    let ana = Person::new();
    for lang in ["de", "ar", "zh-Hans", "xx", "%22%3E%3Cscript%3E", "de%0d%0aSet-Cookie:%20x", "\u{202e}"] {
        let page = ana.open(&format!("{url}?lang={lang}")).await;
        assert_eq!(page.status, 200, "{lang}");
        assert!(!page.html.contains("<script>") && !page.html.contains('\u{202e}'), "{lang}");
    }
    ana.open(&url).await.showing(200, "Is anyone on a call");
    assert_eq!(app.shop.platform.get(&format!("/sessions/{session}")).await.json(200), before);
    assert_eq!(app.shop.platform.audit(&session).await, log);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_invitation_is_written_in_the_language_of_the_event() {
    let app = TestApp::start().await;
    let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let source = app.source("generic", json!({}), secret).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["subject"]["locale"] = json!("pl-PL");
    // no sentence of the platform: ours, in the same language
    event["action"].as_object_mut().unwrap().remove("description");
    let body = event.to_string();
    let headers = sign::standard_webhooks(&source.secret, "msg_1", sign::now(), body.as_bytes());
    let answer = app.shop.platform.webhook(&source.url, &headers, body.as_bytes()).await.json(200);
    assert_eq!(answer["decisions"][0]["outcome"], "delay_verify", "{answer}");
    let letter = app.inbox.letter_to("ana@example.com").await;
    for said in ["Wstrzymaliśmy to do czasu potwierdzenia", "Zmiana konta, na które trafiają wypłaty"] {
        assert!(letter.text().contains(said), "{}", letter.text());
    }
    Person::new().open(&letter.challenge_url()).await.showing(200, "Czy ktoś prowadzi Cię w tej chwili");
}

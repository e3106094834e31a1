//! Mails as filters and plain readers see them: the letter as it arrived, judged by the rules that weigh most.

use std::collections::BTreeSet;

use ase_tests::harness::{Letter, TestApp, events, sign};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// A letter with the link to a challenge, and one with its code.
async fn letters(app: &TestApp) -> [Letter; 2] {
    let source = app.source("generic", json!({}), SECRET).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["action"]["description"] = json!("Send payouts to DE89 … 3000 – “Übertrag”");
    let body = event.to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), &body);
    let taken = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let invitation = app.inbox.letter_to("ana@example.com").await;
    let session = taken["decisions"][0]["session_id"].as_str().unwrap();
    app.shop.platform.intent(session, "confirmed").await.json(200);
    [invitation, app.inbox.letter_to("ana@example.com").await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn filters_find_nothing_to_hold_against_our_mails() {
    let app = TestApp::start().await;
    for letter in letters(&app).await {
        assert_headers(&letter);
        assert_transport(&letter);
        assert_html(&letter.html());
        assert_alike(&letter);
    }
}

/// Every header that a mail must have, once, and none that gives it away.
fn assert_headers(letter: &Letter) {
    let head = letter.raw.split("\r\n\r\n").next().unwrap();
    for name in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
        let lines =
            head.lines().filter(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        assert_eq!(lines.count(), 1, "{name}: {head}");
    }
    let date = DateTime::parse_from_rfc2822(&letter.header("date")).unwrap();
    let off = date.with_timezone(&Utc) - ase_engine::clock::now();
    assert!(off.abs() < TimeDelta::minutes(5), "{date}");
    let domain = letter.header("from").rsplit_once('@').unwrap().1.trim_end_matches('>').to_owned();
    let id = letter.header("message-id");
    assert!(id.starts_with("<msg_") && id.ends_with(&format!("@{domain}>")), "{id}");
    let subject = letter.header("subject");
    assert!((10..=78).contains(&subject.len()) && subject.contains("Example Shop"), "{subject}");
    assert!(!subject.contains('!') && !subject.bytes().any(|byte| byte.is_ascii_digit()), "{subject}");
    assert!(subject.chars().any(char::is_lowercase), "nobody shouts: {subject}");
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
}

/// What old servers can carry: short lines of ASCII.
fn assert_transport(letter: &Letter) {
    assert!(letter.raw.is_ascii(), "eight bits were never promised to everybody");
    assert!(letter.raw.split("\r\n").all(|line| line.len() <= 998), "a line is longer than RFC 5322 allows");
    assert!(!letter.raw.replace("\r\n", "").contains(['\r', '\n']), "lines end in CRLF alone");
    let lower = letter.raw.to_lowercase();
    let encodings = lower.lines().filter_map(|line| line.strip_prefix("content-transfer-encoding:"));
    let encodings: Vec<&str> = encodings.map(str::trim).collect();
    assert_eq!(encodings.len(), 2, "{encodings:?}");
    assert!(
        encodings.iter().all(|encoding| ["7bit", "quoted-printable"].contains(encoding)),
        "{encodings:?}"
    );
    let (text, html) = (lower.find("text/plain").unwrap(), lower.find("text/html").unwrap());
    assert!(lower.contains("multipart/alternative") && text < html, "the last one is the preferred one");
}

/// Nothing from elsewhere, nothing hidden, no link that says it leads somewhere else.
fn assert_html(html: &str) {
    for forbidden in [
        "<img",
        "<script",
        "<iframe",
        "<form",
        "<link",
        "url(",
        "@import",
        "src=",
        "display:none",
        "font-size:0",
    ] {
        assert!(!html.to_lowercase().contains(forbidden), "{forbidden}");
    }
    for link in html.split("<a ").skip(1) {
        let href = link.split_once("href=\"").unwrap().1.split('"').next().unwrap();
        let shown = link.split_once('>').unwrap().1.split("</a>").next().unwrap().trim();
        assert!(["http", "tel:", "mailto:"].iter().any(|scheme| href.starts_with(scheme)), "{href}");
        assert!(!shown.starts_with("http") || shown == href, "`{shown}` leads to {href}");
    }
}

/// Both bodies say the same: what only one of them says is what a filter looks for.
fn assert_alike(letter: &Letter) {
    let (text, html) = (words(&letter.text()), words(&plain(&letter.html())));
    let only_text: Vec<&String> = text.difference(&html).collect();
    let only_html: Vec<&String> = html.difference(&text).collect();
    assert!(only_text.len() * 20 <= text.len(), "only the text says {only_text:?}");
    assert!(only_html.len() * 5 <= html.len(), "only the HTML says {only_html:?}");
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split_whitespace().filter(|word| !word.starts_with("http"));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    words.filter(|word| word.chars().count() > 2).collect()
}

/// What of an HTML body is shown.
fn plain(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let shown = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let text = shown.collect::<Vec<_>>().join(" ");
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
        .into_iter()
        .fold(text, |text, (entity, character)| text.replace(entity, character))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_text_alone_says_all_that_a_person_needs() {
    let app = TestApp::start().await;
    let [invitation, code] = letters(&app).await;
    for letter in [&invitation, &code] {
        let text = letter.text();
        for said in [
            "Example Shop",
            "DE89 … 3000 – “Übertrag”",
            "900.00 EUR",
            "Stop this action",
            "+49 30 1234567",
            "help@shop.example",
            "Do not use a number, link or app that somebody gave you.",
        ] {
            assert!(text.contains(said), "`{said}` is not in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 72 || line.starts_with("http")), "{text}");
        assert!(!text.contains('<') && !text.contains('&'), "no markup: {text}");
        let links = text.split_whitespace().filter(|word| word.starts_with("http")).count();
        let spoken = text.split_whitespace().count();
        assert!(links <= 3 && spoken > 20 * links, "{links} links in {spoken} words");
    }
    let flat = code.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Do not read this code to anyone. Nobody at Example Shop will ever ask you for it."),
        "{flat}"
    );
    assert!(!code.header("subject").contains(&code.code()), "it shows on locked screens");
    let to_page = code
        .text()
        .split_whitespace()
        .filter(|word| word.contains("/challenge/") && !word.contains("/stop/"))
        .count();
    assert_eq!(to_page, 0, "whoever reads a code out cannot read the way to the page out as well");
    assert!(!invitation.challenge_url().contains("/stop/"));
}

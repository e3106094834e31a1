//! Every state of the challenge in a real browser: by the rules of WCAG 2.2, on the smallest phone, in the dark, with
//! large text, and from right to left. `make screenshots` draws them all for people to look at.

use ase_host::pages::Language;
use ase_host::pages::samples::Sample;
use ase_tests::harness::axe::judge;
use ase_tests::harness::chromium::{Chromium, DESK, Looks, PHONE, key};
use ase_tests::harness::gallery::Gallery;

/// The language that others are written from, one of long words, and one from right to left.
const THREE: [&str; 3] = ["en", "de", "ar"];
/// A phone whose owner set text to twice its size.
const LARGE_PHONE: Looks = Looks { large: true, ..PHONE };
/// A desk whose owner did.
const LARGE_DESK: Looks = Looks { large: true, ..DESK };

/// A browser that really looks at pages this way.
async fn open(gallery: &Gallery, looks: Looks) -> Chromium {
    let browser = Chromium::open(looks).await;
    browser.goto(&gallery.address(gallery.named("challenge_question_plain.en"))).await;
    let script = "return [document.documentElement.clientWidth, getComputedStyle(document.documentElement).fontSize, \
        matchMedia('(prefers-color-scheme: dark)').matches]";
    let seen = browser.run(script).await;
    assert_eq!(seen[1], if looks.large { "32px" } else { "16px" });
    assert_eq!(seen[2], looks.dark);
    let width = seen[0].as_f64().unwrap();
    assert!(if looks.width == PHONE.width { width <= 320.0 } else { width > 1000.0 }, "{width} pixels wide");
    browser
}

/// Fails with everything that is wrong on any of the pages, by page.
async fn follow_the_rules(gallery: &Gallery, looks: Looks, samples: &[&Sample]) {
    let browser = open(gallery, looks).await;
    let mut wrong = Vec::new();
    for sample in samples {
        browser.goto(&gallery.address(sample)).await;
        let verdict = judge(&browser).await;
        let looked_at = |rule: &str| verdict.passed.iter().any(|passed| passed == rule);
        assert!(looked_at("document-title") && looked_at("html-has-lang"), "{}: {verdict:?}", sample.name());
        let found = verdict.violations.into_iter().chain(browser.overflow().await);
        wrong.extend(found.map(|what| format!("{}: {what}", sample.name())));
    }
    browser.close().await;
    assert!(wrong.is_empty(), "{looks:?}:\n{}", wrong.join("\n"));
}

/// Fails with all pages on which somebody would have to scroll sideways.
async fn fit(gallery: &Gallery, looks: Looks) {
    let browser = open(gallery, looks).await;
    let mut wrong = Vec::new();
    for sample in gallery.challenge(&[]) {
        browser.goto(&gallery.address(sample)).await;
        wrong.extend(browser.overflow().await.map(|what| format!("{}: {what}", sample.name())));
    }
    browser.close().await;
    assert!(wrong.is_empty(), "{looks:?}:\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_state_follows_the_rules_on_a_phone() {
    let gallery = Gallery::open().await;
    follow_the_rules(&gallery, PHONE, &gallery.challenge(&THREE)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_state_follows_the_rules_at_a_desk() {
    let gallery = Gallery::open().await;
    follow_the_rules(&gallery, DESK, &gallery.challenge(&THREE)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_state_follows_the_rules_in_the_dark() {
    let gallery = Gallery::open().await;
    follow_the_rules(&gallery, Looks { dark: true, ..PHONE }, &gallery.challenge(&["en"])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_question_and_the_way_out_follow_the_rules_in_every_language_by_light_and_dark() {
    let gallery = Gallery::open().await;
    let shown = |sample: &&Sample| {
        let first = matches!(sample.template, "challenge/question.html" | "challenge/break_contact.html");
        first && matches!(sample.state, "plain" | "unanswered" | "refused")
    };
    let samples: Vec<_> = gallery.challenge(&[]).into_iter().filter(shown).collect();
    assert_eq!(samples.len(), 4 * Language::ALL.len());
    for looks in [PHONE, Looks { dark: true, ..PHONE }] {
        follow_the_rules(&gallery, looks, &samples).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_state_follows_the_rules_in_large_text() {
    let gallery = Gallery::open().await;
    follow_the_rules(&gallery, LARGE_DESK, &gallery.challenge(&THREE)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_language_is_too_wide_for_a_phone() {
    fit(&Gallery::open().await, PHONE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_language_is_too_wide_in_large_text() {
    let gallery = Gallery::open().await;
    fit(&gallery, LARGE_PHONE).await;
    fit(&gallery, LARGE_DESK).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_folded_follows_the_rules_when_it_is_opened() {
    let gallery = Gallery::open().await;
    for looks in [PHONE, DESK] {
        let browser = open(&gallery, looks).await;
        // the form of the report, and the list of languages over a page that has no links below it
        for (page, folded) in [("break_contact_plain", ".report details"), ("not_found_plain", ".languages")]
        {
            for language in THREE {
                let sample = gallery.named(&format!("challenge_{page}.{language}"));
                browser.goto(&gallery.address(sample)).await;
                browser.tab_to(&format!("{folded} summary")).await;
                browser.press(key::ENTER).await;
                assert_eq!(
                    browser.run(&format!("return document.querySelector('{folded}').open")).await,
                    true
                );
                assert_eq!(judge(&browser).await.violations, Vec::<String>::new(), "{}", sample.name());
                browser.assert_fits().await;
            }
        }
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_rules_are_really_looked_at() {
    let gallery = Gallery::open().await;
    let browser = open(&gallery, PHONE).await;
    let breaks = [
        ("label", "document.querySelector('label[for=code]').remove()"),
        ("color-contrast", "document.querySelector('h1').style.color = '#aaa'"),
        ("html-has-lang", "document.documentElement.removeAttribute('lang')"),
        ("landmark-one-main", "document.querySelector('main').role = 'presentation'"),
    ];
    browser.goto(&gallery.address(gallery.named("challenge_code_plain.en"))).await;
    let sound = judge(&browser).await.passed;
    for rule in ["autocomplete-valid", "color-contrast", "heading-order", "label", "region", "target-size"] {
        assert!(sound.iter().any(|passed| passed == rule), "{rule}: {sound:?}");
    }
    for (rule, script) in breaks {
        browser.goto(&gallery.address(gallery.named("challenge_code_plain.en"))).await;
        browser.run(script).await;
        let found = judge(&browser).await.violations;
        assert!(found.iter().any(|one| one.starts_with(&format!("{rule} at "))), "{rule}: {found:?}");
    }
    browser.run("document.querySelector('main').style.width = '321px'").await;
    assert!(browser.overflow().await.is_some());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn analysts_can_use_the_dashboard() {
    let gallery = Gallery::open().await;
    for looks in [PHONE, DESK] {
        follow_the_rules(&gallery, looks, &gallery.of("dashboard/")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "`make screenshots`: draws every state in every language into target/screenshots, for people to look at"]
async fn every_state_in_every_language_is_drawn() {
    let gallery = Gallery::open().await;
    let all = [
        ("phone", PHONE),
        ("phone-dark", Looks { dark: true, ..PHONE }),
        ("phone-large", LARGE_PHONE),
        ("desk", DESK),
    ];
    for (name, looks) in all {
        let browser = open(&gallery, looks).await;
        let usual = !looks.dark && !looks.large;
        for sample in gallery.challenge(if usual { &[] } else { &THREE }) {
            browser.goto(&gallery.address(sample)).await;
            browser.picture_of_all(&format!("{name}/{}/{}", sample.language.tag(), sample.name())).await;
        }
        browser.close().await;
    }
}

//! A code ends while somebody is looking for it. Whoever does not see the countdown hears of it, once and in time.

use ase_host::pages::Language;
use ase_tests::harness::chromium::{Chromium, PHONE};
use ase_tests::harness::gallery::Gallery;
use ase_tests::harness::until::until;

/// Has the page's clock run ahead on demand, and writes down what is said in the place that is read out.
const LISTEN: &str = "
    const clock = performance.now.bind(performance);
    window.ahead = 0;
    performance.now = () => clock() + window.ahead;
    window.said = [];
    const status = document.querySelector('[role=status]');
    new MutationObserver(() => window.said.push(status.textContent))
        .observe(status, { childList: true, characterData: true, subtree: true });
    return status.textContent";

/// Lets so many seconds pass on the page, and waits until the countdown shows it.
async fn pass(browser: &Chromium, seconds: u32, shown: &str) {
    browser.run(&format!("window.ahead += {seconds} * 1000")).await;
    until(&format!("`{shown}` in the countdown"), || async {
        let text = browser.run("return document.querySelector('[data-soon]').textContent").await;
        text.as_str().unwrap().contains(shown).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn who_does_not_see_the_countdown_hears_once_that_a_code_ends_soon() {
    let gallery = Gallery::open().await;
    let browser = Chromium::open(PHONE).await;
    for language in Language::ALL.map(Language::tag) {
        // a code with almost four minutes left
        browser.goto(&gallery.address(gallery.named(&format!("challenge_code_plain.{language}")))).await;
        assert_eq!(browser.run(LISTEN).await, "", "{language}: nothing is said while there is time");
        let words =
            "const { soon, ended } = document.querySelector('[data-soon]').dataset; return [soon, ended]";
        let words = browser.run(words).await;
        pass(&browser, 60, "(2:").await;
        assert_eq!(browser.run("return window.said").await, serde_json::json!([]), "{language}");
        pass(&browser, 60, "(1:").await;
        // many ticks later it was still said once
        pass(&browser, 60, "(0:").await;
        let said = browser.run("return window.said").await;
        assert_eq!(said, serde_json::json!([words[0]]), "{language}");
        browser.assert_fits().await;
        browser.run("window.ahead += 60000").await;
        until("the end of the code", || async {
            let said = browser.run("return window.said").await;
            (said == words).then_some(())
        })
        .await;
    }
    browser.close().await;
}

//! axe-core: whether a page in the browser follows the rules of WCAG 2.2, levels A and AA, and good practice.
//!
//! It comes as `tests/browser/package-lock.json` names it and lies below the target directory (`make setup-axe`). The
//! driver brings it into the page from outside, so pages need no leave for it in their policy.

use std::sync::LazyLock;

use serde_json::Value;

use super::chromium::Chromium;

/// What axe-core calls the rules.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']";

static SCRIPT: LazyLock<String> = LazyLock::new(script);

/// What axe-core says of a page.
#[derive(Debug)]
pub struct Verdict {
    /// Each broken rule with the place where it is broken, and why.
    pub violations: Vec<String>,
    /// The rules that the page follows; those that are about nothing on it are in neither list.
    pub passed: Vec<String>,
}

/// Asks axe-core about the page that `browser` shows.
pub async fn judge(browser: &Chromium) -> Verdict {
    let said = browser.client.execute_async(&SCRIPT, Vec::new()).await.unwrap();
    assert!(said["error"].is_null(), "axe-core fails: {}", said["error"]);
    let violations = said["violations"].as_array().unwrap().iter().map(told).collect();
    let passed = said["passed"].as_array().unwrap().iter().map(super::client::text).collect();
    Verdict { violations, passed }
}

fn told(violation: &Value) -> String {
    let part = |name: &str| violation[name].as_str().unwrap_or_default().to_owned();
    format!("{} at {}: {}", part("rule"), part("place"), part("why"))
}

fn script() -> String {
    let file = super::binary::target_dir().join("axe/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}. axe-core is missing: `make setup-axe` installs it", file.display())
    });
    format!(
        "{axe};
        const answer = arguments[arguments.length - 1];
        const place = (node) => node.target.flat().join(' ');
        const why = (node) => node.failureSummary.replace(/\\s+/g, ' ');
        const at = (rule) => (node) => ({{ rule: rule.id, place: place(node), why: why(node) }});
        const told = (rule) => rule.nodes.map(at(rule));
        const names = (rules) => rules.map((rule) => rule.id);
        axe.run(document, {{ runOnly: {{ type: 'tag', values: {RULES} }}, iframes: false }}).then(
            (said) => answer({{ violations: said.violations.flatMap(told), passed: names(said.passes) }}),
            (error) => answer({{ error: String(error) }}));"
    )
}

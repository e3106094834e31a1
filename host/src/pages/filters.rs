//! The few words that templates have beyond the engine's own: times of the dashboard, addresses and assets. Times
//! in the words of a language are in `messages`.

use chrono::{DateTime, Utc};
use minijinja::{Environment, Error, ErrorKind};

use super::Assets;

/// Adds filters, tests and functions to the environment.
pub(super) fn register(environment: &mut Environment<'static>) {
    environment.add_filter("moment", |at: &str| written(at, "%-d %b %Y, %H:%M:%S UTC"));
    environment.add_filter("short_stamp", |at: &str| written(at, "%-d %b, %H:%M"));
    environment.add_filter("seconds_until", seconds_until);
    environment.add_filter("place", place);
    environment.add_filter("dial", dial);
    environment.add_filter("web_links", web_links);
    environment.add_test("web", is_web);
    environment.add_function("asset", asset);
}

/// Reads the RFC 3339 form that serde gives to a time.
pub(super) fn time(text: &str) -> Result<DateTime<Utc>, Error> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|source| Error::new(ErrorKind::InvalidOperation, "not an RFC 3339 time").with_source(source))
}

fn written(text: &str, form: &str) -> Result<String, Error> {
    Ok(time(text)?.format(form).to_string())
}

/// Whole seconds from `now` to `at`, never below zero.
fn seconds_until(at: &str, now: &str) -> Result<i64, Error> {
    Ok((time(at)? - time(now)?).num_seconds().max(0))
}

/// An address as people read it: without its scheme and without a lonely slash at the end.
fn place(address: &str) -> String {
    let bare =
        address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    bare.strip_suffix('/').unwrap_or(bare).to_owned()
}

/// A telephone number as RFC 3966 wants it in a `tel:` link: digits and a leading plus.
fn dial(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// True for an address that may stand in `href`: anything else is shown as text.
fn is_web(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

/// The web addresses that stand in a text, each once, in order.
fn web_links(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let link = word.trim_matches(['(', ')', '<', '>', ',', ';', '.', '"']);
        if link.contains("://") && is_web(link) && !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
        }
    }
    links
}

fn asset(name: &str) -> Result<String, Error> {
    Assets::address(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let at = "2026-11-22T15:32:05.5+01:00";
        assert_eq!(written(at, "%H:%M UTC").unwrap(), "14:32 UTC");
        assert!(written("yesterday", "%H:%M").is_err());
    }

    #[test]
    fn seconds_never_run_below_zero() {
        let (early, late) = ("2026-11-22T14:00:00Z", "2026-11-22T14:01:05Z");
        assert_eq!(seconds_until(late, early).unwrap(), 65);
        assert_eq!(seconds_until(early, late).unwrap(), 0);
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(is_web("https://bank.example/help"));
        for other in ["javascript:alert(1)", "data:text/html,x", "bank.example", "//bank.example", ""] {
            assert!(!is_web(other), "{other}");
        }
        assert_eq!(
            web_links("Open https://a.example/x. Again: <https://a.example/x>, not javascript:alert(1)"),
            ["https://a.example/x"]
        );
    }

    #[test]
    fn numbers_lose_their_spaces_in_links() {
        assert_eq!(dial("+49 (30) 123-456"), "+4930123456");
    }
}

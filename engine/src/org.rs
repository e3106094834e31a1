//! `Org`: a tenant's own words and addresses.

use url::Url;

use crate::problem::FieldError;

/// A tenant: whose users are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// `org_...`.
    pub org_id: String,
    /// As users know it.
    pub name: String,
    /// What the organisation never asks for, shown on the challenge page.
    pub policy_statement: String,
    /// Official support page.
    pub support_url: Option<String>,
    /// Official telephone number.
    pub support_phone: Option<String>,
    /// Official address.
    pub support_email: Option<String>,
    /// Exact origins with a path that a `return_url` may begin with, whole segments only.
    pub return_urls: Vec<String>,
}

/// Longest `return_url`, in bytes.
const RETURN_URL_MAX: usize = 2048;

impl Org {
    /// Whether a person may be sent to `text` after the challenge.
    ///
    /// # Errors
    /// [`FieldError`] for `/return_url` when it is no plain https URL (http on loopback alone) or not below one
    /// of the organisation's registered URLs.
    pub fn check_return_url(&self, text: &str) -> Result<(), FieldError> {
        let error = |detail: &str| FieldError::new("/return_url", detail);
        let url = plain_url(text)
            .ok_or_else(|| error("must be a plain https URL without user, fragment or dot segments"))?;
        let registered = self.return_urls.iter().filter_map(|entry| plain_url(entry));
        if registered.into_iter().any(|entry| is_below(&url, &entry)) {
            return Ok(());
        }
        Err(error("must be below one of the organisation's registered return URLs"))
    }

    /// Origins of the pages that may open a challenge in a window and hear of its end: that of the event's
    /// `return_url`, or all registered ones where it has none.
    #[must_use]
    pub fn opener_origins(&self, return_url: Option<&str>) -> Vec<String> {
        let urls = match return_url {
            Some(url) => vec![url],
            None => self.return_urls.iter().map(String::as_str).collect(),
        };
        let origins = urls.into_iter().filter_map(plain_url).map(|url| url.origin().ascii_serialization());
        origins.fold(Vec::new(), |mut known, origin| {
            if !known.contains(&origin) {
                known.push(origin);
            }
            known
        })
    }
}

/// The URL, if what is written is exactly what a browser will go to.
fn plain_url(text: &str) -> Option<Url> {
    let suspicious = text.len() > RETURN_URL_MAX
        || text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || !c.is_ascii() || matches!(c, '\\' | '@' | '#'));
    let lower = text.to_ascii_lowercase();
    if suspicious || lower.contains("%2e") || lower.contains("%2f") || lower.contains("%5c") {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let scheme_ok = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    // the parser repairs: whatever it repaired was not plain
    let unchanged = url.as_str() == text || url.as_str() == format!("{text}/");
    (scheme_ok && unchanged && !host.ends_with('.')).then_some(url)
}

/// True when `url` has the origin of `entry` and a path below it, by whole segments.
fn is_below(url: &Url, entry: &Url) -> bool {
    let base = entry.path().trim_end_matches('/');
    let path_ok = url.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    url.origin() == entry.origin() && path_ok
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org() -> Org {
        Org {
            org_id: "org_1".to_owned(),
            name: "Shop".to_owned(),
            policy_statement: String::new(),
            support_url: None,
            support_phone: None,
            support_email: None,
            return_urls: vec![
                "https://ok.com/app".to_owned(),
                "https://shop.example".to_owned(),
                "http://127.0.0.1:3000/".to_owned(),
            ],
        }
    }

    #[test]
    fn a_return_url_cannot_leave_the_allow_list() {
        let good = [
            "https://ok.com/app",
            "https://ok.com/app/after?order=1",
            "https://shop.example/after",
            "https://shop.example",
            "http://127.0.0.1:3000/done",
        ];
        for url in good {
            assert_eq!(org().check_return_url(url), Ok(()), "{url}");
        }
        let bad = [
            "https://evil.com/app",
            "//evil.com",
            "https:evil.com",
            "\\\\evil.com",
            "https://ok.com@evil.com/app",
            "https://ok.com.evil.com/app",
            "https://evilok.com/app",
            "https://ok.com/application",
            "https://ok.com/app/../admin",
            "https://ok.com/app/%2e%2e/admin",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://ok.com/app\t/x",
            "https://ok.com/app\n",
            "https://оk.com/app",
            "https://ok.com./app",
            "https://ok.com:8443/app",
            "http://ok.com/app",
            "http://shop.example/after",
            "https://ok.com/app#token",
            "HTTPS://OK.com/app",
            "",
        ];
        for url in bad {
            assert_eq!(org().check_return_url(url).unwrap_err().pointer, "/return_url", "{url}");
        }
        assert!(org().check_return_url(&format!("https://ok.com/app/{}", "a".repeat(8192))).is_err());
    }

    #[test]
    fn whoever_opens_a_challenge_is_one_exact_origin_where_one_is_named() {
        let all = ["https://ok.com", "https://shop.example", "http://127.0.0.1:3000"];
        assert_eq!(org().opener_origins(None), all);
        assert_eq!(org().opener_origins(Some("https://ok.com/app/after?order=1")), ["https://ok.com"]);
        let twice =
            Org { return_urls: vec!["https://a.com/x".to_owned(), "https://a.com/y".to_owned()], ..org() };
        assert_eq!(twice.opener_origins(None), ["https://a.com"]);
        assert!(
            Org { return_urls: vec!["javascript:alert(1)".to_owned()], ..org() }
                .opener_origins(None)
                .is_empty()
        );
    }
}

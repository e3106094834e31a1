//! A person with a browser that runs no script: pages, forms, cookies, and the headers that browsers add by
//! themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use url::Url;

/// What a browser asks for when a person goes somewhere.
const PAGES: HeaderValue = HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8");

/// A browser with its cookies.
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) http: reqwest::Client,
    cookies: Arc<Jar>,
    languages: String,
}

/// A page as it was shown.
#[derive(Debug, Clone)]
pub struct Page {
    /// Status of the last answer, after redirects.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Where the browser ended up.
    pub url: Url,
    /// The HTML.
    pub html: String,
}

/// A form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// What it sends unless somebody fills it in: hidden fields and texts.
    pub fields: BTreeMap<String, String>,
}

impl Person {
    /// Somebody who was never here.
    #[must_use]
    pub fn new() -> Self {
        let cookies = Arc::new(Jar::default());
        let http = super::client::http()
            .cookie_provider(Arc::clone(&cookies))
            .default_headers(HeaderMap::from_iter([(ACCEPT, PAGES)]))
            .build()
            .unwrap();
        Self { http, cookies, languages: String::new() }
    }

    /// The same with a browser that asks for these languages.
    #[must_use]
    pub fn reading(languages: &str) -> Self {
        Self { languages: languages.to_owned(), ..Self::new() }
    }

    fn asking(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        if self.languages.is_empty() { request } else { request.header("accept-language", &self.languages) }
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) -> Page {
        Page::of(self.asking(self.http.get(url).header("sec-fetch-site", "none"))).await
    }

    /// Sends the form of `page` whose action ends with `action`, filled in with `answers`.
    pub async fn submit(&self, page: &Page, action: &str, answers: &[(&str, &str)]) -> Page {
        let mut form = page.form(action);
        form.fields.extend(answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let origin = page.url.origin().ascii_serialization();
        let target = page.url.join(&form.action).unwrap();
        let same = if target.origin() == page.url.origin() { "same-origin" } else { "cross-site" };
        let request = self.asking(self.http.post(target).form(&form.fields));
        Page::of(request.header("origin", origin).header("sec-fetch-site", same)).await
    }

    /// Sends fields to a path without any page before it, as a script or another site would.
    pub async fn send(&self, url: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let request = self.http.post(url).form(fields);
        Page::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// The cookies that go to `url`, as a request would carry them.
    #[must_use]
    pub fn cookies(&self, url: &str) -> String {
        let header = self.cookies.cookies(&url.parse().unwrap());
        header.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

impl Default for Person {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers, url) =
            (response.status().as_u16(), response.headers().clone(), response.url().clone());
        Self { status, headers, url, html: response.text().await.unwrap() }
    }

    /// The page, when it has this status and shows this text.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "it asserts; the page is for whoever goes on from it"
    )]
    pub fn showing(self, status: u16, text: &str) -> Self {
        assert_eq!(self.status, status, "{}", self.html);
        assert!(self.html.contains(text), "`{text}` is not on the page: {}", self.html);
        self
    }

    /// True when the page has a form whose action ends with `action`.
    #[must_use]
    pub fn has_form(&self, action: &str) -> bool {
        self.forms().iter().any(|form| form.action.ends_with(action))
    }

    /// The form whose action ends with `action`.
    #[must_use]
    pub fn form(&self, action: &str) -> Form {
        let found = self.forms().into_iter().find(|form| form.action.ends_with(action));
        found.unwrap_or_else(|| panic!("no form to {action} on the page: {}", self.html))
    }

    /// A header as text; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    fn forms(&self) -> Vec<Form> {
        let forms = self.html.split("<form").skip(1).filter_map(|rest| rest.split("</form").next());
        forms
            .map(|form| Form {
                action: unescaped(&attribute(form, "action").unwrap_or_default()),
                fields: inputs(form),
            })
            .collect()
    }
}

/// Names and values of the hidden inputs, the text inputs and the text areas between two tags; buttons and choices say
/// nothing by themselves.
fn inputs(form: &str) -> BTreeMap<String, String> {
    let areas = form.split("<textarea").skip(1).filter_map(|area| {
        let (_, text) = area.split_once("</textarea")?.0.split_once('>')?;
        Some((attribute(area, "name")?, unescaped(text.strip_prefix('\n').unwrap_or(text))))
    });
    let tags = form.split("<input").skip(1);
    tags.filter_map(|tag| {
        let kind = attribute(tag, "type").unwrap_or_default();
        let name = attribute(tag, "name").filter(|_| kind != "radio" && kind != "checkbox")?;
        Some((name, unescaped(&attribute(tag, "value").unwrap_or_default())))
    })
    .chain(areas)
    .collect()
}

/// The value of an attribute of the tag at the beginning of `html`.
pub(super) fn attribute(html: &str, name: &str) -> Option<String> {
    let tag = html.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn unescaped(text: &str) -> String {
    let named = text.replace("&quot;", "\"").replace("&#x2f;", "/").replace("&#x27;", "'");
    named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let html = r#"<form class="a" method="post" action="/x/intent"><input type="hidden" name="t" value="a&amp;b">
            <input type="radio" name="intent" value="guided"></form><form action="/y"></form>"#;
        let page = Page {
            status: 200,
            headers: HeaderMap::new(),
            url: "http://127.0.0.1/".parse().unwrap(),
            html: html.to_owned(),
        };
        assert_eq!(page.form("/intent").fields, BTreeMap::from([("t".to_owned(), "a&b".to_owned())]));
        assert!(page.has_form("/y") && !page.has_form("/z"));
    }
}

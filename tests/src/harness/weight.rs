//! What a page weighs: itself and everything that it has a browser fetch, as bytes of bodies on the wire.

use super::sheet::{Page, Person, attribute};

/// A page and what belongs to it.
#[derive(Debug, Clone)]
pub struct Weight {
    /// Each file, the page first.
    pub parts: Vec<Part>,
}

/// One file.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its media type, without parameters.
    pub kind: String,
    /// Bytes as they are.
    pub plain: usize,
    /// Bytes for a browser that takes gzip, as all do. What may not be compressed is as it is.
    pub gzipped: usize,
}

impl Weight {
    /// Weighs the page at `url` as `person` sees it.
    pub async fn of(person: &Person, url: &str) -> Self {
        let page = person.open(url).await;
        let mut parts = Vec::new();
        for address in std::iter::once(page.url.to_string()).chain(files(&page)) {
            let (kind, plain) = fetch(person, &address, "identity").await;
            let (_, gzipped) = fetch(person, &address, "gzip").await;
            parts.push(Part { kind, plain, gzipped });
        }
        Self { parts }
    }

    /// All of it as it is.
    #[must_use]
    pub fn plain(&self) -> usize {
        self.parts.iter().map(|part| part.plain).sum()
    }

    /// All of it for a browser that takes gzip.
    #[must_use]
    pub fn gzipped(&self) -> usize {
        self.parts.iter().map(|part| part.gzipped).sum()
    }
}

/// Addresses of styles, scripts and pictures.
fn files(page: &Page) -> Vec<String> {
    let tags = page.html.split('<').skip(1);
    let named = tags.filter_map(|tag| match tag.split_whitespace().next()? {
        "link" => attribute(tag, "href"),
        "script" | "img" => attribute(tag, "src"),
        _ => None,
    });
    named.map(|address| page.url.join(&address).unwrap().into()).collect()
}

async fn fetch(person: &Person, address: &str, encoding: &str) -> (String, usize) {
    let response = person.http.get(address).header("accept-encoding", encoding).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    let encoded = response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
    assert!(encoded.as_deref().is_none_or(|used| used == encoding), "{address}: {encoded:?}");
    let kind = response.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
    (kind, response.bytes().await.unwrap().len())
}

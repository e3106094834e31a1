//! `/sdk/v1/{file}`: the Web SDK for other people's pages, and what their browsers should hold it to.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha384};

use super::problem::Problem;
use crate::App;

/// The one source: it loads nothing beside itself, so that its hash covers all of it.
const MODULE: &str = include_str!("../../../sdk/web/ase.mjs");
const PACKAGE: &str = include_str!("../../../sdk/web/package.json");

static SCRIPTS: LazyLock<[Script; 2]> =
    LazyLock::new(|| [Script::of("ase.js", plain(MODULE)), Script::of("ase.mjs", MODULE.to_owned())]);
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let package: Value = serde_json::from_str(PACKAGE).unwrap_or_default();
    package.get("version").and_then(Value::as_str).unwrap_or_default().to_owned()
});

struct Script {
    name: &'static str,
    text: String,
    /// As the `integrity` attribute of a script tag takes it.
    integrity: String,
    /// The value of `v` in the address that is kept for a year.
    digest: String,
}

/// Which edition a page asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Edition {
    v: Option<String>,
}

pub(super) async fn file(
    Path(name): Path<String>,
    Query(edition): Query<Edition>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let script = SCRIPTS.iter().find(|script| script.name == name).ok_or_else(Problem::not_found)?;
    let kept = edition.v.as_ref() == Some(&script.digest);
    let cache = if kept { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    // weak: what is compressed on the way has other bytes
    let tag = format!("W/\"{}\"", script.digest);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script.text.as_str()).into_response()
    };
    open(response.headers_mut(), cache);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

pub(super) async fn integrity(State(app): State<App>) -> Response {
    let files: Map<String, Value> =
        SCRIPTS.iter().map(|script| script.published(&app.site.public_url)).collect();
    let mut response = Json(json!({ "version": *VERSION, "files": files })).into_response();
    open(response.headers_mut(), "public, max-age=300");
    response
}

/// Any page may load it, and check what it loaded: `integrity` asks for CORS, and isolated pages for the policy.
fn open(headers: &mut HeaderMap, cache: &'static str) {
    let fixed = [
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The same code for a page without modules: in a function of its own, and `ASE` in place of the exports.
fn plain(module: &str) -> String {
    let code = module.rsplit_once("\nexport ").map_or(module, |(code, _)| code);
    format!("(() => {{\n\"use strict\";\n{code}\nroot.ASE = ASE;\n}})();\n")
}

impl Script {
    fn of(name: &'static str, text: String) -> Self {
        let hash = Sha384::digest(text.as_bytes());
        let mut digest = data_encoding::HEXLOWER.encode(hash.as_slice());
        digest.truncate(16);
        Self { name, text, integrity: format!("sha384-{}", STANDARD.encode(hash.as_slice())), digest }
    }

    fn published(&self, public_url: &str) -> (String, Value) {
        let url = format!("{}/sdk/v1/{}?v={}", public_url.trim_end_matches('/'), self.name, self.digest);
        let about = json!({ "url": url, "integrity": self.integrity, "bytes": self.text.len() });
        (self.name.to_owned(), about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_says_the_version_of_its_package() {
        let says = format!("const VERSION = \"{}\";", *VERSION);
        assert!(MODULE.contains(&says), "{says}");
    }

    #[test]
    fn every_file_is_whole_in_itself() {
        let exports = "\nexport { ASE as default, ASE, challenge, VERSION as version };\n";
        let code = MODULE.strip_suffix(exports).expect("the module ends with its exports");
        for word in ["import ", "import(", "export ", "require("] {
            assert!(!code.contains(word), "{word}");
        }
        let plain = plain(MODULE);
        assert!(plain.contains(code) && plain.ends_with("root.ASE = ASE;\n})();\n"), "{plain}");
        assert!(!plain.contains("\nexport "), "{plain}");
    }
}

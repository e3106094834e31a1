//! Who calls: machine keys, the browser of a challenged person, and whether a form came from one of our pages.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use ase_engine::access::{Caller, KeyScope};
use ase_engine::id::random_secret;

use super::problem::Problem;
use crate::App;

/// Name of the cookie that tells browsers of challenged people apart.
const BROWSER_COOKIE: &str = "ase_browser";
/// How long a browser keeps it: longer than any session lives.
const BROWSER_COOKIE_SECONDS: u32 = 3600;

/// Whoever holds a valid machine key; what it may do is for the handler to ask.
#[derive(Debug, Clone)]
pub(crate) struct Key(pub(crate) Arc<Caller>);

impl Key {
    pub(crate) fn with(self, scope: KeyScope) -> Result<Arc<Caller>, Problem> {
        self.0.require(scope)?;
        Ok(self.0)
    }
}

impl FromRequestParts<App> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let key = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        Ok(Self(app.engine.directory().caller(key).await?))
    }
}

/// A machine key, where one is sent; the alternative is a browser's cookie.
#[derive(Debug, Clone)]
pub(crate) struct MaybeKey(pub(crate) Option<Arc<Caller>>);

impl FromRequestParts<App> for MaybeKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match bearer(&parts.headers) {
            Some(key) => Ok(Self(Some(app.engine.directory().caller(key).await?))),
            None => Ok(Self(None)),
        }
    }
}

/// The token of `Authorization: Bearer ...` (RFC 6750 section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Reads a cookie; a name that comes twice is no cookie of ours.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value);
    let first = found.next();
    if found.next().is_some() { None } else { first }
}

/// `__Host-` binds a cookie to the host and demands TLS; only without TLS, on loopback, the name goes bare.
pub(crate) fn cookie_name(app: &App, name: &str) -> String {
    if app.site.secure_cookies { format!("__Host-{name}") } else { name.to_owned() }
}

/// A `Set-Cookie` value; `max_age` of zero forgets the cookie.
pub(crate) fn set_cookie(app: &App, name: &str, value: &str, max_age: u32) -> Option<HeaderValue> {
    let secure = if app.site.secure_cookies { "; Secure" } else { "" };
    let name = cookie_name(app, name);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::from_str(&text).ok()
}

/// The browser of a challenged person, by its cookie.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) cookie: String,
    /// The cookie is new: it must be set.
    pub(crate) fresh: bool,
}

impl Browser {
    /// The browser that sent `headers`, with a new cookie if it has none.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Self {
        match Self::known(app, headers) {
            Some(cookie) => Self { cookie, fresh: false },
            None => Self { cookie: random_secret(&mut rand::rng()), fresh: true },
        }
    }

    /// The cookie of a browser that has one.
    pub(crate) fn known(app: &App, headers: &HeaderMap) -> Option<String> {
        let value = cookie(headers, &cookie_name(app, BROWSER_COOKIE))?;
        (value.len() == 43).then(|| value.to_owned())
    }

    pub(crate) fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        set_cookie(app, BROWSER_COOKIE, &self.cookie, BROWSER_COOKIE_SECONDS).filter(|_| self.fresh)
    }
}

/// The address of whoever sent a request, as far as trusted proxies tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) Option<IpAddr>);

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for");
        let forwarded = forwarded.iter().filter_map(|value| value.to_str().ok());
        Ok(Self(peer.map(|peer| app.site.trusted_proxies.client(peer, forwarded))))
    }
}

/// True when a request that changes something comes from one of our own pages, as the browser says (Fetch
/// metadata, Origin). A browser says at least one of the two; what says neither is no browser of ours.
pub(crate) fn is_same_origin(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // a page that sends no referrer has its forms sent with `Origin: null`: then the fetch metadata alone tells
    match (text("sec-fetch-site"), text("origin").filter(|origin| *origin != "null")) {
        (Some(site), None) => matches!(site, "same-origin" | "none"),
        (site, Some(origin)) => {
            origin == own_origin(&app.site.public_url) && site.is_none_or(|site| site == "same-origin")
        }
        (None, None) => false,
    }
}

/// Scheme and authority of a URL.
fn own_origin(public_url: &str) -> String {
    url::Url::parse(public_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn bearer_tokens_are_read() {
        assert_eq!(bearer(&headers("authorization", "Bearer ase_sk_x")), Some("ase_sk_x"));
        assert_eq!(bearer(&headers("authorization", "bearer  ase_sk_x ")), Some("ase_sk_x"));
        assert_eq!(bearer(&headers("authorization", "Basic abc")), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_cookie_that_comes_twice_is_none() {
        assert_eq!(cookie(&headers("cookie", "a=1; b=2"), "b"), Some("2"));
        assert_eq!(cookie(&headers("cookie", "a=1; a=2"), "a"), None);
        assert_eq!(cookie(&headers("cookie", "ab=1"), "a"), None);
    }
}

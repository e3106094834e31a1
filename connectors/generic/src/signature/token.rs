//! A secret that the sender presents as it is: in a header, as a password, or in the address.
//!
//! This proves who knows the token, and nothing about the body: prefer a signature wherever a sender offers one.

use data_encoding::BASE64;

use super::required;
use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Algorithm, Claim, KeyEncoding, Refusal};

/// The claim of a token in `token_header`, after `token_prefix`.
///
/// Without settings it is RFC 6750's `Authorization: Bearer <token>`; any other header holds the token alone.
///
/// # Errors
/// `unauthenticated` when the header is missing or does not begin with the prefix.
pub(super) fn bearer(request: Request<'_>) -> Result<Claim, Refusal> {
    let header = request.setting("token_header").unwrap_or("authorization").to_ascii_lowercase();
    let usual = if header == "authorization" { "Bearer " } else { "" };
    let prefix = request.setting("token_prefix").unwrap_or(usual);
    let token = after(required(request, &header)?, prefix)
        .filter(|token| !token.is_empty())
        .ok_or_else(|| unauthenticated(format!("header `{header}` holds no token after `{prefix}`")))?;
    Ok(presented(token.as_bytes().to_vec()))
}

/// The claim of HTTP Basic authentication (RFC 7617): the setting `basic_user` with the secret as password.
///
/// # Errors
/// `malformed` when `basic_user` is not set or holds a colon; `unauthenticated` when the header is missing,
/// unreadable or of another user.
pub(super) fn basic(request: Request<'_>) -> Result<Claim, Refusal> {
    let user = request
        .setting("basic_user")
        .filter(|user| !user.contains(':'))
        .ok_or_else(|| misconfigured("basic_user", "write the user's name, which holds no colon"))?;
    let written = after(required(request, "authorization")?, "Basic ")
        .and_then(|text| BASE64.decode(text.trim().as_bytes()).ok())
        .ok_or_else(|| unauthenticated("header `authorization` holds no readable `Basic` credentials"))?;
    let (name, password) = written
        .iter()
        .position(|byte| *byte == b':')
        .and_then(|colon| Some((written.get(..colon)?, written.get(colon.checked_add(1)?..)?)))
        .ok_or_else(|| unauthenticated("header `authorization` holds no colon between user and password"))?;
    if name != user.as_bytes() || password.is_empty() {
        return Err(unauthenticated("header `authorization` is of another user than setting `basic_user`"));
    }
    Ok(presented(password.to_vec()))
}

/// The claim of a token in the query string, under the name that the setting `query_param` gives.
///
/// # Errors
/// `unauthenticated` when the parameter is missing, empty, given twice or not UTF-8.
pub(super) fn query(request: Request<'_>) -> Result<Claim, Refusal> {
    let wanted = request.setting("query_param").unwrap_or("token");
    let pairs = request.query().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut found =
        pairs.filter(|(name, _)| decoded(name).as_deref() == Some(wanted)).map(|(_, value)| value);
    let (first, second) = (found.next(), found.next());
    let token = first.filter(|_| second.is_none()).and_then(decoded).filter(|token| !token.is_empty());
    let missing = || unauthenticated(format!("the query holds no single parameter `{wanted}` with a token"));
    Ok(presented(token.ok_or_else(missing)?.into_bytes()))
}

fn presented(token: Vec<u8>) -> Claim {
    Claim {
        algorithm: Algorithm::SharedToken,
        key: KeyEncoding::Utf8,
        message: Vec::new(),
        signatures: vec![token],
        signed_at: None,
    }
}

/// What follows `prefix`, whose letters may be in any case (RFC 9110, section 11.1).
fn after<'v>(value: &'v str, prefix: &str) -> Option<&'v str> {
    let (start, rest) = value.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// A name or value of a query as WHATWG URL, section 5.1, writes it: `+` for a blank, `%` and two digits for a byte.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

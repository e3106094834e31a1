//! A secret that the sender presents as it is, in a header.
//!
//! This proves who knows the token, and nothing about the body: prefer a signature wherever a sender offers one.

use super::required;
use crate::refusal::unauthenticated;
use crate::request::Request;
use crate::wit::{Algorithm, Claim, KeyEncoding, Refusal};

/// The claim of a token in `token_header`, after `token_prefix`.
///
/// Without settings it is RFC 6750's `Authorization: Bearer <token>`; any other header holds the token alone.
///
/// # Errors
/// `unauthenticated` when the header is missing or does not begin with the prefix.
pub(super) fn claim(request: Request<'_>) -> Result<Claim, Refusal> {
    let header = request.setting("token_header").unwrap_or("authorization").to_ascii_lowercase();
    let usual = if header == "authorization" { "Bearer " } else { "" };
    let prefix = request.setting("token_prefix").unwrap_or(usual);
    let token = after(required(request, &header)?, prefix)
        .filter(|token| !token.is_empty())
        .ok_or_else(|| unauthenticated(format!("header `{header}` holds no token after `{prefix}`")))?;
    Ok(Claim {
        algorithm: Algorithm::SharedToken,
        key: KeyEncoding::Utf8,
        message: Vec::new(),
        signatures: vec![token.as_bytes().to_vec()],
        signed_at: None,
    })
}

/// What follows `prefix`, whose letters may be in any case (RFC 9110, section 11.1).
fn after<'v>(value: &'v str, prefix: &str) -> Option<&'v str> {
    let (start, rest) = value.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

//! The parts of a token, as far as they may be trusted before its signature is checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{TOKEN_MAX, TYPE, TokenError, is_name};

/// The only three members a header may have. `jku`, `jwk`, `x5u`, `crit` and all else are refused by absence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// The one claim that anybody looks at before the signature.
#[derive(Deserialize)]
struct Owner {
    org_id: String,
}

/// Name of the key that is said to have signed the token, once its shape, type and algorithm are right.
pub(super) fn kid(token: &str) -> Result<String, TokenError> {
    let [header, payload, signature] = split(token)?;
    bytes(signature)?;
    let claims: serde_json::Value = json(payload)?;
    let header: Header = json(header)?;
    let ours = claims.is_object() && header.alg == "HS256" && header.typ == TYPE;
    if ours { Ok(header.kid) } else { Err(TokenError::Invalid) }
}

/// Whose token it says it is: nothing is verified, so it serves to find the owner's keys and audit log alone.
/// `None` when it is no decision token or the name could not be one of ours.
#[must_use]
pub fn unverified_org(token: &str) -> Option<String> {
    let [header, payload, _] = split(token).ok()?;
    let header: Header = json(header).ok()?;
    let owner: Owner = json(payload).ok()?;
    (header.typ == TYPE && is_name(&owner.org_id)).then_some(owner.org_id)
}

fn split(token: &str) -> Result<[&str; 3], TokenError> {
    if token.len() > TOKEN_MAX {
        return Err(TokenError::Malformed);
    }
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => Ok([header, payload, signature]),
        _ => Err(TokenError::Malformed),
    }
}

/// Reads one part. What is no JSON is malformed; JSON of another shape, or with a member twice, is invalid.
fn json<T: DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).or(Err(TokenError::Malformed))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| if error.is_data() { TokenError::Invalid } else { TokenError::Malformed })
}

fn bytes(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).or(Err(TokenError::Malformed))
}

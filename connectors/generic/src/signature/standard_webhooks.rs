//! Standard Webhooks 1.0.0: `id.timestamp.body` signed with HMAC-SHA-256 (`v1`) or Ed25519 (`v1a`).
//!
//! Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use data_encoding::BASE64;

use super::{required, unknown};
use crate::refusal::unauthenticated;
use crate::request::Request;
use crate::wit::{Algorithm, Claim, KeyEncoding, Part, Refusal};

/// The headers of the specification: id, time of the attempt, signatures.
const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];
/// The same three as Svix names them.
const SVIX_HEADERS: [&str; 3] = ["svix-id", "svix-timestamp", "svix-signature"];

/// Signatures of one claim: the host takes no more, and a rotation needs two.
const SIGNATURES: usize = 16;

/// One way of signing, as the signature header names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    /// HMAC-SHA-256 with a secret written `whsec_` and base64.
    V1,
    /// Ed25519 with a public key written `whpk_` and base64.
    V1a,
}

impl Version {
    fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V1a => "v1a",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::V1 => Algorithm::HmacSha256,
            Self::V1a => Algorithm::Ed25519,
        }
    }

    fn key(self) -> KeyEncoding {
        KeyEncoding::Base64(match self {
            Self::V1 => "whsec_".to_owned(),
            Self::V1a => "whpk_".to_owned(),
        })
    }

    /// Every signature of this version in the header; an entry that is not base64 is passed over, as are
    /// versions that this connector does not know.
    fn signatures(self, header: &str) -> Vec<Vec<u8>> {
        header
            .split(' ')
            .filter_map(|entry| entry.split_once(','))
            .filter(|(version, _)| *version == self.name())
            .filter_map(|(_, signature)| BASE64.decode(signature.as_bytes()).ok())
            .take(SIGNATURES)
            .collect()
    }
}

/// The claim of a Standard Webhooks delivery.
///
/// # Errors
/// `unauthenticated` when one of the three headers is missing, the id holds a dot, the time is not whole seconds
/// or no signature can be read; `malformed` when `signature_version` is unknown.
pub(super) fn claim(request: Request<'_>) -> Result<Claim, Refusal> {
    let pinned = pinned(request)?;
    let svix = request.flag("svix_headers") && request.header(HEADERS[0]).is_none();
    let [id, timestamp, signature] = if svix { SVIX_HEADERS } else { HEADERS };
    // A dot in the id would let two different messages share one signed text.
    if required(request, id)?.contains('.') {
        return Err(unauthenticated(format!("header `{id}` holds a dot, which the scheme forbids")));
    }
    let signed_at = seconds(required(request, timestamp)?)
        .ok_or_else(|| unauthenticated(format!("header `{timestamp}` is not whole seconds")))?;
    let (version, signatures) = chosen(pinned, required(request, signature)?);
    if signatures.is_empty() {
        return Err(unauthenticated(format!(
            "header `{signature}` holds no readable {} signature",
            version.name()
        )));
    }
    let dot = || Part::Literal(b".".to_vec());
    Ok(Claim {
        algorithm: version.algorithm(),
        key: version.key(),
        message: vec![
            Part::Header(id.to_owned()),
            dot(),
            Part::Header(timestamp.to_owned()),
            dot(),
            Part::Body,
        ],
        signatures,
        signed_at: Some(signed_at),
    })
}

/// The one version that the source takes, where it is pinned to one.
fn pinned(request: Request<'_>) -> Result<Option<Version>, Refusal> {
    match request.setting("signature_version") {
        None => Ok(None),
        Some("v1") => Ok(Some(Version::V1)),
        Some("v1a") => Ok(Some(Version::V1a)),
        Some(other) => Err(unknown("signature_version", other, "v1 or v1a")),
    }
}

/// The version to check and its signatures: the one that the source is pinned to, otherwise `v1` when the
/// delivery has one and `v1a` when it has not. One, because claims are not alternatives.
fn chosen(pinned: Option<Version>, header: &str) -> (Version, Vec<Vec<u8>>) {
    let symmetric = Version::V1.signatures(header);
    let asymmetric = Version::V1a.signatures(header);
    let version = pinned.unwrap_or(if symmetric.is_empty() && !asymmetric.is_empty() {
        Version::V1a
    } else {
        Version::V1
    });
    (version, if version == Version::V1 { symmetric } else { asymmetric })
}

/// Whole seconds since 1970 in plain digits.
fn seconds(text: &str) -> Option<f64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u32>().ok().filter(|_| digits).map(f64::from)
}

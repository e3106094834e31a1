//! Signatures in a header, over a message that the settings describe: HMAC and Ed25519.

use super::encoding::{Encoding, key};
use super::moment::Moment;
use super::template::Template;
use super::{hmac_algorithm, required};
use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Algorithm, Claim, KeyEncoding, Part, Refusal};

/// Signatures of one claim: the host takes no more, and no sender gives more.
const SIGNATURES: usize = 16;

/// The claim of GitHub's `X-Hub-Signature-256: sha256=<hex>`.
///
/// `X-Hub-Signature`, the SHA-1 of old, is never looked at. Source:
/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
///
/// # Errors
/// `unauthenticated` when the header is missing or unreadable.
pub(super) fn github(request: Request<'_>) -> Result<Claim, Refusal> {
    let header = "x-hub-signature-256";
    let text = after(header, required(request, header)?, "sha256=")?;
    let signature = Encoding::Hex.decode(text).ok_or_else(|| unreadable(header))?;
    Ok(Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Body],
        signatures: vec![signature],
        signed_at: None,
    })
}

/// The claim that the settings describe for an HMAC (RFC 2104).
///
/// # Errors
/// `unauthenticated` when a header is missing or unreadable; `malformed` when a setting is wrong.
pub(super) fn hmac(request: Request<'_>) -> Result<Claim, Refusal> {
    let (algorithm, key) = (hmac_algorithm(request)?, key(request, "utf8")?);
    Scheme::of(request)?.claim(request, algorithm, key)
}

/// The claim that the settings describe for Ed25519 (RFC 8032); the secret is the sender's public key.
///
/// # Errors
/// `unauthenticated` when a header is missing or unreadable; `malformed` when a setting is wrong.
pub(super) fn ed25519(request: Request<'_>) -> Result<Claim, Refusal> {
    let key = key(request, "hex")?;
    if key == KeyEncoding::Utf8 {
        return Err(misconfigured("key_encoding", "a public key is written as hex or base64"));
    }
    Scheme::of(request)?.claim(request, Algorithm::Ed25519, key)
}

/// Where the signatures stand and what they sign.
#[derive(Debug)]
struct Scheme<'d> {
    header: String,
    prefix: &'d str,
    encoding: Encoding,
    parameter: Option<&'d str>,
    separator: Option<&'d str>,
    moment: Option<Moment<'d>>,
    template: Template,
}

impl<'d> Scheme<'d> {
    fn of(request: Request<'d>) -> Result<Self, Refusal> {
        let scheme = Self {
            header: request.setting("signature_header").unwrap_or("x-signature").to_ascii_lowercase(),
            prefix: request.setting("signature_prefix").unwrap_or_default(),
            encoding: Encoding::of(request)?,
            parameter: request.setting("signature_param"),
            separator: request.setting("signature_separator"),
            moment: Moment::of(request)?,
            template: Template::of(request)?,
        };
        match &scheme.moment {
            Some(moment) if !scheme.template.covers_time(moment.header()) => Err(misconfigured(
                "signed",
                "the time is not in it; a time that is not signed proves nothing",
            )),
            Some(moment) if moment.parameter().is_some() && scheme.parameter.is_none() => Err(misconfigured(
                "time_param",
                "say with `signature_param` which parameter is the signature",
            )),
            None if scheme.template.names_time() => {
                Err(misconfigured("signed", "`{time}` needs `time_header` or `time_param`"))
            }
            _ => Ok(scheme),
        }
    }

    fn claim(self, request: Request<'_>, algorithm: Algorithm, key: KeyEncoding) -> Result<Claim, Refusal> {
        let value = required(request, &self.header)?;
        let parameters = self.parameters(value);
        let time = self.moment.as_ref().map(|moment| moment.read(request, &parameters)).transpose()?;
        let (text, signed_at) = time.unzip();
        Ok(Claim {
            algorithm,
            key,
            message: self.template.message(request, text.unwrap_or_default())?,
            signatures: self.signatures(value, &parameters)?,
            signed_at,
        })
    }

    /// The pairs of a header such as `t=1,v1=ab`.
    fn parameters<'t>(&self, value: &'t str) -> Vec<(&'t str, &'t str)> {
        if self.parameter.is_none() {
            return Vec::new();
        }
        let pairs = value.split(self.separator.unwrap_or(",")).filter_map(|entry| entry.split_once('='));
        pairs.map(|(key, value)| (key.trim(), value.trim())).collect()
    }

    /// Every signature that can be read. One is demanded; a second may be of an older secret.
    fn signatures(&self, value: &str, parameters: &[(&str, &str)]) -> Result<Vec<Vec<u8>>, Refusal> {
        let written: Vec<&str> = match (self.parameter, self.separator) {
            (Some(name), _) => {
                parameters.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect()
            }
            (None, Some(separator)) => value.split(separator).map(str::trim).collect(),
            (None, None) => {
                after(&self.header, value, self.prefix)?;
                vec![value]
            }
        };
        let bare = written.iter().filter_map(|text| text.strip_prefix(self.prefix));
        let read: Vec<_> = bare.filter_map(|text| self.encoding.decode(text)).take(SIGNATURES).collect();
        if read.is_empty() { Err(unreadable(&self.header)) } else { Ok(read) }
    }
}

fn after<'v>(header: &str, value: &'v str, prefix: &str) -> Result<&'v str, Refusal> {
    value
        .strip_prefix(prefix)
        .ok_or_else(|| unauthenticated(format!("header `{header}` does not begin with `{prefix}`")))
}

fn unreadable(header: &str) -> Refusal {
    unauthenticated(format!("header `{header}` holds no readable signature"))
}

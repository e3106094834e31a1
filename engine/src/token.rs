//! Decision tokens: what a platform's back end hands in to learn what was decided.
//!
//! A token is a JWT (RFC 7519) under HS256 with a key of its organisation that never leaves this system. Reading
//! one follows RFC 8725: one algorithm, explicit type, every claim required. It never asks for the time and
//! never knows whether a token was used: the store does both in one statement, without leeway.

mod claims;
mod parts;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use thiserror::Error;

pub use claims::{Assurance, Claims, Env, TokenOutcome, action_hash};
pub use parts::unverified_org;

/// Largest token that is looked at, in bytes.
const TOKEN_MAX: usize = 4096;

/// Shortest key: as long as the hash, RFC 7518 section 3.2.
const KEY_MIN: usize = 32;

/// Longest name of a key or organisation, in bytes.
const NAME_MAX: usize = 64;

/// `typ` of the header (RFC 8725 section 3.11), so that no other JWT passes for a decision.
const TYPE: &str = "ase-decision+jwt";

/// Why a token was refused or could not be made. A caller may learn [`TokenError::Malformed`]; all that is wrong
/// beyond that is one and the same to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not three parts of base64url with JSON objects, or larger than 4 KiB.
    #[error("token is not a JWT of at most 4 KiB")]
    Malformed,
    /// Another type or algorithm, an unknown key, a wrong signature, or claims that are missing, of the wrong
    /// type or of another issuer or organisation.
    #[error("token is not a decision token of this organisation")]
    Invalid,
    /// The claims to sign contradict each other or are empty.
    #[error("claims are incomplete or contradict each other")]
    Claims,
    /// The claims to sign are too long.
    #[error("token would be larger than 4 KiB; shorten the ids of the event")]
    TooLong,
    /// No key of this name.
    #[error("no token key of this name")]
    UnknownKey,
    /// A key of fewer than 32 bytes, or of equal bytes.
    #[error("token key must be at least 32 random bytes")]
    WeakKey,
    /// A name that is empty, longer than 64 bytes or has other characters than letters, digits, `_`, `-`, `.`.
    #[error("name of a token key must be 1 to 64 letters, digits, `_`, `-` or `.`")]
    KeyName,
    /// No keys, or two of one name.
    #[error("a keyring needs at least one key, and each name once")]
    Keyring,
}

/// One signing key of an organisation.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// Its name, `kid` of the header.
    pub kid: String,
    signing: EncodingKey,
    checking: DecodingKey,
}

/// The keys of one organisation: the first signs, all verify, so that keys can be rotated with overlap.
#[derive(Debug, Clone)]
pub struct Keyring(Vec<TokenKey>);

impl TokenKey {
    /// A key of at least 32 bytes.
    ///
    /// # Errors
    /// [`TokenError::WeakKey`] for a short key or one of equal bytes, [`TokenError::KeyName`] for a bad name.
    pub fn new(kid: impl Into<String>, secret: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let (kid, secret) = (kid.into(), secret.as_ref());
        if !is_name(&kid) {
            return Err(TokenError::KeyName);
        }
        let constant = secret.iter().zip(secret.iter().skip(1)).all(|(one, two)| one == two);
        if secret.len() < KEY_MIN || constant {
            return Err(TokenError::WeakKey);
        }
        Ok(Self {
            kid,
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
        })
    }
}

impl Keyring {
    /// A ring of `keys`, the signing one first.
    ///
    /// # Errors
    /// [`TokenError::Keyring`] without keys or with two of one name.
    pub fn new(keys: Vec<TokenKey>) -> Result<Self, TokenError> {
        let twice =
            keys.iter().enumerate().any(|(at, key)| keys.iter().skip(at + 1).any(|k| k.kid == key.kid));
        if keys.is_empty() || twice { Err(TokenError::Keyring) } else { Ok(Self(keys)) }
    }

    /// The token for `claims` under the first key. The same claims and key give the same bytes.
    ///
    /// # Errors
    /// [`TokenError::Claims`] when the claims contradict each other, [`TokenError::TooLong`] above 4 KiB.
    pub fn mint(&self, claims: &Claims) -> Result<String, TokenError> {
        self.0.first().ok_or(TokenError::UnknownKey).and_then(|key| sign(key, claims))
    }

    /// The token for `claims` under the key `kid`, to make again, byte for byte, one that was made before.
    ///
    /// # Errors
    /// [`TokenError::UnknownKey`] when the key is gone, else as [`Keyring::mint`].
    pub fn mint_with(&self, kid: &str, claims: &Claims) -> Result<String, TokenError> {
        self.key(kid).ok_or(TokenError::UnknownKey).and_then(|key| sign(key, claims))
    }

    /// Name of the key that signs.
    #[must_use]
    pub fn signing_kid(&self) -> Option<&str> {
        self.0.first().map(|key| key.kid.as_str())
    }

    /// The claims of a token of `org_id` made by `issuer`, and the name of the key that signed it. Everything is
    /// checked but the time.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] or [`TokenError::Invalid`], nothing else.
    pub fn read(&self, token: &str, issuer: &str, org_id: &str) -> Result<(Claims, String), TokenError> {
        let kid = parts::kid(token)?;
        let key = self.key(&kid).ok_or(TokenError::Invalid)?;
        let read = jsonwebtoken::decode::<Claims>(token, &key.checking, &validation(issuer, org_id));
        let claims = read.or(Err(TokenError::Invalid))?.claims;
        let ours = claims.iss == issuer && claims.aud == org_id && claims.are_consistent();
        if ours { Ok((claims, kid)) } else { Err(TokenError::Invalid) }
    }

    fn key(&self, kid: &str) -> Option<&TokenKey> {
        self.0.iter().find(|key| key.kid == kid)
    }
}

fn sign(key: &TokenKey, claims: &Claims) -> Result<String, TokenError> {
    if !claims.are_consistent() {
        return Err(TokenError::Claims);
    }
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid.clone());
    let token = jsonwebtoken::encode(&header, claims, &key.signing).or(Err(TokenError::Claims))?;
    if token.len() <= TOKEN_MAX { Ok(token) } else { Err(TokenError::TooLong) }
}

/// The library would let a token without `iss` or `aud` pass, and allow a minute of leeway, unless told.
fn validation(issuer: &str, org_id: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[org_id]);
    validation.leeway = 0;
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests;

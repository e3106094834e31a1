//! Keys: one master key, and what is sealed, matched or bound under keys made from it.
//!
//! Each organisation and purpose has its own key, HKDF-SHA-256 (RFC 5869) of the master key with the info
//! `ase/v1/<purpose>/<org_id>`, so that nothing of one organisation opens or matches at another. No key leaves
//! this file, and `Debug` shows none.

mod strength;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use rand::CryptoRng;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use thiserror::Error;

/// Bytes of the random nonce before each ciphertext: long enough to draw without counting.
const NONCE_BYTES: usize = 24;

/// Why a master key was refused or a sealed value did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VaultError {
    /// Neither base64 nor hex.
    #[error("master key is neither base64 nor hex; make one with `openssl rand -base64 32`")]
    Encoding,
    /// Fewer than 32 bytes.
    #[error("master key has {0} bytes, needs at least 32; make one with `openssl rand -base64 32`")]
    Short(usize),
    /// Long enough, but not random.
    #[error("master key {0}; make one with `openssl rand -base64 32`")]
    Weak(&'static str),
    /// Sealed under another key or for another place, or changed since.
    #[error("sealed value does not open: it belongs to another key or place, or was changed")]
    Sealed,
}

/// The key everything else is made from. Whoever has it and the database can read and sign everything.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<Vec<u8>>);

/// The keys of one organisation.
#[derive(Clone)]
pub struct OrgVault {
    seal: Zeroizing<[u8; 32]>,
    fingerprint: MacKey,
    otp: MacKey,
    binding: MacKey,
    form: MacKey,
    stop: MacKey,
}

/// As long as a block of SHA-256, the longest key that HMAC (RFC 2104) takes as it is.
type MacKey = Zeroizing<[u8; 64]>;

impl MasterKey {
    /// Reads a key written as hex or as base64 of at least 32 bytes, and refuses one that is visibly not random.
    ///
    /// # Errors
    /// [`VaultError`] says what is wrong, never what the key is.
    pub fn parse(text: &SecretString) -> Result<Self, VaultError> {
        strength::read(text.expose_secret()).map(Self)
    }

    /// Makes a new key of 256 bits, as text for [`MasterKey::parse`].
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> SecretString {
        loop {
            let text = SecretString::from(crate::id::random_secret(rng));
            // About one key in ten million looks like a word by chance.
            if Self::parse(&text).is_ok() {
                return text;
            }
        }
    }

    /// The keys of one organisation.
    #[must_use]
    pub fn org(&self, org_id: &str) -> OrgVault {
        let root = Hkdf::<Sha256>::new(None, &self.0);
        OrgVault {
            seal: derive(&root, "seal", org_id),
            fingerprint: derive(&root, "fingerprint", org_id),
            otp: derive(&root, "otp", org_id),
            binding: derive(&root, "binding", org_id),
            form: derive(&root, "form", org_id),
            stop: derive(&root, "stop", org_id),
        }
    }
}

impl OrgVault {
    /// Encrypts `plain` with XChaCha20-Poly1305: a random nonce, then the ciphertext. `context` names the place
    /// it is for (`event/<session id>`); elsewhere it will not open, so a row cannot be moved.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only from 256 GiB on (RFC 8439, 2.8)"
    )]
    pub fn seal(&self, context: &str, plain: &[u8], rng: &mut (impl CryptoRng + ?Sized)) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("a message that fits in memory is encrypted");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`OrgVault::seal`] made for the same `context`.
    ///
    /// # Errors
    /// [`VaultError::Sealed`] when it was sealed for another place or organisation, or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Sealed)?;
        let payload = Payload { msg: sealed, aad: context.as_bytes() };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).or(Err(VaultError::Sealed))
    }

    /// A twin of `value` to look for equal ones by (addresses, devices), HMAC-SHA-256 as plain hashes of short
    /// values are soon guessed. The caller brings `value` into its one spelling first.
    #[must_use]
    pub fn fingerprint(&self, purpose: &str, value: &str) -> [u8; 32] {
        mac(&self.fingerprint, &[purpose.as_bytes(), value.as_bytes()])
    }

    /// What is stored of a code: good for this session, this sending and this address alone.
    #[must_use]
    pub fn otp_hash(&self, session_id: &str, code_number: i32, destination: &str, code: &str) -> [u8; 32] {
        let number = code_number.to_be_bytes();
        mac(&self.otp, &[session_id.as_bytes(), &number, destination.as_bytes(), code.as_bytes()])
    }

    /// What is stored of the cookie that ties a session to the browser that opened it first.
    #[must_use]
    pub fn binding_hash(&self, session_id: &str, cookie: &str) -> [u8; 32] {
        mac(&self.binding, &[session_id.as_bytes(), cookie.as_bytes()])
    }

    /// The token in each form of the page, which no other site can know (43 characters of base64url).
    #[must_use]
    pub fn form_token(&self, session_id: &str, cookie: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.form, &[session_id.as_bytes(), cookie.as_bytes()]))
    }

    /// True when `given` is the [`OrgVault::form_token`] of this session and cookie; in constant time.
    #[must_use]
    pub fn form_token_matches(&self, session_id: &str, cookie: &str, given: &str) -> bool {
        self.form_token(session_id, cookie).as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// What the Stop link of a session's mails ends in (43 characters of base64url): it stops, and opens nothing.
    #[must_use]
    pub fn stop_key(&self, session_id: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.stop, &[session_id.as_bytes()]))
    }

    /// True when `given` is the [`OrgVault::stop_key`] of this session; in constant time.
    #[must_use]
    pub fn stop_key_matches(&self, session_id: &str, given: &str) -> bool {
        self.stop_key(session_id).as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// What the wording for a session that breaks off contact is chosen by.
    #[must_use]
    pub fn variant_digest(&self, session_id: &str) -> [u8; 32] {
        self.fingerprint("break-contact-variant", session_id)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.seal).into())
    }
}

/// The key of one purpose and organisation. A purpose holds no slash, so no two infos are alike.
fn derive<const N: usize>(root: &Hkdf<Sha256>, purpose: &str, org_id: &str) -> Zeroizing<[u8; N]> {
    let mut key = Zeroizing::new([0; N]);
    let info = [b"ase/v1/".as_slice(), purpose.as_bytes(), b"/", org_id.as_bytes()];
    #[expect(clippy::expect_used, reason = "HKDF refuses only more than 8160 bytes (RFC 5869, 2.3)")]
    root.expand_multi_info(&info, key.as_mut_slice()).expect("HKDF gives keys of 32 and 64 bytes");
    key
}

/// HMAC-SHA-256 over fields that each carry their length, so that no two lists of fields read alike.
fn mac(key: &MacKey, fields: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new((&**key).into());
    for field in fields {
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

impl fmt::Debug for OrgVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrgVault(hidden)")
    }
}

#[cfg(test)]
mod tests;

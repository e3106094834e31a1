//! Signatures over components: Ed25519, carried in the last custom section, checked before anything of it is compiled.
//!
//! What is signed is the component without that section, so a signed component is still one file and runs anywhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{SIGNATURE_LENGTH, Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// How the section begins: custom, 155 bytes long, its name of 13 bytes.
const HEAD: &[u8] = b"\x00\x9b\x01\x0dase:signature";
/// The whole section: its head, a public key as text, a blank, a signature in base64.
const SECTION: usize = HEAD.len() + PUBLIC.len() + 44 + 1 + 88;
/// What a public key begins with.
const PUBLIC: &str = "ed25519:";
/// What a secret key begins with.
const SECRET: &str = "ed25519-secret:";
/// What a signature is made of, so that none made for something else fits.
const PURPOSE: &[u8] = b"ase connector signature v1\0";

/// Whose signatures a deployment trusts, and whether it takes anything else.
#[derive(Debug, Clone, Default)]
pub struct Signers {
    trusted: Vec<VerifyingKey>,
    required: bool,
}

/// Why a component's signature speaks against it.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// It has none, and needs one.
    #[error(
        "carries no signature, and only signed connectors are taken here (`connectors.require_signature`): sign it \
         with `ase connector sign`"
    )]
    Missing,
    /// Nobody here trusts the key.
    #[error("is signed by {0}, which is not among `connectors.trusted_keys`")]
    Untrusted(String),
    /// The bytes are not those that were signed.
    #[error("was changed after it was signed: fetch it once more, or sign it anew")]
    Changed,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not of this form.
    #[error("must be `ed25519:` and 32 bytes in base64, as `ase connector new-key` prints it")]
    Public,
    /// Not of this form. What it is instead is not repeated.
    #[error("must hold `ed25519-secret:` and 32 bytes in base64, as `ase connector new-key` writes it")]
    Secret,
    /// Nobody could ever pass.
    #[error("cannot be demanded without any `connectors.trusted_keys`: name the keys that may sign")]
    Nobody,
}

impl Signers {
    /// Reads public keys.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn new(keys: &[String], required: bool) -> Result<Self, KeyError> {
        if required && keys.is_empty() {
            return Err(KeyError::Nobody);
        }
        let trusted = keys.iter().map(|key| public_key(key).ok_or(KeyError::Public));
        Ok(Self { trusted: trusted.collect::<Result<_, _>>()?, required })
    }

    /// The trusted key that signed a component, if one did.
    ///
    /// # Errors
    /// [`SignatureError`]. One that does not fit its component is refused even where none is needed.
    pub(super) fn check(&self, component: &[u8]) -> Result<Option<String>, SignatureError> {
        let Some(key) = signer(component)? else {
            return if self.required { Err(SignatureError::Missing) } else { Ok(None) };
        };
        let name = named(&key);
        match self.trusted.contains(&key) {
            true => Ok(Some(name)),
            false if self.required => Err(SignatureError::Untrusted(name)),
            false => Ok(None),
        }
    }
}

/// Who signed a component, trusted or not, if it is signed at all.
///
/// # Errors
/// [`SignatureError::Changed`].
pub(super) fn signed_by(component: &[u8]) -> Result<Option<String>, SignatureError> {
    Ok(signer(component)?.as_ref().map(named))
}

fn signer(component: &[u8]) -> Result<Option<VerifyingKey>, SignatureError> {
    let Some((signed, key, signature)) = split(component) else { return Ok(None) };
    key.verify_strict(&message(signed), &signature).map_err(|_error| SignatureError::Changed)?;
    Ok(Some(key))
}

/// A fresh secret key as text, and its public key.
#[must_use]
pub fn new_key() -> (SecretString, String) {
    let key = SigningKey::from_bytes(&rand::random());
    let secret = SecretString::from(format!("{SECRET}{}", STANDARD.encode(key.to_bytes())));
    (secret, named(&key.verifying_key()))
}

/// A component with a signature, in place of an earlier one, and the public key that it can be checked with.
///
/// # Errors
/// [`KeyError::Secret`].
pub fn sign(component: &[u8], secret: &SecretString) -> Result<(Vec<u8>, String), KeyError> {
    let digits = secret.expose_secret().trim().strip_prefix(SECRET).ok_or(KeyError::Secret)?;
    let bytes = STANDARD.decode(digits).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = SigningKey::from_bytes(&bytes.ok_or(KeyError::Secret)?);
    let bare = split(component).map_or(component, |(bare, _, _)| bare);
    let name = named(&key.verifying_key());
    let signature = STANDARD.encode(key.sign(&message(bare)).to_bytes());
    let signed = [bare, HEAD, name.as_bytes(), b" ", signature.as_bytes()].concat();
    Ok((signed, name))
}

/// What is signed: what it is for, and the digest of the component.
fn message(component: &[u8]) -> Vec<u8> {
    [PURPOSE, &Sha256::digest(component)].concat()
}

/// A component without its signature, the key and the signature. The section has one length, so the last bytes of a
/// file are this section or they are not.
fn split(component: &[u8]) -> Option<(&[u8], VerifyingKey, Signature)> {
    let (bare, section) = component.split_at_checked(component.len().checked_sub(SECTION)?)?;
    let text = std::str::from_utf8(section.strip_prefix(HEAD)?).ok()?;
    let (key, signature) = text.split_once(' ')?;
    let signature = <[u8; SIGNATURE_LENGTH]>::try_from(STANDARD.decode(signature).ok()?).ok()?;
    Some((bare, public_key(key)?, Signature::from_bytes(&signature)))
}

fn public_key(text: &str) -> Option<VerifyingKey> {
    let bytes = STANDARD.decode(text.trim().strip_prefix(PUBLIC)?).ok()?;
    VerifyingKey::from_bytes(&<[u8; 32]>::try_from(bytes).ok()?).ok()
}

fn named(key: &VerifyingKey) -> String {
    format!("{PUBLIC}{}", STANDARD.encode(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

    #[test]
    fn a_signature_is_one_custom_section_of_a_fixed_length() {
        let (secret, name) = new_key();
        let (signed, by) = sign(COMPONENT, &secret).unwrap();
        assert_eq!((by, signed.len()), (name, COMPONENT.len() + SECTION));
        let sections = wasmparser::Parser::new(0).parse_all(&signed).map(Result::unwrap);
        let names: Vec<_> = sections
            .filter_map(|payload| match payload {
                wasmparser::Payload::CustomSection(section) => Some(section.name().to_owned()),
                _ => None,
            })
            .collect();
        assert_eq!(names, ["ase:signature"], "every parser passes over it");
        let again = sign(&signed, &secret).unwrap().0;
        assert_eq!(again, signed, "signed anew, it has one signature");
    }

    #[test]
    fn only_what_a_trusted_key_signed_is_taken_where_that_is_asked_for() {
        let ((secret, name), (other, stranger)) = (new_key(), new_key());
        let strict = Signers::new(std::slice::from_ref(&name), true).unwrap();
        let lenient = Signers::default();
        let signed = sign(COMPONENT, &secret).unwrap().0;
        assert_eq!(strict.check(&signed).unwrap(), Some(name));
        assert!(matches!(strict.check(COMPONENT), Err(SignatureError::Missing)));
        let foreign = sign(COMPONENT, &other).unwrap().0;
        assert!(matches!(strict.check(&foreign), Err(SignatureError::Untrusted(key)) if key == stranger));
        assert_eq!(lenient.check(&foreign).unwrap(), None, "nobody vouches for it");
        assert_eq!(lenient.check(COMPONENT).unwrap(), None);
        for at in 0..signed.len() {
            let mut changed = signed.clone();
            changed[at] ^= 1;
            assert!(strict.check(&changed).is_err(), "byte {at}");
        }
        let appended = [&*signed, b"\0\x02\x01a"].concat();
        assert!(matches!(strict.check(&appended), Err(SignatureError::Missing)), "something came after it");
    }

    #[test]
    fn keys_of_another_form_are_refused_without_being_repeated() {
        for key in ["", "ed25519:", "ed25519:AAAA", "rsa:AAAA"] {
            assert!(Signers::new(&[key.to_owned()], false).is_err(), "{key}");
        }
        assert!(matches!(Signers::new(&[], true), Err(KeyError::Nobody)));
        let said = sign(COMPONENT, &SecretString::from("hunter2")).unwrap_err().to_string();
        assert!(!said.contains("hunter2"), "{said}");
    }
}

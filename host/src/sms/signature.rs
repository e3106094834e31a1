//! Who calls back: `X-Twilio-Signature`, HMAC-SHA-1 over the URL and all parameters of the form, base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;

/// Whether whoever holds `token` signed a form that came to `url`; in constant time.
#[must_use]
pub fn is_signed(token: &SecretString, url: &str, form: &[(String, String)], given: &str) -> bool {
    let Ok(given) = STANDARD.decode(given.trim()) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else { return false };
    mac.update(url.as_bytes());
    let mut fields: Vec<&(String, String)> = form.iter().collect();
    fields.sort();
    fields.dedup();
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.verify_slice(&given).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the provider's documentation ("Validating signatures", token `12345`).
    #[test]
    fn the_documented_example_is_signed() {
        let token = SecretString::from("12345");
        let form = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ];
        let form: Vec<(String, String)> =
            form.iter().rev().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_signed(&token, url, &form, signature));
        assert!(!is_signed(&SecretString::from("12346"), url, &form, signature));
        assert!(!is_signed(&token, "https://mycompany.com/myapp.php?foo=1&bar=3", &form, signature));
        assert!(!is_signed(&token, url, &form[1..], signature));
        for wrong in ["", "RSOYDt4T1cUTdK1PDd93", "not base64", "GvWf1cFY/Q7PnoempGyD5oXAezc="] {
            assert!(!is_signed(&token, url, &form, wrong), "{wrong}");
        }
    }
}

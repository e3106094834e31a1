//! `Brand`: how an organisation looks and speaks on the pages of its challenges.

mod colour;
mod logo;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use colour::{Colour, Colours, SURFACES};
pub use logo::{LOGO_FILE_MAX, LOGO_MAX, Logo};

use crate::org::Org;
use crate::problem::FieldError;

/// Longest policy statement, in characters.
const STATEMENT_MAX: usize = 1000;
/// Longest telephone number, in characters.
const PHONE_MAX: usize = 40;
/// Longest support page, in bytes.
const URL_MAX: usize = 2048;

/// What an organisation set. What it did not set is plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// The language of the organisation's own words.
    pub default_language: String,
    /// Buttons and links.
    pub colours: Option<Colours>,
    /// Digest of the logo.
    pub logo: Option<String>,
    /// The same words and ways in other languages, by BCP 47 tag.
    pub texts: BTreeMap<String, Texts>,
}

/// Words and official ways in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// What the organisation never asks for.
    pub policy_statement: Option<String>,
    /// Official support page, https.
    pub support_url: Option<String>,
    /// Official telephone number.
    pub support_phone: Option<String>,
    /// Official address for mail.
    pub support_email: Option<String>,
}

impl Default for Brand {
    fn default() -> Self {
        Self { default_language: "en".to_owned(), colours: None, logo: None, texts: BTreeMap::new() }
    }
}

impl Brand {
    /// What the organisation says in `language`: field by field, the words of that language, else those of its default
    /// language, else its own.
    #[must_use]
    pub fn words(&self, language: &str, org: &Org) -> Texts {
        let languages = [language, self.default_language.as_str()];
        let said = languages.into_iter().filter_map(|tag| self.texts.get(tag)).rev();
        said.fold(Texts::of(org), |below, above| Texts {
            policy_statement: above.policy_statement.clone().or(below.policy_statement),
            support_url: above.support_url.clone().or(below.support_url),
            support_phone: above.support_phone.clone().or(below.support_phone),
            support_email: above.support_email.clone().or(below.support_email),
        })
    }
}

impl Texts {
    /// What the organisation said when it was made.
    #[must_use]
    pub fn of(org: &Org) -> Self {
        Self {
            policy_statement: Some(org.policy_statement.clone()),
            support_url: org.support_url.clone(),
            support_phone: org.support_phone.clone(),
            support_email: org.support_email.clone(),
        }
    }

    /// Whether people in danger may be shown this.
    ///
    /// # Errors
    /// [`FieldError`] naming the field.
    pub fn check(&self) -> Result<(), FieldError> {
        if *self == Self::default() {
            return Err(FieldError::new("", "give at least one of policy_statement and the support fields"));
        }
        let statement = self.policy_statement.as_deref().unwrap_or_default();
        if statement.chars().count() > STATEMENT_MAX || statement.chars().any(char::is_control) {
            let detail =
                format!("must be at most {STATEMENT_MAX} characters without line breaks or controls");
            return Err(FieldError::new("/policy_statement", detail));
        }
        if let Some(url) = &self.support_url {
            let parsed = url::Url::parse(url).ok().filter(|_| url.len() <= URL_MAX);
            let plain = parsed.is_some_and(|url| url.scheme() == "https" && url.username().is_empty());
            plain.then_some(()).ok_or_else(|| FieldError::new("/support_url", "must be an https URL"))?;
        }
        if let Some(phone) = &self.support_phone {
            let digits = phone.bytes().filter(u8::is_ascii_digit).count();
            let written = phone.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c));
            if digits < 3 || !written || phone.len() > PHONE_MAX {
                let detail = "must be a telephone number: digits, spaces and any of + ( ) - . /";
                return Err(FieldError::new("/support_phone", detail));
            }
        }
        match &self.support_email {
            Some(email) if !crate::event::is_email_address(email) => {
                Err(FieldError::new("/support_email", "must be an e-mail address"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org() -> Org {
        Org {
            org_id: "org_1".to_owned(),
            name: "Shop".to_owned(),
            policy_statement: "We never call.".to_owned(),
            support_url: Some("https://shop.example/help".to_owned()),
            support_phone: Some("+44 1".to_owned()),
            support_email: None,
            return_urls: Vec::new(),
        }
    }

    #[test]
    fn words_fall_back_field_by_field() {
        let german = Texts { policy_statement: Some("Wir rufen nie an.".to_owned()), ..Texts::default() };
        let french = Texts { support_phone: Some("+33 1".to_owned()), ..Texts::default() };
        let texts = BTreeMap::from([("de".to_owned(), german), ("fr".to_owned(), french)]);
        let brand = Brand { texts, default_language: "fr".to_owned(), ..Brand::default() };
        let said = |language| {
            let words = brand.words(language, &org());
            (words.policy_statement.unwrap(), words.support_phone.unwrap(), words.support_url.unwrap())
        };
        let page = "https://shop.example/help".to_owned();
        assert_eq!(said("de"), ("Wir rufen nie an.".to_owned(), "+33 1".to_owned(), page.clone()));
        assert_eq!(said("ja"), ("We never call.".to_owned(), "+33 1".to_owned(), page));
    }

    #[test]
    fn what_people_in_danger_see_is_checked() {
        let table = [
            (Texts::default(), ""),
            (Texts { policy_statement: Some("x".repeat(1001)), ..Texts::default() }, "/policy_statement"),
            (Texts { policy_statement: Some("a\nb".to_owned()), ..Texts::default() }, "/policy_statement"),
            (
                Texts { support_url: Some("http://shop.example".to_owned()), ..Texts::default() },
                "/support_url",
            ),
            (
                Texts { support_url: Some("javascript:alert(1)".to_owned()), ..Texts::default() },
                "/support_url",
            ),
            (
                Texts { support_url: Some("https://a@evil.example".to_owned()), ..Texts::default() },
                "/support_url",
            ),
            (Texts { support_phone: Some("call me".to_owned()), ..Texts::default() }, "/support_phone"),
            (Texts { support_phone: Some("+49\r\n30".to_owned()), ..Texts::default() }, "/support_phone"),
            (Texts { support_email: Some("nobody".to_owned()), ..Texts::default() }, "/support_email"),
        ];
        for (texts, pointer) in table {
            assert_eq!(texts.check().unwrap_err().pointer, pointer, "{texts:?}");
        }
        let good = Texts { support_phone: Some("+49 (30) 123-456".to_owned()), ..Texts::default() };
        assert_eq!(good.check(), Ok(()));
    }
}

//! `Catalogue`: all messages of one language, read from `templates/messages/` and filled in for a page or a mail.
//!
//! A message is text with places and at most two kinds of elements; its pieces are known before anything is filled
//! in, so nothing that an organisation or a platform writes can become markup.

mod function;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use icu_locale_core::LanguageIdentifier;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesPreferences};
use toml::Value;

use self::pattern::{Filling, Form, Pattern};
use super::{Direction, Language};

pub(super) use function::{names, register};

/// The catalogues, embedded: a missing file stops the build.
const FILES: [(Language, &str); 13] = [
    (Language::English, include_str!("../../../templates/messages/en.toml")),
    (Language::German, include_str!("../../../templates/messages/de.toml")),
    (Language::French, include_str!("../../../templates/messages/fr.toml")),
    (Language::Spanish, include_str!("../../../templates/messages/es.toml")),
    (Language::Portuguese, include_str!("../../../templates/messages/pt.toml")),
    (Language::Italian, include_str!("../../../templates/messages/it.toml")),
    (Language::Dutch, include_str!("../../../templates/messages/nl.toml")),
    (Language::Polish, include_str!("../../../templates/messages/pl.toml")),
    (Language::Turkish, include_str!("../../../templates/messages/tr.toml")),
    (Language::Japanese, include_str!("../../../templates/messages/ja.toml")),
    (Language::Chinese, include_str!("../../../templates/messages/zh-Hans.toml")),
    (Language::Hindi, include_str!("../../../templates/messages/hi.toml")),
    (Language::Arabic, include_str!("../../../templates/messages/ar.toml")),
];

/// All messages of one language.
#[derive(Debug)]
pub(super) struct Catalogue {
    language: Language,
    /// The rules themselves are made from it whenever they are needed: that is a look-up, and they are not `Sync`.
    plurals: PluralRulesPreferences,
    messages: BTreeMap<String, Message>,
}

/// One message, or its forms for numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    One(Pattern),
    Counted(BTreeMap<PluralCategory, Pattern>),
}

impl Catalogue {
    /// All catalogues.
    pub(super) fn all() -> Result<Vec<Self>, String> {
        FILES.iter().map(|&(language, text)| Self::read(language, text)).collect()
    }

    /// Reads a catalogue; the error names the message that does not read.
    fn read(language: Language, text: &str) -> Result<Self, String> {
        let tag = language.tag();
        let locale = LanguageIdentifier::try_from_str(tag).map_err(|error| format!("{tag}: {error}"))?;
        let table: toml::Table = text.parse().map_err(|error| format!("{tag}: {error}"))?;
        let mut messages = BTreeMap::new();
        for (name, value) in table {
            gather(name, value, &mut messages).map_err(|error| format!("{tag}: {error}"))?;
        }
        Ok(Self { language, plurals: (&locale).into(), messages })
    }

    /// Whose messages they are.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The language's name for itself.
    fn name(&self) -> String {
        let empty = |_: &str| Err::<Filling, String>(String::new());
        self.say("page.name", None, Form::Text { isolated: false }, empty).unwrap_or_default()
    }

    /// A message, filled in. `count` chooses the form of a message about a number.
    fn say<E: From<String>>(
        &self,
        key: &str,
        count: Option<i64>,
        form: Form,
        fill: impl FnMut(&str) -> Result<Filling, E>,
    ) -> Result<String, E> {
        let tag = self.language.tag();
        let pattern = match (self.messages.get(key), count) {
            (Some(Message::One(pattern)), _) => pattern,
            (Some(Message::Counted(forms)), Some(count)) => {
                let category = self.rules()?.category_for(count);
                forms.get(&category).ok_or_else(|| format!("`{key}` has no form {category:?} in {tag}"))?
            }
            (Some(Message::Counted(_)), None) => return Err(format!("`{key}` needs a number `n`").into()),
            (None, _) => return Err(format!("no message `{key}` in {tag}").into()),
        };
        pattern.write(form, fill)
    }

    fn rules(&self) -> Result<PluralRules, String> {
        PluralRules::try_new_cardinal(self.plurals)
            .map_err(|error| format!("{}: {error}", self.language.tag()))
    }

    fn text_form(&self) -> Form {
        Form::Text { isolated: self.language.direction() == Direction::RightToLeft }
    }
}

/// Collects the messages below `key`. A table of plural categories is one message.
fn gather(key: String, value: Value, messages: &mut BTreeMap<String, Message>) -> Result<(), String> {
    match value {
        Value::String(text) => {
            let pattern = Pattern::read(&text).map_err(|wrong| format!("`{key}`: {wrong}"))?;
            messages.insert(key, Message::One(pattern));
        }
        Value::Table(table)
            if table.contains_key("other") && table.keys().all(|name| category(name).is_some()) =>
        {
            let mut forms = BTreeMap::new();
            for (name, value) in table {
                let text = value.as_str().ok_or_else(|| format!("`{key}.{name}` is no text"))?;
                let pattern = Pattern::read(text).map_err(|wrong| format!("`{key}.{name}`: {wrong}"))?;
                forms.extend(category(&name).map(|category| (category, pattern)));
            }
            messages.insert(key, Message::Counted(forms));
        }
        Value::Table(table) => {
            for (name, value) in table {
                gather(format!("{key}.{name}"), value, messages)?;
            }
        }
        _ => return Err(format!("`{key}` is neither text nor a table")),
    }
    Ok(())
}

fn category(name: &str) -> Option<PluralCategory> {
    PluralCategory::get_for_cldr_bytes(name.as_bytes())
}

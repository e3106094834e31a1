//! `Language`: the languages that challenges and their mails speak.

use icu_locale_core::LanguageIdentifier;
use icu_locale_core::subtags::{Region, Script};

/// A language with a catalogue in `templates/messages/`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// The language that all others are written from, and the last resort.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Portuguese, written as in Brazil.
    Portuguese,
    /// Italian.
    Italian,
    /// Dutch.
    Dutch,
    /// Polish.
    Polish,
    /// Turkish.
    Turkish,
    /// Japanese.
    Japanese,
    /// Chinese in simplified characters.
    Chinese,
    /// Hindi.
    Hindi,
    /// Arabic.
    Arabic,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Language {
    /// All of them, as a switch lists them.
    pub const ALL: [Self; 13] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Portuguese,
        Self::Italian,
        Self::Dutch,
        Self::Polish,
        Self::Turkish,
        Self::Japanese,
        Self::Chinese,
        Self::Hindi,
        Self::Arabic,
    ];

    /// The BCP 47 tag, for `lang` and `?lang=`; also the name of the catalogue.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Turkish => "tr",
            Self::Japanese => "ja",
            Self::Chinese => "zh-Hans",
            Self::Hindi => "hi",
            Self::Arabic => "ar",
        }
    }

    /// Which way it is written.
    #[must_use]
    pub fn direction(self) -> Direction {
        if self == Self::Arabic { Direction::RightToLeft } else { Direction::LeftToRight }
    }

    /// The language that `tag` asks for, by its primary subtag: `de-AT` and `de_DE` are German. Traditional Chinese
    /// is another script, so who reads only that gets their next language.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let asked = LanguageIdentifier::try_from_str(&tag.trim().replace('_', "-")).ok()?;
        let script = asked.script.as_ref().map(Script::as_str);
        let region = asked.region.as_ref().map(Region::as_str);
        let traditional =
            script == Some("Hant") || script.is_none() && matches!(region, Some("TW" | "HK" | "MO"));
        Self::ALL.into_iter().find(|language| match language {
            Self::Chinese => asked.language.as_str() == "zh" && !traditional,
            other => asked.language.as_str() == other.tag(),
        })
    }

    /// The best language for somebody: what they chose, else what the event says, else what their browser says.
    #[must_use]
    pub fn best(chosen: Option<&str>, event: Option<&str>, mut browser: impl Iterator<Item = Self>) -> Self {
        chosen
            .and_then(Self::of_tag)
            .or_else(|| event.and_then(Self::of_tag))
            .or_else(|| browser.next())
            .unwrap_or_default()
    }
}

impl Direction {
    /// The value of `dir`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_find_their_language() {
        let table = [
            ("en", Some(Language::English)),
            ("en-GB", Some(Language::English)),
            ("de_DE", Some(Language::German)),
            ("DE-at", Some(Language::German)),
            ("fr-CA", Some(Language::French)),
            ("es-419", Some(Language::Spanish)),
            ("pt-PT", Some(Language::Portuguese)),
            ("zh", Some(Language::Chinese)),
            ("zh-CN", Some(Language::Chinese)),
            ("zh-Hans-HK", Some(Language::Chinese)),
            ("zh-TW", None),
            ("zh-Hant", None),
            ("ar-EG", Some(Language::Arabic)),
            ("hi-Latn", Some(Language::Hindi)),
            (" ja ", Some(Language::Japanese)),
            ("sv", None),
            ("deu", None),
            ("*", None),
            ("", None),
            ("de\r\nSet-Cookie: x", None),
            ("../de", None),
        ];
        for (tag, expected) in table {
            assert_eq!(Language::of_tag(tag), expected, "{tag:?}");
        }
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
        }
    }

    #[test]
    fn a_choice_goes_before_the_event_and_the_event_before_the_browser() {
        let best =
            |chosen, event, browser: &[Language]| Language::best(chosen, event, browser.iter().copied());
        let browser = [Language::Turkish, Language::Polish];
        assert_eq!(best(Some("ja"), Some("de"), &browser), Language::Japanese);
        assert_eq!(best(None, Some("de-CH"), &browser), Language::German);
        assert_eq!(best(None, None, &browser), Language::Turkish);
        assert_eq!(best(None, None, &[]), Language::English);
        assert_eq!(
            best(Some("xx"), Some("sv"), &browser),
            Language::Turkish,
            "what is not spoken is passed over"
        );
    }
}

//! `Tongues`: the languages that a request asks for, by its address and its `Accept-Language`.

use axum::http::{HeaderMap, header};

use ase_engine::outbox::Reader;

use crate::pages::Language;

/// Most ranges of `Accept-Language` that are looked at: browsers send a handful.
const RANGES_MAX: usize = 32;

/// What a browser says of languages.
#[derive(Debug, Clone, Default)]
pub(super) struct Tongues {
    /// Chosen with the switch, by `?lang=`. Nothing keeps it but the addresses of the pages that follow.
    pub(super) chosen: Option<Language>,
    accepted: Vec<Language>,
}

impl Tongues {
    /// Reads both.
    pub(super) fn of(lang: Option<&str>, headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        Self { chosen: lang.and_then(Language::of_tag), accepted: accepted(values) }
    }

    /// The language of a page: what was chosen, else what the event says, else what the browser says, else English.
    pub(super) fn best(&self, event: Option<&str>) -> Language {
        Language::best(self.chosen.map(Language::tag), event, self.accepted.iter().copied())
    }

    /// The same for mails that are written later.
    pub(super) fn reader(&self) -> Reader {
        let tag = |language: Language| language.tag().to_owned();
        Reader { chosen: self.chosen.map(tag), browser: self.accepted.first().copied().map(tag) }
    }

    /// What to add to an address so that a choice lasts, such as `?lang=de&note=empty`.
    pub(super) fn query(&self, note: Option<&str>) -> String {
        let lang = self.chosen.map(|chosen| format!("lang={}", chosen.tag()));
        let note = note.map(|note| format!("note={note}"));
        let parts: Vec<String> = lang.into_iter().chain(note).collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// The languages of `Accept-Language` that are spoken here, best first (RFC 9110, 12.5.4): by weight, and among
/// equals by order. A weight of zero is a refusal.
fn accepted<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Language> {
    let ranges = values.flat_map(|value| value.split(',')).take(RANGES_MAX);
    let mut weighed: Vec<(u16, Language)> = ranges
        .filter_map(|range| {
            let (tag, parameters) =
                range.split_once(';').map_or((range, None), |(tag, rest)| (tag, Some(rest)));
            let weight = parameters.map_or(Some(1000), weight)?;
            Some((weight, Language::of_tag(tag)?)).filter(|(weight, _)| *weight > 0)
        })
        .collect();
    // stable: equals keep their order
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed.into_iter().map(|(_, language)| language).collect()
}

/// `q=0.8` in thousandths (RFC 9110, 12.4.2): nought or one, and at most three digits after the point.
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim();
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| digits)?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_read_by_weight_and_order() {
        use Language::{Arabic, Chinese, English, French, German, Japanese};
        let table: [(&str, &[Language]); 14] = [
            ("de", &[German]),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", &[French, French, English, German]),
            ("en;q=0.5,de", &[German, English]),
            ("de;q=0.5,fr;q=0.5", &[German, French]),
            ("en;q=0,de;q=0.001", &[German]),
            ("ja ; q = 1.000", &[Japanese]),
            ("sv,da;q=0.9,ar;q=0.1", &[Arabic]),
            ("zh-TW,zh;q=0.9,en;q=0.8", &[Chinese, English]),
            ("zh-HK,en;q=0.3", &[English]),
            ("*", &[]),
            ("", &[]),
            (",,;;q=,de;q=2,de;q=-1,de;q=0.1234,de;q=x", &[]),
            ("de;q=1.001", &[]),
            ("de;level=1", &[]),
        ];
        for (header, expected) in table {
            assert_eq!(accepted([header].into_iter()), expected, "{header}");
        }
        assert_eq!(accepted(["sv", "ja"].into_iter()), [Japanese], "a header may come twice");
        let bomb = "sv,".repeat(5000) + "de";
        assert!(accepted([bomb.as_str()].into_iter()).is_empty());
    }

    #[test]
    fn a_choice_lasts_by_the_address_alone() {
        let table = [
            (Some(Language::Chinese), Some("empty"), "?lang=zh-Hans&note=empty"),
            (Some(Language::German), None, "?lang=de"),
            (None, Some("empty"), "?note=empty"),
            (None, None, ""),
        ];
        for (chosen, note, expected) in table {
            assert_eq!(Tongues { chosen, accepted: Vec::new() }.query(note), expected);
        }
    }

    #[test]
    fn unknown_choices_choose_nothing() {
        for lang in ["xx", "", "de\r\nx", "\"><script>", "../en"] {
            assert_eq!(Tongues::of(Some(lang), &HeaderMap::new()).chosen, None, "{lang:?}");
        }
        assert_eq!(Tongues::of(Some("AR-eg"), &HeaderMap::new()).best(Some("de")), Language::Arabic);
    }
}

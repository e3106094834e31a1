//! What every door to an organisation's brand asks for: a pair of colours, a language that is spoken, a stylesheet.

use ase_engine::brand::Colours;
use ase_engine::problem::FieldError;

use crate::pages::Language;
use crate::pages::challenge::Paint;

/// Both colours or none.
pub(crate) fn colours(accent: Option<&str>, on_accent: Option<&str>) -> Result<Option<Colours>, FieldError> {
    match (accent, on_accent) {
        (None, None) => Ok(None),
        (Some(accent), Some(on_accent)) => Colours::read(accent, on_accent).map(Some),
        (Some(_), None) => {
            Err(FieldError::new("/on_accent", "is required with accent: what is written on buttons"))
        }
        (None, Some(_)) => {
            Err(FieldError::new("/accent", "is required with on_accent: the colour of buttons"))
        }
    }
}

/// The tag of a language that the pages speak.
pub(crate) fn language(pointer: &str, tag: &str) -> Result<&'static str, FieldError> {
    Language::of_tag(tag).map(Language::tag).ok_or_else(|| {
        let spoken = Language::ALL.map(Language::tag).join(", ");
        FieldError::new(pointer, format!("must be one of {spoken}"))
    })
}

/// Overrides the colours of `challenge.css`. What only sets things apart is the accent, thinned.
pub(crate) fn stylesheet(colours: Colours) -> String {
    let Paint { accent, on_accent, dark_accent, dark_on_accent } = Paint::from(colours);
    let root = |accent: &str, on_accent: &str| {
        format!(
            ":root {{ --brand: {accent}; --on-brand: {on_accent}; --brand-hover: {accent}; \
             --tint: color-mix(in srgb, {accent} 9%, var(--card)); --tint-ink: var(--ink); }}"
        )
    };
    let (light, dark) = (root(&accent, &on_accent), root(&dark_accent, &dark_on_accent));
    format!("{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
}

#[cfg(test)]
mod tests {
    use ase_engine::brand::SURFACES;

    use super::*;
    use crate::pages::Assets;

    #[test]
    fn colours_come_in_pairs() {
        assert_eq!(colours(None, None), Ok(None));
        assert_eq!(colours(Some("#0c5c4f"), None).unwrap_err().pointer, "/on_accent");
        assert_eq!(colours(None, Some("#ffffff")).unwrap_err().pointer, "/accent");
        assert!(colours(Some("#0c5c4f"), Some("#ffffff")).unwrap().is_some());
    }

    #[test]
    fn languages_are_named_by_the_tag_of_their_catalogue() {
        assert_eq!(language("/language", "de-AT"), Ok("de"));
        assert_eq!(language("/language", "zh_CN"), Ok("zh-Hans"));
        let refused = language("/language", "sv").unwrap_err();
        assert!(refused.detail.contains("zh-Hans"), "{refused}");
    }

    #[test]
    fn contrast_is_checked_against_the_surfaces_of_the_stylesheet() {
        let sheet = std::str::from_utf8(&Assets::get("challenge.css").unwrap().bytes).unwrap();
        let (light, dark) = sheet.split_once("prefers-color-scheme: dark").unwrap();
        for (half, [page, card]) in [light, dark].into_iter().zip(SURFACES) {
            // #fff is how the sheet writes #ffffff
            let card = card.to_string().replace("#ffffff", "#fff");
            assert!(half.contains(&format!("--page: {page};")) && half.contains(&format!("--card: {card};")));
        }
        let ours = Paint::default();
        for colour in [ours.dark_accent, ours.dark_on_accent] {
            assert!(dark.contains(&colour), "{colour}");
        }
        assert!(light.contains(&ours.accent));
    }

    #[test]
    fn a_stylesheet_holds_the_colours_for_light_and_dark() {
        let sheet = stylesheet(colours(Some("#1a3f8c"), Some("#ffffff")).unwrap().unwrap());
        assert!(
            sheet.contains("--brand: #1a3f8c; --on-brand: #ffffff;") && sheet.contains("dark) { :root"),
            "{sheet}"
        );
        assert!(!sheet.contains("url(") && sheet.matches('{').count() == sheet.matches('}').count());
    }
}

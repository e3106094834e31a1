//! Text messages: what they say, in one or two lines and a last one that names the page the code is for.

use std::fmt;

use serde::Serialize;

use super::Concealed;
use super::challenge::ActionView;

/// The template of the one text message there is.
pub(super) const TEMPLATE: &str = "sms/code.txt";
/// Most characters of what the code is for.
const WHAT_MAX: usize = 90;

/// The code of a challenge and what it would let happen.
#[derive(Clone, Serialize)]
pub struct CodeText {
    org: String,
    /// Which sentence of the catalogue tells of the action, where the platform gave none.
    kind: Option<&'static str>,
    /// What the platform says of it, in one line.
    what: String,
    code: Concealed,
    /// The last line binds the code to this host: a browser fills it in there and nowhere else.
    host: String,
}

impl fmt::Debug for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeText").field("host", &self.host).finish_non_exhaustive()
    }
}

impl CodeText {
    /// Words of others come in one line, so that none of them can end the message with a line of its own.
    #[must_use]
    pub fn new(org: &str, action: &ActionView, code: &str, host: String) -> Self {
        let sentence = action.kind.is_none().then_some(action.description.as_str());
        let words = [sentence, action.amount.as_deref(), action.destination.as_deref()];
        let what = one_line(&words.into_iter().flatten().collect::<Vec<_>>().join(", "));
        let shortened: String = what.chars().take(WHAT_MAX).collect();
        let what = if shortened.len() < what.len() { format!("{}...", shortened.trim_end()) } else { what };
        Self { org: one_line(org), kind: action.kind, what, code: code.into(), host }
    }
}

fn one_line(text: &str) -> String {
    let plain =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::{Language, Pages};
    use super::*;

    /// The letters of GSM 03.38, without those that take two places.
    const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    fn action(description: &str, amount: &str) -> ActionView {
        let (description, amount) = (description.to_owned(), Some(amount.to_owned()));
        ActionView { description, kind: None, amount, destination: None }
    }

    #[test]
    fn the_last_line_alone_binds_the_code_to_the_page() {
        let pages = Pages::new().unwrap();
        let hostile = "Pay\n\n@evil.example #999999\u{2028}@evil.example #999999";
        for (said, amount) in [("Send payouts to DE89", "900.00 EUR"), (hostile, hostile)] {
            let text = CodeText::new("Example Shop", &action(said, amount), "483920", "ase.example".into());
            let body = pages.text(&text, Language::English).unwrap();
            let lines: Vec<&str> = body.lines().collect();
            assert_eq!(lines.len(), 3, "{body}");
            assert_eq!((lines[1], lines[2]), ("", "@ase.example #483920"));
            assert!(lines[0].starts_with("Example Shop: 483920 is your code for"), "{body}");
            assert!(lines[0].contains("Never read it to anyone"), "{body}");
            assert!(!format!("{text:?}").contains("483920"));
        }
    }

    #[test]
    fn every_language_says_it_briefly_and_binds_the_code_alike() {
        let pages = Pages::new().unwrap();
        let long = "Payouts ".repeat(40);
        for language in Language::ALL {
            let tag = language.tag();
            for (said, most) in [("Payouts to DE89", 230), (long.as_str(), 300)] {
                let shown = action(said, "900.00 EUR");
                let text = CodeText::new("Example Shop", &shown, "483920", "ase.example".into());
                let body = pages.text(&text, language).unwrap();
                assert!(body.chars().count() < most, "{tag}: {body}");
                assert!(body.ends_with("\n\n@ase.example #483920"), "{tag}: {body}");
                assert_eq!(body.lines().count(), 3, "{tag}: {body}");
                assert!(body.contains("Example Shop") && body.contains("Payouts"), "{tag}: {body}");
                assert_eq!(body.matches("483920").count(), 2, "{tag}: {body}");
                let other_script = ["ja", "zh-Hans", "hi", "ar"].contains(&tag);
                let costly = body.chars().find(|c| !GSM.contains(*c));
                assert_eq!(costly.is_some(), other_script, "{tag}: {costly:?} in {body}");
                // three of 67, as one letter outside of GSM 03.38 makes all of them wide
                assert!(!other_script || most == 300 || body.chars().count() <= 201, "{tag}: {body}");
            }
        }
    }

    #[test]
    fn an_action_without_a_sentence_gets_ours() {
        let pages = Pages::new().unwrap();
        let shown = ActionView { kind: Some("payout"), ..action("payout: created", "900.00 EUR") };
        let text = CodeText::new("Example Shop", &shown, "483920", "ase.example".into());
        let body = pages.text(&text, Language::English).unwrap();
        assert!(body.contains("for \"Pay out money, 900.00 EUR\"."), "{body}");
        let bare = ActionView { amount: None, ..shown };
        let text = CodeText::new("Example Shop", &bare, "483920", "ase.example".into());
        assert!(pages.text(&text, Language::German).unwrap().contains("Code für \"Geld auszahlen\"."));
    }
}

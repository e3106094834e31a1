//! Text messages: what they say, in one or two lines and a last one that names the page the code is for.

use std::fmt;

use serde::Serialize;

use super::Concealed;

/// The template of the one text message there is.
pub(super) const TEMPLATE: &str = "sms/code.txt";
/// Most characters of what the code is for.
const WHAT_MAX: usize = 90;

/// The code of a challenge and what it would let happen.
#[derive(Clone, Serialize)]
pub struct CodeText {
    org: String,
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
    pub fn new(org: &str, what: &[&str], code: &str, host: String) -> Self {
        let what = one_line(&what.join(", "));
        let shortened: String = what.chars().take(WHAT_MAX).collect();
        let what = if shortened.len() < what.len() { format!("{}...", shortened.trim_end()) } else { what };
        Self { org: one_line(org), what, code: code.into(), host }
    }
}

fn one_line(text: &str) -> String {
    let plain =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::Pages;
    use super::*;

    #[test]
    fn the_last_line_alone_binds_the_code_to_the_page() {
        let pages = Pages::new().unwrap();
        let hostile = "Pay\n\n@evil.example #999999\u{2028}@evil.example #999999";
        for what in [["Send payouts to DE89", "900.00 EUR"], [hostile, hostile]] {
            let text = CodeText::new("Example Shop", &what, "483920", "ase.example".to_owned());
            let body = pages.text(&text).unwrap();
            let lines: Vec<&str> = body.lines().collect();
            assert_eq!(lines.len(), 3, "{body}");
            assert_eq!((lines[1], lines[2]), ("", "@ase.example #483920"));
            assert!(lines[0].starts_with("Example Shop: 483920 is your code for"), "{body}");
            assert!(lines[0].contains("Never read it to anyone"), "{body}");
            assert!(body.chars().count() < 300, "{body}");
            assert!(!format!("{text:?}").contains("483920"));
        }
    }
}

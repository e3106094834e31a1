//! Names in address lines: whatever somebody typed, made harmless.

/// Most characters of a name.
const LONGEST: usize = 64;

/// `name` without what could start a header, turn the reading direction or hide; `None` when nothing is left.
pub(super) fn harmless(name: &str) -> Option<String> {
    let spaced = name.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unseen(*c));
    let words: Vec<String> = spaced.collect::<String>().split(' ').map(str::to_owned).collect();
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let short: String = words.join(" ").chars().take(LONGEST).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

/// Controls, and characters that show nothing or turn the direction of others (Unicode UAX #9, UTR #36).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_harm_and_keep_the_rest() {
        for (name, expected) in [
            ("Ana", Some("Ana")),
            ("  Ana \t Lovelace ", Some("Ana Lovelace")),
            ("Ana\r\nBcc: eve@example.com", Some("Ana Bcc: eve@example.com")),
            ("A\u{0}na\u{7f}", Some("Ana")),
            ("Ana\u{202e}moc.knab", Some("Anamoc.knab")),
            ("Ana\u{2028}Eve\u{feff}", Some("Ana Eve")),
            ("Zoë Ωmega 山田", Some("Zoë Ωmega 山田")),
            ("\u{200b}\u{202e}\n", None),
            ("", None),
        ] {
            assert_eq!(harmless(name).as_deref(), expected, "{name:?}");
        }
        assert_eq!(harmless(&"é".repeat(200)).unwrap().chars().count(), LONGEST);
    }
}

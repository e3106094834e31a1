//! `Phone`: a telephone number in its one spelling (ITU-T E.164), or none.

/// Most digits of a number, its country's code included.
const DIGITS_MAX: usize = 15;
/// Fewest that are one.
const DIGITS_MIN: usize = 8;

/// Reads `+49 (0)30 123456`, `0049 30 123456` and the like as `+4930123456`; `None` where the country is not said.
#[must_use]
pub fn canonical(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    // the zero of a country's own dialling stands in brackets beside the country's code
    let rest = rest.replace("(0)", "");
    let plain =
        rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}'));
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let sized = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len());
    (plain && sized && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

/// Reads the beginning of numbers, at least a country's code: `+49`, `0049 151`.
#[must_use]
pub fn prefix(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    let plain = rest.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let sized = (1..=DIGITS_MAX).contains(&digits.len());
    (plain && sized && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

/// All but the last three digits: numbers that are rented together differ in those.
#[must_use]
pub fn block(number: &str) -> &str {
    number.get(..number.len().saturating_sub(3)).unwrap_or(number)
}

/// The last two digits, which are enough for whoever knows the number.
#[must_use]
pub fn mask(number: &str) -> String {
    let shown = number.get(number.len().saturating_sub(2)..).unwrap_or_default();
    format!("•••• {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for text in
            ["+4930123456", " +49 30 123-456 ", "0049 30/123456", "+49 (0)30 123456", "+49 (30) 123.456"]
        {
            assert_eq!(canonical(text).as_deref(), Some("+4930123456"), "{text}");
        }
        for text in [
            "",
            "030 123456",
            "+",
            "+49",
            "+049 30 123456",
            "+49 30 12345a",
            "+1234567890123456",
            "+49;30123456",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
        assert_eq!(prefix("0049 151").as_deref(), Some("+49151"));
        for text in ["49", "+", "+0", "+49x", ""] {
            assert_eq!(prefix(text), None, "{text}");
        }
    }

    #[test]
    fn little_of_a_number_is_shown() {
        assert_eq!(mask("+4930123456"), "•••• 56");
        assert_eq!(block("+4930123456"), "+4930123");
    }
}

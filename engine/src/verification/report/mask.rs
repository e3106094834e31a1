//! Digits that nobody should keep: one-time codes, cards, accounts. It reads them as generously as a code is read, and
//! more so: what was masked in vain is a smaller loss than what was kept.

use crate::challenge::otp::{digit, is_gap};

/// What stands in the place of digits.
const HIDDEN: &str = "••••";
/// From so many digits on, a run may be a code.
const CODE_MIN: usize = 4;
/// How many digits the number of a card has.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// Hides every run of four digits or more, of whatever script and with whatever gaps in it.
pub(super) fn digits(text: &str) -> String {
    each_run(text, |run| if count(run) < CODE_MIN { run.to_owned() } else { HIDDEN.to_owned() })
}

/// Hides what is the number of a card by its length and its check digit, and leaves telephone numbers alone.
pub(super) fn cards(text: &str) -> String {
    each_run(text, without_cards)
}

/// The text with every run of digits as `change` wants it. A run begins and ends with a digit.
fn each_run(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_numeric) {
        let (before, from) = rest.split_at(start);
        let inside = from.find(|c: char| !c.is_numeric() && !divides(c)).unwrap_or(from.len());
        let run = from.split_at(inside).0.trim_end_matches(divides);
        out.push_str(before);
        out.push_str(&change(run));
        rest = from.split_at(run.len()).1;
    }
    out.push_str(rest);
    out
}

/// What may stand between the digits of one number: all that may stand in a code, the points, commas and strokes of
/// dates, amounts and cards, and the marks that turn a digit into a picture of it.
fn divides(c: char) -> bool {
    is_gap(c)
        || matches!(
            c,
            '.' | ',' | '/' | '\\' | '_' | '|' | '*' | '(' | ')' | '\'' | '’' | '·' | '،' | '٫' | '٬'
        )
        || matches!(
            c,
            '\u{3001}' | '\u{3002}' | '\u{ff0c}' | '\u{ff0e}' | '\u{ff0f}' | '\u{30fb}' | '\u{2044}'
        )
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{180e}')
}

fn count(run: &str) -> usize {
    run.chars().filter(|c| c.is_numeric()).count()
}

/// A run without the cards in it. A card begins and ends where a group of digits does; what follows it may be its expiry.
fn without_cards(run: &str) -> String {
    let starts = groups(run);
    for (place, start) in starts.iter().enumerate() {
        for next in place.saturating_add(1)..=starts.len() {
            let end = starts.get(next).copied().unwrap_or(run.len());
            let card = run.get(*start..end).unwrap_or_default().trim_end_matches(divides);
            if is_card(card) {
                let (before, after) = (run.get(..*start), run.get(start.saturating_add(card.len())..));
                let rest = after.map(cards).unwrap_or_default();
                return format!("{}{HIDDEN}{rest}", before.unwrap_or_default());
            }
        }
    }
    run.to_owned()
}

/// Where groups of digits begin.
fn groups(run: &str) -> Vec<usize> {
    let mut inside = false;
    let mut starts = Vec::new();
    for (place, c) in run.char_indices() {
        if c.is_numeric() && !inside {
            starts.push(place);
        }
        inside = c.is_numeric();
    }
    starts
}

/// Whether these are as many digits as a card has, with the check digit of Luhn (ISO/IEC 7812-1). None begins with zero.
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(digit).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    CARD.contains(&digits.len())
        && digits.len() == count(text)
        && digits.first() != Some(&0)
        && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_and_card_numbers_are_masked() {
        let table = [
            ("the code 123456 came", "the code •••• came"),
            ("card 4242 4242-4242 4242.", "card ••••."),
            ("at 10 to 3, 2 men", "at 10 to 3, 2 men"),
            ("", ""),
            ("123\u{a0}456", "••••"),
            ("123–456", "••••"),
            ("12.34.56, they said", "••••, they said"),
            ("12/34/56", "••••"),
            ("123\u{200b}456 \u{feff}", "•••• \u{feff}"),
            ("12,34,56!", "••••!"),
            ("123\n456", "••••"),
            ("1 2 3 4", "••••"),
            ("12:34", "••••"),
            ("٤٢٤٢٤٢", "••••"),
            ("१२३ ४५६", "••••"),
            ("１２３４５６", "••••"),
            ("1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}3\u{fe0f}\u{20e3}4", "••••"),
            ("৪৫৬৭", "••••"),
            ("123x456", "123x456"),
            ("3 men, 2 women", "3 men, 2 women"),
        ];
        for (given, masked) in table {
            assert_eq!(digits(given), masked, "{given}");
        }
    }

    #[test]
    fn cards_are_masked_and_telephone_numbers_are_not() {
        let table = [
            ("+49 30 1234567", "+49 30 1234567"),
            ("0049 (0)30 123 456 78", "0049 (0)30 123 456 78"),
            ("+1 (555) 010-9999", "+1 (555) 010-9999"),
            ("4242424242424242", "••••"),
            ("4242 4242 4242 4242 12/29 123", "•••• 12/29 123"),
            ("030/1234567 and 5555.5555.5555.4444", "030/1234567 and ••••"),
            ("378282246310005, 6011-1111-1111-1117", "••••, ••••"),
            ("٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", "••••"),
            ("4242 4242 4242 4241", "4242 4242 4242 4241"),
            ("", ""),
        ];
        for (given, masked) in table {
            assert_eq!(cards(given), masked, "{given}");
        }
    }

    /// Digits of a code or an account, each from some script and with some gap after it.
    fn spelled() -> impl Strategy<Value = String> {
        let gap = "[ \u{a0}\u{2009}–—.,/:#\u{200b}\u{200d}\u{2060}\u{feff}-]{0,3}";
        let digit = "[0-9\u{660}-\u{669}\u{966}-\u{96f}\u{ff10}-\u{ff19}]";
        proptest::string::string_regex(&format!("({digit}{gap}){{4,10}}")).unwrap()
    }

    proptest! {
        #[test]
        fn no_run_survives(before in "[a-z ]{0,9}", run in spelled(), after in "[a-z ]{0,9}") {
            let masked = digits(&format!("{before}{run}{after}"));
            prop_assert!(masked.contains(HIDDEN), "{masked}");
            prop_assert_eq!(count(&masked), 0, "{}", masked);
        }

        #[test]
        fn in_any_text_fewer_than_four_digits_stand_together(text in any::<String>()) {
            let masked = digits(&text);
            let without: String = masked.chars().filter(|c| !divides(*c)).collect();
            let longest = without.split(|c: char| !c.is_numeric()).map(count).max().unwrap_or_default();
            prop_assert!(longest < CODE_MIN, "{text:?} became {masked:?}");
        }
    }
}

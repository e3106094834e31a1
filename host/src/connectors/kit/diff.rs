//! What came, line by line against what was expected.

use serde_json::Value;
use similar::TextDiff;

/// Lines that stay the same around those that differ.
const CONTEXT: usize = 3;
/// Lines that are shown; the first ones say enough.
const MAX_LINES: usize = 200;

/// The lines of a unified diff, or nothing where both say the same. How a file is laid out does not count.
pub(super) fn between(expected: &str, found: &str) -> Option<Vec<String>> {
    let (expected, found) = (laid_out(expected), laid_out(found));
    if expected == found {
        return None;
    }
    let diff = TextDiff::from_lines(expected.as_str(), found.as_str());
    let text = diff.unified_diff().context_radius(CONTEXT).header("expected", "found").to_string();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() > MAX_LINES {
        let more = lines.len() - MAX_LINES;
        lines.truncate(MAX_LINES);
        lines.push(format!("… and {more} more lines"));
    }
    Some(lines)
}

/// JSON in one form; what is no JSON stays as it is.
fn laid_out(text: &str) -> String {
    let written = serde_json::from_str::<Value>(text).and_then(|value| serde_json::to_string_pretty(&value));
    written.map_or_else(|_| text.to_owned(), |written| format!("{written}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_order_do_not_count() {
        assert_eq!(between(r#"{"a":1,"b":[2]}"#, "{\n \"b\": [2],\n \"a\": 1 }"), None);
    }

    #[test]
    fn what_differs_is_shown_with_what_stands_around_it() {
        let lines = between(r#"{"id":"1","type":"a"}"#, r#"{"id":"1","type":"b"}"#).unwrap();
        assert_eq!(lines[..2], ["--- expected", "+++ found"]);
        assert!(lines.contains(&"-  \"type\": \"a\"".to_owned()), "{lines:?}");
        assert!(lines.contains(&"+  \"type\": \"b\"".to_owned()), "{lines:?}");
        assert!(lines.contains(&"   \"id\": \"1\",".to_owned()), "{lines:?}");
    }

    #[test]
    fn a_flood_of_lines_is_cut() {
        let many = |word: &str| format!("[{}]", vec![format!("\"{word}\""); 500].join(","));
        let lines = between(&many("a"), &many("b")).unwrap();
        assert_eq!(lines.len(), MAX_LINES + 1);
        assert!(lines[MAX_LINES].starts_with("… and "), "{}", lines[MAX_LINES]);
    }
}

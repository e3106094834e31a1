//! A first look at the text of a condition, so that the parser never sees what could exhaust it.

/// How long a condition may be.
pub(super) const BYTES_MAX: usize = 2048;
/// How many brackets and operators may stand within one another. Parsing and judging go down a level of the stack for
/// each, and the end of the stack would be the end of the process.
pub(super) const DEPTH_MAX: usize = 24;

const TOO_DEEP: &str = "is nested too deeply: at most 24 brackets and operators may stand within one another";

/// One open bracket, or the condition as a whole.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    /// Operators since the last `&&`, `||`, `?`, `:` or comma: a chain of them makes a tree as deep as it is long.
    operators: usize,
    /// `?` since the last comma: a chain of them is as deep.
    choices: usize,
    /// `.`, `[` and `(` since the last operator.
    steps: usize,
}

#[derive(Debug)]
struct Scan {
    open: Vec<Level>,
    level: Level,
}

/// Refuses what is too long, too deep, or holds what conditions have no use for.
pub(super) fn scan(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("must be a condition such as `event.amount > 1000.0`".to_owned());
    }
    if text.len() > BYTES_MAX {
        return Err(format!("must be at most {BYTES_MAX} bytes"));
    }
    let mut scan = Scan { open: Vec::new(), level: Level::default() };
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        rest = match character {
            '"' | '\'' => after_string(rest, character)?,
            _ => scan.step(rest, character)?,
        };
        if scan.depth() > DEPTH_MAX {
            return Err(TOO_DEEP.to_owned());
        }
    }
    Ok(())
}

/// What follows the string that `text` begins with. Without escapes and triple quotes a string ends at its quote,
/// here as for the parser: neither can hide brackets from the other.
fn after_string(text: &str, quote: char) -> Result<&str, String> {
    let inner = text.get(1..).unwrap_or_default();
    let (string, after) = inner.split_once(quote).ok_or("has a string that does not end")?;
    if string.contains(|character: char| character.is_control() || character == '\\') {
        return Err("has a string with a backslash or a line break; write it without".to_owned());
    }
    if string.is_empty() && after.starts_with(quote) {
        return Err("has a triple quote; use one quote on either side".to_owned());
    }
    Ok(after)
}

impl Scan {
    /// Counts what `rest` begins with, and gives what follows.
    fn step<'t>(&mut self, rest: &'t str, character: char) -> Result<&'t str, String> {
        if character.is_ascii_alphabetic() || character == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if word == "in" {
                self.operator();
            }
            return Ok(after);
        }
        match character {
            '(' | '[' | '{' => self.down()?,
            ')' | ']' | '}' => self.level = self.open.pop().unwrap_or_default(),
            '.' => self.level.steps += 1,
            ',' => self.level = Level::default(),
            '?' => self.level = Level { choices: self.level.choices + 1, ..Level::default() },
            '/' if rest.starts_with("//") => return Err("has a comment; a condition holds none".to_owned()),
            '&' | '|' | ':' => (self.level.operators, self.level.steps) = (0, 0),
            '+' | '-' | '*' | '/' | '%' | '!' | '<' | '>' => self.operator(),
            '=' if rest.starts_with("==") => self.operator(),
            '=' | '0'..='9' | ' ' | '\t' | '\n' | '\r' => {}
            _ => return Err("has a character that stands for nothing outside quotes".to_owned()),
        }
        Ok(rest.get(1..).unwrap_or_default())
    }

    fn operator(&mut self) {
        self.level.operators += 1;
        self.level.steps = 0;
    }

    fn down(&mut self) -> Result<(), String> {
        self.level.steps += 1;
        self.open.push(std::mem::take(&mut self.level));
        if self.open.len() > DEPTH_MAX { Err(TOO_DEEP.to_owned()) } else { Ok(()) }
    }

    /// How deep the tree may be here.
    fn depth(&self) -> usize {
        let depth = |level: &Level| level.operators + level.choices + level.steps;
        self.open.iter().map(depth).sum::<usize>() + depth(&self.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_conditions_pass() {
        let many = vec!["event.amount > 1.0"; 80].join(" && ");
        for text in [
            "event.amount > 1000.0 && event.country != 'DE'",
            "\"a))))b\" in event.flags || event.flags.exists(f, f.startsWith(\"é\"))",
            "event.test\n  ? history.events > 3\n  : history.events > 5",
            many.as_str(),
        ] {
            assert_eq!(scan(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_deep_long_or_strange_is_refused() {
        let table = [
            ("(".repeat(2000), "nested"),
            (format!("{}true{}", "(".repeat(25), ")".repeat(25)), "nested"),
            ("!".repeat(100), "nested"),
            (vec!["1"; 100].join("+"), "nested"),
            (vec!["'a'"; 100].join("+"), "nested"),
            (vec!["true ? 1 : 2"; 70].join(" ? "), "nested"),
            ("a?b:".repeat(70), "nested"),
            (vec!["a"; 100].join("."), "nested"),
            (format!("a{}", "[0]".repeat(100)), "nested"),
            (vec!["a"; 100].join(" in "), "nested"),
            ("x".repeat(2049), "2048 bytes"),
            (" ".to_owned(), "must be a condition"),
            ("'''a'''".to_owned(), "triple"),
            ("r'\\'".to_owned(), "backslash"),
            ("'a".to_owned(), "does not end"),
            ("true // it is".to_owned(), "comment"),
            ("event.`a`".to_owned(), "character"),
            ("évent".to_owned(), "character"),
            ("a\u{0}".to_owned(), "character"),
        ];
        for (text, word) in table {
            let detail = scan(&text).unwrap_err();
            assert!(detail.contains(word), "{text}: {detail}");
        }
    }
}

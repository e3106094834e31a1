//! Text from a guest: counted where it is kept, cut and cleaned where people read it.

use super::super::Fault;

/// Bytes of one string.
pub(in super::super) const MAX_STRING: usize = 16 << 10;
/// Members of one list.
pub(in super::super) const MAX_LIST: usize = 128;

/// What is left of the bytes that one outcome may hold.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: bytes }
    }

    /// Takes a string, if it and everything before it are within bounds.
    pub(super) fn text(&mut self, text: String) -> Result<String, Fault> {
        if text.len() > MAX_STRING {
            return Err(Fault::WrongShape(format!("a string of {} bytes, at most {MAX_STRING}", text.len())));
        }
        match self.left.checked_sub(text.len()) {
            Some(left) => {
                self.left = left;
                Ok(text)
            }
            None => Err(Fault::WrongShape("more than 1 MiB of text in one outcome".to_owned())),
        }
    }

    /// The same for a string that may be absent.
    pub(super) fn maybe(&mut self, text: Option<String>) -> Result<Option<String>, Fault> {
        text.map(|text| self.text(text)).transpose()
    }

    /// Converts each member of a list, if there are not too many.
    pub(super) fn list<T, U>(
        &mut self,
        what: &str,
        list: Vec<T>,
        mut each: impl FnMut(&mut Self, T) -> Result<U, Fault>,
    ) -> Result<Vec<U>, Fault> {
        if list.len() > MAX_LIST {
            return Err(Fault::WrongShape(format!("{} {what}, at most {MAX_LIST}", list.len())));
        }
        list.into_iter().map(|member| each(self, member)).collect()
    }
}

/// At most `limit` characters of `text`, without control characters, so that it cannot forge a line of a log.
pub(in super::super) fn plain(text: &str, limit: usize) -> String {
    let kept = text.chars().filter(|character| !character.is_control() && !is_format(*character));
    let mut cut: String = kept.take(limit.saturating_add(1)).collect();
    if let Some((end, _)) = cut.char_indices().nth(limit) {
        cut.truncate(end);
        cut.pop();
        cut.push('…');
    }
    cut
}

/// Characters that reorder or hide what a person reads (Unicode bidirectional controls and line separators).
fn is_format(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_cut_to_the_limit() {
        assert_eq!(plain(&"é".repeat(600), 500).chars().count(), 500);
        assert_eq!(plain("short", 500), "short");
        assert_eq!(plain(&"a".repeat(500), 500), "a".repeat(500));
    }

    #[test]
    fn control_characters_do_not_pass() {
        assert_eq!(plain("a\r\nb\u{1b}[31m\u{202e}c", 500), "ab[31mc");
    }

    #[test]
    fn total_is_bounded_across_strings() {
        let mut budget = Budget::new(10);
        assert!(budget.text("123456".to_owned()).is_ok());
        assert!(matches!(budget.text("123456".to_owned()), Err(Fault::WrongShape(_))));
    }
}

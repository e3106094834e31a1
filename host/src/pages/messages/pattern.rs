//! `Pattern`: one message as pieces: text, places to fill in, and the two elements that a message may have.

#[cfg(test)]
use std::collections::BTreeSet;
use std::fmt::Write as _;

use minijinja::HtmlEscape;

/// Starts and ends a run whose direction is its own (Unicode TR 9, first strong isolate).
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// A message, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String),
    Start(Element),
    End(Element),
}

/// What a message may mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Element {
    /// Strong.
    Strong,
    /// A link to the official ways at the foot of the page.
    Help,
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filling {
    /// Words of an organisation or a platform: escaped, with a direction of their own.
    Words(String),
    /// HTML that the templates made.
    Html(String),
    /// A number.
    Number(i64),
}

/// What a message becomes part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// HTML, with elements.
    Html,
    /// Plain text. `isolated` sets foreign words apart where they would disturb a text from right to left.
    Text {
        /// Whether to do so.
        isolated: bool,
    },
}

impl Element {
    fn read(name: &str) -> Option<Self> {
        match name {
            "b" => Some(Self::Strong),
            "help" => Some(Self::Help),
            _ => None,
        }
    }

    fn start(self) -> &'static str {
        match self {
            Self::Strong => "<strong>",
            Self::Help => "<a href=\"#help\">",
        }
    }

    fn end(self) -> &'static str {
        match self {
            Self::Strong => "</strong>",
            Self::Help => "</a>",
        }
    }
}

impl Pattern {
    /// Reads a message; the error says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut open: Option<Element> = None;
        let mut rest = text;
        while let Some((at, mark)) = rest.char_indices().find(|(_, c)| matches!(c, '{' | '}' | '<' | '>')) {
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let close = match mark {
                '{' => '}',
                '<' => '>',
                stray => return Err(format!("a `{stray}` that ends nothing")),
            };
            let (inside, after) = from
                .strip_prefix(mark)
                .and_then(|inside| inside.split_once(close))
                .ok_or_else(|| format!("a `{mark}` without its `{close}`"))?;
            pieces.push(if mark == '{' { place(inside)? } else { element(inside, &mut open)? });
            rest = after;
        }
        if let Some(element) = open {
            return Err(format!("{element:?} is not closed"));
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// The names of the places.
    #[cfg(test)]
    pub(super) fn places(&self) -> BTreeSet<&str> {
        let places = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            _ => None,
        });
        places.collect()
    }

    /// The elements, in order.
    #[cfg(test)]
    pub(super) fn elements(&self) -> Vec<Element> {
        let elements = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Start(element) => Some(*element),
            _ => None,
        });
        elements.collect()
    }

    /// Writes the message; `fill` says what belongs in a place.
    pub(super) fn write<E>(
        &self,
        form: Form,
        mut fill: impl FnMut(&str) -> Result<Filling, E>,
    ) -> Result<String, E> {
        let mut written = String::new();
        for piece in &self.pieces {
            match (piece, form) {
                (Piece::Text(text), Form::Html) => escape(text, &mut written),
                (Piece::Text(text), Form::Text { .. }) => written.push_str(text),
                (Piece::Place(name), _) => fill(name)?.write(form, &mut written),
                (Piece::Start(element), Form::Html) => written.push_str(element.start()),
                (Piece::End(element), Form::Html) => written.push_str(element.end()),
                (Piece::Start(_) | Piece::End(_), Form::Text { .. }) => {}
            }
        }
        Ok(written)
    }
}

impl Filling {
    fn write(&self, form: Form, written: &mut String) {
        match (self, form) {
            (Self::Words(words), Form::Html) => {
                written.push_str("<bdi>");
                escape(words, written);
                written.push_str("</bdi>");
            }
            (Self::Words(words), Form::Text { isolated: true }) => {
                written.push(ISOLATE.0);
                written.push_str(words);
                written.push(ISOLATE.1);
            }
            (Self::Words(text) | Self::Html(text), _) => written.push_str(text),
            (Self::Number(number), _) => {
                // writing to a string cannot fail
                let _ = write!(written, "{number}");
            }
        }
    }
}

fn escape(text: &str, written: &mut String) {
    // writing to a string cannot fail
    let _ = write!(written, "{}", HtmlEscape(text));
}

fn place(name: &str) -> Result<Piece, String> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
    if plain { Ok(Piece::Place(name.to_owned())) } else { Err(format!("`{{{name}}}` is no name of a place")) }
}

fn element(inside: &str, open: &mut Option<Element>) -> Result<Piece, String> {
    let (end, name) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
    let element = Element::read(name).ok_or_else(|| format!("`<{inside}>` is not one of <b> and <help>"))?;
    match (end, *open) {
        (false, None) => {
            *open = Some(element);
            Ok(Piece::Start(element))
        }
        (true, Some(opened)) if opened == element => {
            *open = None;
            Ok(Piece::End(element))
        }
        _ => Err(format!("`<{inside}>` stands where it cannot")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str, form: Form, filling: &Filling) -> String {
        Pattern::read(text).unwrap().write(form, |_| Ok::<_, ()>(filling.clone())).unwrap()
    }

    #[test]
    fn what_is_filled_in_is_never_read_as_markup() {
        let hostile = Filling::Words("<b>{org}</b><help>&\"".to_owned());
        assert_eq!(
            write("<b>Hi {org}</b> & bye", Form::Html, &hostile),
            "<strong>Hi <bdi>&lt;b&gt;{org}&lt;&#x2f;b&gt;&lt;help&gt;&amp;&quot;</bdi></strong> &amp; bye"
        );
        let text = write("<b>Hi {org}</b>", Form::Text { isolated: false }, &hostile);
        assert_eq!(text, "Hi <b>{org}</b><help>&\"");
    }

    #[test]
    fn foreign_words_are_set_apart() {
        let words = Filling::Words("Shop".to_owned());
        assert_eq!(write("{org}!", Form::Text { isolated: true }, &words), "\u{2068}Shop\u{2069}!");
        assert_eq!(write("{n}", Form::Html, &Filling::Number(5)), "5");
        assert_eq!(
            write("{time}", Form::Html, &Filling::Html("<time>1</time>".to_owned())),
            "<time>1</time>"
        );
    }

    #[test]
    fn messages_that_do_not_read_are_refused() {
        for text in [
            "{",
            "}",
            "a > b",
            "<i>x</i>",
            "<b>x",
            "x</b>",
            "<b><help>x</help></b>",
            "{a b}",
            "{}",
            "<b>x</help>",
        ] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }
}

//! The mails: what each of them needs to know, and how a rendered one looks.
//!
//! A subject never holds a code: it shows on locked screens and on shared ones.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::challenge::{ActionView, OrgView};
use super::{Concealed, Language, Pages, PagesError};

/// Columns of a text mail (RFC 3676 section 4.2 asks for at most 78).
const COLUMNS: usize = 72;
/// What opens and must not end a line.
const OPENING: &str = "（「『【〈《“‘";
/// What closes, or belongs to the character before, and must not begin a line.
const CLOSING: &str = "）」』】〉》”’、。，．：；！？…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// One mail to write.
#[derive(Debug, Clone)]
pub enum MailContext {
    /// The code of a challenge.
    Code(CodeMail),
    /// The link to a challenge that a webhook opened.
    Challenge(ChallengeMail),
    /// The news that the breaker took a policy version back.
    Demotion(DemotionMail),
    /// The news that something was stopped.
    Stopped(StoppedMail),
}

/// The code of a challenge and what it would let happen.
#[derive(Debug, Clone, Serialize)]
pub struct CodeMail {
    /// Who asks.
    pub org: OrgView,
    /// What the code is for.
    pub action: ActionView,
    /// The code.
    pub code: Concealed,
    /// How long it holds.
    pub valid_minutes: u32,
    /// When it was made: the page says "use the code sent at".
    pub sent_at: DateTime<Utc>,
    /// Where the receiver can stop it all.
    pub stop_url: Option<String>,
}

/// The link to a challenge.
#[derive(Debug, Clone, Serialize)]
pub struct ChallengeMail {
    /// Who asks.
    pub org: OrgView,
    /// What was paused.
    pub action: ActionView,
    /// The page of the challenge, at the deployment's public address.
    pub challenge_url: String,
    /// When the challenge ends.
    pub expires_at: DateTime<Utc>,
    /// Where the receiver can stop it all.
    pub stop_url: Option<String>,
}

/// What the breaker saw and did, for whoever answers for the organisation.
#[derive(Debug, Clone, Serialize)]
pub struct DemotionMail {
    /// Whose policy.
    pub org: OrgView,
    /// The version that was taken back, by name and number.
    pub demoted: String,
    /// The version that decides again.
    pub restored: String,
    /// For which event type it left its band.
    pub event_type: String,
    /// How many of these were decided within the hour.
    pub decisions: i64,
    /// The share that was delayed or blocked, in per cent.
    pub percent: i64,
    /// From where a share was expected, in per cent.
    pub expected_from: i64,
    /// To where, in per cent.
    pub expected_to: i64,
    /// When it was taken back.
    pub at: DateTime<Utc>,
    /// Where all versions stand.
    pub dashboard_url: String,
}

/// What was stopped.
#[derive(Debug, Clone, Serialize)]
pub struct StoppedMail {
    /// Who asked.
    pub org: OrgView,
    /// What will not happen.
    pub action: ActionView,
}

/// A mail ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line without line breaks.
    pub subject: String,
    /// Plain text, wrapped at 72 columns.
    pub text: String,
    /// HTML without anything remote.
    pub html: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

impl MailContext {
    /// Renders subject, text and HTML.
    pub(super) fn render(&self, pages: &Pages, language: Language) -> Result<Rendered, PagesError> {
        let letter = Letter { pages, language };
        match self {
            Self::Code(mail) => {
                letter.write(mail, ["email/code/subject.txt", "email/code/body.txt", "email/code/body.html"])
            }
            Self::Challenge(mail) => letter.write(
                mail,
                ["email/challenge/subject.txt", "email/challenge/body.txt", "email/challenge/body.html"],
            ),
            Self::Demotion(mail) => letter.write(
                mail,
                ["email/demotion/subject.txt", "email/demotion/body.txt", "email/demotion/body.html"],
            ),
            Self::Stopped(mail) => letter.write(
                mail,
                ["email/stopped/subject.txt", "email/stopped/body.txt", "email/stopped/body.html"],
            ),
        }
    }
}

/// A mail about to be written in a language.
struct Letter<'a> {
    pages: &'a Pages,
    language: Language,
}

impl Letter<'_> {
    fn write(
        &self,
        mail: &impl Serialize,
        [subject, text, html]: [&'static str; 3],
    ) -> Result<Rendered, PagesError> {
        let render = |template| self.pages.render_template(template, self.language, mail);
        Ok(Rendered { subject: one_line(&render(subject)?), text: wrap(&render(text)?), html: render(html)? })
    }
}

/// Joins all white space, so that no organisation's name can start a header of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Wraps every line at spaces, keeps its indentation, and lets no gap grow beyond one empty line. A word wider
/// than a line, such as a link, stays whole.
fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + 64);
    let mut gap = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if !gap {
                wrapped.push('\n');
            }
            gap = true;
            continue;
        }
        gap = false;
        wrap_line(line, &mut wrapped);
    }
    wrapped.truncate(wrapped.trim_end().len());
    wrapped.push('\n');
    wrapped
}

fn wrap_line(line: &str, wrapped: &mut String) {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut column = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        for (number, piece) in pieces(word).into_iter().enumerate() {
            let (width, space) = (columns(piece), usize::from(number == 0));
            if column > 0 && column + space + width > COLUMNS {
                wrapped.push('\n');
                column = 0;
            }
            let before = match (column, space) {
                (0, _) => indent.as_str(),
                (_, 0) => "",
                _ => " ",
            };
            wrapped.push_str(before);
            wrapped.push_str(piece);
            column += before.len() + width;
        }
    }
    wrapped.push('\n');
}

/// Where a word may be parted: after a wide character, as Japanese and Chinese have no spaces, but never so that a
/// line begins with a mark that closes or ends with one that opens.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while let Some((first, second)) = parted(rest) {
        pieces.push(first);
        rest = second;
    }
    pieces.push(rest);
    pieces
}

fn parted(word: &str) -> Option<(&str, &str)> {
    let after = word.char_indices().skip(1);
    let at = word.chars().zip(after).find_map(|(before, (at, next))| {
        let may = is_wide(before) && !OPENING.contains(before) && !CLOSING.contains(next);
        may.then_some(at)
    })?;
    word.split_at_checked(at)
}

/// Columns that a text takes in a font of fixed width.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The scripts of East Asia and their marks.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_keep_their_indentation() {
        let words = "word ".repeat(40);
        let wrapped = wrap(&format!("\n\n{words}\n\n\n\n    {words}"));
        assert!(wrapped.lines().all(|line| line.chars().count() <= COLUMNS), "{wrapped}");
        assert!(!wrapped.contains("\n\n\n"));
        assert!(wrapped.lines().last().unwrap().starts_with("    word"));
        assert_eq!(wrapped.matches("word").count(), 80);
    }

    #[test]
    fn a_long_link_stays_whole() {
        let link = format!("https://ase.example/challenge/{}", "x".repeat(90));
        assert!(wrap(&format!("Open {link} now")).lines().any(|line| line == link));
    }

    #[test]
    fn texts_without_spaces_are_wrapped_too() {
        let sentence = "電話を切って、落ち着いてください。「わからない」を選んでください。";
        let wrapped = wrap(&sentence.repeat(6));
        assert_eq!(wrapped.replace('\n', ""), sentence.repeat(6));
        assert!(wrapped.lines().count() > 4, "{wrapped}");
        for line in wrapped.lines() {
            assert!(columns(line) <= COLUMNS, "{line}");
            assert!(
                !line.starts_with(|c: char| CLOSING.contains(c))
                    && !line.ends_with(|c: char| OPENING.contains(c)),
                "{line}"
            );
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line(" Your code\r\nBcc: x@y.example "), "Your code Bcc: x@y.example");
    }
}

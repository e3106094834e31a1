//! Builds the message of RFC 5322 from a letter.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::{Letter, MailError, name};

/// Most characters of a subject: without spaces it cannot be folded, and a line ends at 998 (RFC 5322, 2.1.1).
const SUBJECT_MAX: usize = 200;

/// Who sends.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    /// The address; message ids end in its domain.
    pub(super) address: Address,
}

/// The message, ready for a mail server.
///
/// # Errors
/// [`MailError::Address`] or [`MailError::Letter`], both for good.
pub(super) fn build(letter: &Letter<'_>, sender: &Sender) -> Result<Message, MailError> {
    let to: Address = letter.to.parse().or(Err(MailError::Address))?;
    // lettre panics on some display names; those are cleaned, and should it find another, one letter is lost
    catch_unwind(AssertUnwindSafe(|| assemble(letter, to, sender))).unwrap_or(Err(MailError::Letter))
}

fn assemble(letter: &Letter<'_>, to: Address, sender: &Sender) -> Result<Message, MailError> {
    let from = Mailbox::new(name::harmless(letter.from_name), sender.address.clone());
    let to = Mailbox::new(letter.to_name.and_then(name::harmless), to);
    let body = MultiPart::alternative_plain_html(letter.mail.text.clone(), letter.mail.html.clone());
    Message::builder()
        .from(from)
        .to(to)
        .subject(letter.mail.subject.chars().take(SUBJECT_MAX).collect::<String>())
        .message_id(Some(format!("<{}@{}>", letter.message_id, sender.address.domain())))
        // no machine shall answer (RFC 3834 section 5)
        .raw_header(auto_submitted())
        .multipart(body)
        .or(Err(MailError::Letter))
}

fn auto_submitted() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Rendered;

    fn built(letter: Letter<'_>) -> Result<String, MailError> {
        let address = "codes@example.com".parse().unwrap();
        let message = build(&letter, &Sender { address })?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    fn rendered(subject: &str) -> Rendered {
        Rendered {
            subject: subject.to_owned(),
            text: "Your code is 123456.\n\nDo not share it — with anybody.\n".to_owned(),
            html: "<p>Your code is <b>123456</b>.</p>".to_owned(),
        }
    }

    fn letter<'a>(mail: &'a Rendered, to_name: &'a str) -> Letter<'a> {
        Letter {
            message_id: "msg_1",
            org_id: "org_1",
            from_name: "Demo Shop",
            to: "ana@example.com",
            to_name: Some(to_name),
            mail,
        }
    }

    fn headers(message: &str) -> Vec<&str> {
        message.split("\r\n\r\n").next().unwrap().lines().collect()
    }

    #[test]
    fn a_letter_has_both_bodies_and_the_same_id_at_every_try() {
        let mail = rendered("Confirm — your payout");
        let message = built(letter(&mail, "Ana")).unwrap();
        for expected in [
            "From: \"Demo Shop\" <codes@example.com>",
            "To: Ana <ana@example.com>",
            "Message-ID: <msg_1@example.com>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(headers(&message).contains(&expected), "{expected}\n{message}");
        }
        assert!(headers(&message).iter().any(|line| line.starts_with("Date: ")));
        assert!(message.contains("Content-Type: multipart/alternative"));
        let (text, html) = (message.find("text/plain").unwrap(), message.find("text/html").unwrap());
        assert!(text < html, "the last alternative is the preferred one");
    }

    #[test]
    fn hostile_names_and_subjects_start_no_header() {
        let hostile = [
            "Ana\nBcc: eve@example.com",
            "Ana\r\nBcc: eve@example.com\r\n\r\nHello",
            "Ana\rBcc: eve@example.com",
            "Ana\u{0}\u{2028}Bcc: eve@example.com",
            "Ana\u{85}Bcc: eve@example.com",
            "\"; Bcc: <eve@example.com>",
            "\\\" <eve@example.com>, \"",
            "=?utf-8?q?Ana=0ABcc:_eve=40example.com?=",
            "\u{202e}\u{2066}moc.elpmaxe@eve",
            "\n",
        ];
        for name in
            hostile.into_iter().chain([&*"A\n".repeat(5000), &*"🦀".repeat(3000), &*"\"".repeat(3000)])
        {
            let mail = rendered(name);
            let message = built(Letter { from_name: name, ..letter(&mail, name) }).unwrap();
            let lines = headers(&message);
            let starts =
                |start: &str| lines.iter().filter(|line| line.to_lowercase().starts_with(start)).count();
            assert_eq!(
                (starts("bcc"), starts("to:"), starts("from:"), starts("subject:")),
                (0, 1, 1, 1),
                "{message}"
            );
            assert!(lines.iter().all(|line| line.len() <= 998 && line.is_ascii()), "{message}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused_for_good() {
        let mail = rendered("Subject");
        for to in [
            "",
            "ana",
            "ana@",
            "ana@example.com\r\nRCPT TO:<eve@example.com>",
            "ana@example.com, eve@example.com",
            "<ana@example.com>",
            "ana@exa\u{0}mple.com",
        ] {
            let refused = built(Letter { to, ..letter(&mail, "Ana") }).unwrap_err();
            assert!(matches!(refused, MailError::Address) && refused.is_permanent(), "{to:?}");
            assert!(to.is_empty() || !refused.to_string().contains(to));
        }
    }
}

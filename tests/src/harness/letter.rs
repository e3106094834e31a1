//! `Letter`: a mail as it arrived, and what a person reads in it (RFC 5322, RFC 2045).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whom the envelope names.
    pub to: String,
    /// Everything, as it came.
    pub raw: String,
}

impl Letter {
    /// A header of the mail, unfolded; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        header(self.raw.split("\r\n\r\n").next().unwrap_or_default(), name)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The body as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The code: the one line that is six digits. The HTML must show the same.
    #[must_use]
    pub fn code(&self) -> String {
        let text = self.text();
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        let codes: Vec<&str> = text.lines().map(str::trim).filter(is_code).collect();
        assert_eq!(codes.len(), 1, "one code in the letter: {text}");
        assert!(self.html().contains(codes[0]), "the HTML shows the same code");
        codes[0].to_owned()
    }

    /// The link to the challenge.
    #[must_use]
    pub fn challenge_url(&self) -> String {
        let text = self.text();
        let link =
            text.split_whitespace().find(|word| word.contains("/challenge/ses_") && !word.contains("/stop/"));
        let link = link.unwrap_or_else(|| panic!("no challenge link in the letter: {text}"));
        assert!(self.html().contains(link), "the HTML has the same link");
        link.to_owned()
    }

    fn part(&self, kind: &str) -> String {
        let (head, body) = self.raw.split_once("\r\n\r\n").expect("a mail has headers");
        let boundary = parameter(&header(head, "content-type"), "boundary").expect("a mail of two parts");
        let delimiter = format!("--{boundary}");
        let parts = body.split(&delimiter).filter_map(|part| part.split_once("\r\n\r\n"));
        let mut of_kind = parts.filter(|(head, _)| header(head, "content-type").starts_with(kind));
        let (head, body) = of_kind.next().unwrap_or_else(|| panic!("no {kind} in the letter"));
        decoded(&header(head, "content-transfer-encoding"), body.trim_end_matches("\r\n"))
            .replace("\r\n", "\n")
    }
}

fn header(head: &str, name: &str) -> String {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut lines = unfolded.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(given, _)| given.trim().eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, rest) = value.split_once(&format!("{name}=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn decoded(encoding: &str, body: &str) -> String {
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(body.replace("\r\n", "")).expect("base64"),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).expect("mails are UTF-8")
}

/// Quoted-printable (RFC 2045 section 6.7).
fn unquoted(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in body.split("\r\n") {
        let (line, soft) = line.strip_suffix('=').map_or((line, false), |line| (line, true));
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('=') {
            let (digits, after) = after.split_at(2);
            bytes.extend_from_slice(before.as_bytes());
            bytes.push(u8::from_str_radix(digits, 16).expect("two hex digits"));
            rest = after;
        }
        bytes.extend_from_slice(rest.as_bytes());
        if !soft {
            bytes.push(b'\n');
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_read() {
        assert_eq!(unquoted("a=C3=A9 b=\r\nc=3D"), "aé bc=\n".as_bytes());
    }
}

//! Bodies of forms: `application/x-www-form-urlencoded` as browsers send it.
//!
//! Source: WHATWG URL Standard, section "application/x-www-form-urlencoded parsing".

/// The decoded value of the first field of this name; none when it is missing or not UTF-8.
#[must_use]
pub fn field(body: &[u8], name: &str) -> Option<Vec<u8>> {
    body.split(|byte| *byte == b'&').find_map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (key, value) = (halves.next()?, halves.next().unwrap_or_default());
        (decode(key) == name.as_bytes()).then(|| decode(value))
    })
}

/// Plus is a space and `%XX` a byte; anything else stands for itself, also a stray percent sign.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        decoded.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, behind @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = behind;
                    high << 4 | low
                }
                _ => b'%',
            },
            (byte, _) => *byte,
        });
    }
    decoded
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_and_decoded() {
        let cases: [(&str, Option<&str>); 9] = [
            ("payload=%7B%22a%22%3A1%7D", Some(r#"{"a":1}"#)),
            ("other=1&payload=a+b", Some("a b")),
            ("payload=1&payload=2", Some("1")),
            ("payl%6Fad=x", Some("x")),
            ("payload", Some("")),
            ("payload=a=b", Some("a=b")),
            ("payload=100%", Some("100%")),
            ("payload=%zz%4", Some("%zz%4")),
            ("", None),
        ];
        for (body, value) in cases {
            let found = field(body.as_bytes(), "payload");
            assert_eq!(found.as_deref(), value.map(str::as_bytes), "{body}");
        }
    }
}

//! The values of a JSON body: where each stands, and what the body is without it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

/// How deep values are looked for.
const DEPTH: usize = 64;

/// A text, a number or a truth value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// RFC 6901, from the whole body.
    pub(super) pointer: String,
    place: Range<usize>,
}

/// Every value of a body, in the order sent; none when it is no JSON. Nothing is said of `null` and of blank text:
/// there is nothing in them to use.
pub(super) fn leaves(body: &[u8]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(raw) = serde_json::from_str::<&RawValue>(text)
    {
        let base = text.as_ptr().addr();
        walk(raw.get(), base, String::new(), DEPTH, &mut leaves);
    }
    leaves.sort_by_key(|leaf| leaf.place.start);
    leaves
}

/// Walks a value that is a part of the body which begins at `base`.
fn walk(raw: &str, base: usize, pointer: String, depth: usize, leaves: &mut Vec<Leaf>) {
    let below = depth.saturating_sub(1);
    match raw.as_bytes().first() {
        _ if depth == 0 => {}
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(raw).unwrap_or_default();
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(value.get(), base, format!("{pointer}/{name}"), below, leaves);
            }
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
            for (index, value) in elements.into_iter().enumerate() {
                walk(value.get(), base, format!("{pointer}/{index}"), below, leaves);
            }
        }
        Some(b'n') | None => {}
        Some(b'"') if raw.trim_matches('"').trim().is_empty() => {}
        Some(_) => {
            let start = raw.as_ptr().addr().saturating_sub(base);
            leaves.push(Leaf { pointer, place: start..start.saturating_add(raw.len()) });
        }
    }
}

/// What stands for a value when it is taken away.
pub(super) fn removed(_written: &[u8]) -> Vec<u8> {
    b"null".to_vec()
}

/// Another value of the same kind.
pub(super) fn altered(written: &[u8]) -> Vec<u8> {
    match written {
        b"true" => b"false".to_vec(),
        b"false" => b"true".to_vec(),
        [b'"', inner @ .., b'"'] => [b"\"~", inner, b"\""].concat(),
        // a digit in front: another number, whole where it was whole
        [b'-', digits @ ..] => [b"-1".as_slice(), digits].concat(),
        digits => [b"1".as_slice(), digits].concat(),
    }
}

/// The body with these leaves spoiled; they stand in the order of the body.
pub(super) fn spoiled(body: &[u8], leaves: &[Leaf], spoil: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut spoiled = Vec::with_capacity(body.len().saturating_add(leaves.len()));
    let mut done = 0;
    for leaf in leaves {
        spoiled.extend_from_slice(body.get(done..leaf.place.start).unwrap_or_default());
        spoiled.extend(spoil(body.get(leaf.place.clone()).unwrap_or_default()));
        done = leaf.place.end;
    }
    spoiled.extend_from_slice(body.get(done..).unwrap_or_default());
    spoiled
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        br#" {"a/b": [1, -2.5, {"~": "x\"y"}], "n": null, "blank": " ", "t": true, "o": {}} "#;

    #[test]
    fn every_telling_value_is_found_where_it_stands() {
        let found = leaves(BODY);
        let told: Vec<_> = found
            .iter()
            .map(|leaf| (leaf.pointer.as_str(), std::str::from_utf8(&BODY[leaf.place.clone()]).unwrap()))
            .collect();
        let expected = [("/a~1b/0", "1"), ("/a~1b/1", "-2.5"), ("/a~1b/2/~0", r#""x\"y""#), ("/t", "true")];
        assert_eq!(told, expected);
        assert_eq!(leaves(b"no json"), []);
        assert_eq!(leaves(b"7").len(), 1);
        let deep = [b"[".repeat(3000), b"]".repeat(3000)].concat();
        assert_eq!(leaves(&deep), []);
    }

    #[test]
    fn a_spoiled_body_is_the_same_around_the_value() {
        let found = leaves(BODY);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let without = text(spoiled(BODY, &found, removed));
        assert!(without.contains(r#""a/b": [null, null, {"~": null}], "n": null"#), "{without}");
        let altered = text(spoiled(BODY, &found, altered));
        let expected =
            r#" {"a/b": [11, -12.5, {"~": "~x\"y"}], "n": null, "blank": " ", "t": false, "o": {}} "#;
        assert_eq!(altered, expected);
        let one = text(spoiled(BODY, &found[1..2], removed));
        assert!(one.contains("[1, null,"), "{one}");
    }
}

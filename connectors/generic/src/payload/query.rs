//! Places in a body, written as an RFC 9535 `JSONPath`: for arrays, where a pointer would need to know the index.
//!
//! It finds places, and the values are read there as anywhere else: no digit of a number is lost on the way.

use serde_json_path::JsonPath;

use crate::payload::node::Node;

/// How long a query may be.
const LENGTH: usize = 512;
/// How deep its brackets may stand within one another.
const DEPTH: usize = 6;

/// A checked query: `$…` from the part of the body that becomes an event, `#$…` always from the whole body.
#[derive(Debug)]
pub(crate) struct Query {
    path: JsonPath,
    absolute: bool,
}

/// Why a text is no query.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueryError {
    /// It does not parse.
    #[error("`{0}` is not a JSONPath: write `$.items[*].id`, or `#$.items[*].id` from the whole body")]
    Syntax(String),
    /// It is too much for a query.
    #[error("a JSONPath has at most {LENGTH} bytes, {DEPTH} brackets within one another, and one `..`")]
    TooMuch,
}

impl Query {
    /// Whether a text wants to be a query and not a pointer.
    pub(crate) fn is_meant(text: &str) -> bool {
        text.starts_with(['$']) || text.starts_with("#$")
    }

    /// Reads a query.
    ///
    /// # Errors
    /// When it is no `JSONPath`, or could take long on a large body: a second `..` multiplies what the first finds.
    pub(crate) fn parse(text: &str) -> Result<Self, QueryError> {
        let (absolute, path) = text.strip_prefix('#').map_or((false, text), |path| (true, path));
        if text.len() > LENGTH || depth(path) > DEPTH || path.matches("..").count() > 1 {
            return Err(QueryError::TooMuch);
        }
        let path = JsonPath::parse(path).map_err(|_error| QueryError::Syntax(text.to_owned()))?;
        Ok(Self { path, absolute })
    }

    /// Whether it starts at the whole body, whatever part becomes an event.
    pub(crate) fn is_absolute(&self) -> bool {
        self.absolute
    }

    /// Every value that it finds below `start`, in order, with the pointer to it from there.
    pub(crate) fn find<'n, 'b>(&self, start: &'n Node<'b>) -> Vec<(&'n Node<'b>, String)> {
        let Some(tree) = start.tree() else { return Vec::new() };
        let found = self.path.query_located(tree).all().into_iter().filter_map(|located| {
            let pointer = located.location().to_json_pointer();
            let tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
            let node = tokens.into_iter().try_fold(start, |node, token| node.child(&token))?;
            Some((node, pointer))
        });
        found.collect()
    }
}

/// How deep brackets stand within one another at most; those inside quotes count too, which only makes it stricter.
fn depth(text: &str) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for character in text.chars() {
        match character {
            '[' | '(' => open = open.saturating_add(1),
            ']' | ')' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, body: &str) -> Vec<(String, String)> {
        let node = Node::parse(body.as_bytes()).unwrap();
        let query = Query::parse(query).unwrap();
        query.find(&node).into_iter().map(|(node, at)| (node.text().unwrap_or_default(), at)).collect()
    }

    #[test]
    fn places_are_found_and_values_are_read_there() {
        let body =
            r#"{"a/b":[{"k":"x","id":123456789012345678901234567890},{"k":"y","id":2},{"k":"x","id":1.50}]}"#;
        let ids = found("$['a/b'][?@.k=='x'].id", body);
        let expected = [("123456789012345678901234567890", "/a~1b/0/id"), ("1.50", "/a~1b/2/id")];
        assert_eq!(ids, expected.map(|(text, at)| (text.to_owned(), at.to_owned())));
        assert_eq!(found("$..k", body).len(), 3);
        assert_eq!(found("$['a/b'][?length(@.k) == 1].k", body).len(), 3);
        assert_eq!(found("$.none[*]", body), []);
    }

    #[test]
    fn what_is_no_query_or_too_much_of_one_is_refused() {
        for wrong in ["$[", "a", "", "$.a[?match(@.b, 'x')]", "$.a b"] {
            assert!(matches!(Query::parse(wrong), Err(QueryError::Syntax(_))), "{wrong}");
        }
        let deep = format!("${}{}", "[?@".repeat(9), "]".repeat(9));
        for wrong in [deep.as_str(), "$..a..b", &format!("$.{}", "a".repeat(600))] {
            assert!(matches!(Query::parse(wrong), Err(QueryError::TooMuch)), "{wrong}");
        }
        assert!(Query::parse("#$.a").unwrap().is_absolute());
    }
}

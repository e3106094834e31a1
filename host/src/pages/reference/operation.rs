//! `Operation`: one method of one path.

use serde::Serialize;
use serde_json::Value;

use super::schema::Node;
use super::{list, resolve, text};

/// One endpoint.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// Name of its place on the page: `post-events-ingest`.
    pub anchor: String,
    /// Method, lower case.
    pub method: String,
    /// Path with its placeholders.
    pub path: String,
    /// One line.
    pub summary: String,
    /// More, in paragraphs.
    pub description: Vec<String>,
    /// What it asks of the caller, such as `api_key (events:write)`; alternatives are separate entries.
    pub auth: Vec<String>,
    /// Parameters of path, query, header and cookie.
    pub parameters: Vec<Parameter>,
    /// The request body, if there is one.
    pub request: Option<Node>,
    /// The answers, by status.
    pub answers: Vec<Answer>,
}

/// A parameter outside of the body.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// `path`, `query`, `header` or `cookie`.
    pub place: String,
    /// Name, kind and meaning.
    #[serde(flatten)]
    pub node: Node,
}

/// What comes back with one status.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// `200`, `4XX`, `default`.
    pub status: String,
    /// When it comes.
    pub description: String,
    /// Its body, if there is one.
    pub body: Option<Node>,
}

impl Operation {
    /// Reads `found`, the `method` of the path item `item`.
    pub(super) fn read(document: &Value, method: &str, path: &str, item: &Value, found: &Value) -> Self {
        let paragraphs = text(found, "/description");
        Self {
            anchor: anchor(method, path),
            method: method.to_owned(),
            path: path.to_owned(),
            summary: text(found, "/summary"),
            description: paragraphs
                .split("\n\n")
                .map(str::trim)
                .filter(|p| !p.is_empty())
                .map(str::to_owned)
                .collect(),
            auth: auth(document, found),
            parameters: parameters(document, item).chain(parameters(document, found)).collect(),
            request: found.get("requestBody").and_then(|body| content(document, body)),
            answers: answers(document, found),
        }
    }
}

fn anchor(method: &str, path: &str) -> String {
    let words: Vec<&str> =
        path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    format!("{method}-{}", words.join("-"))
}

/// `security` of the operation, else of the document; an empty requirement means that none is needed.
fn auth(document: &Value, found: &Value) -> Vec<String> {
    let requirements = match found.get("security") {
        Some(own) => list(own, ""),
        None => list(document, "/security"),
    };
    requirements
        .iter()
        .filter_map(Value::as_object)
        .map(|schemes| match schemes.iter().map(scheme).collect::<Vec<_>>() {
            named if named.is_empty() => "none".to_owned(),
            named => named.join(" and "),
        })
        .collect()
}

fn scheme((name, scopes): (&String, &Value)) -> String {
    let scopes: Vec<&str> = list(scopes, "").iter().filter_map(Value::as_str).collect();
    if scopes.is_empty() { name.clone() } else { format!("{name} ({})", scopes.join(", ")) }
}

fn parameters<'a>(document: &'a Value, holder: &'a Value) -> impl Iterator<Item = Parameter> + 'a {
    list(holder, "/parameters").iter().map(move |parameter| {
        let parameter = resolve(document, parameter);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let mut node = Node::read(document, &text(parameter, "/name"), schema);
        node.required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        if node.description.is_empty() {
            node.description = text(parameter, "/description");
        }
        Parameter { place: text(parameter, "/in"), node }
    })
}

/// The schema of a body's first media type, named by that type.
fn content(document: &Value, body: &Value) -> Option<Node> {
    let (kind, media) = resolve(document, body).get("content")?.as_object()?.iter().next()?;
    Some(Node::read(document, kind, media.get("schema").unwrap_or(&Value::Null)))
}

fn answers(document: &Value, found: &Value) -> Vec<Answer> {
    let answers = found.get("responses").and_then(Value::as_object);
    answers
        .into_iter()
        .flatten()
        .map(|(status, answer)| Answer {
            status: status.clone(),
            description: text(resolve(document, answer), "/description"),
            body: content(document, answer),
        })
        .collect()
}

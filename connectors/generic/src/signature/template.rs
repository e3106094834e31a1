//! What a sender signs, written as a template: `{header:webhook-id}.{time}.{body}`.
//!
//! It knows the pieces and their order, and refuses a delivery in which a piece could be read as the next one.

use super::required;
use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Part, Refusal};

/// Pieces of one message: the host takes no more.
const PIECES: usize = 16;
/// The name of the setting.
const SETTING: &str = "signed";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Header(String),
    Time,
    Url,
    Query,
    Body,
}

/// A template, checked.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

impl Template {
    /// Reads the setting `signed`; unset, the body alone is signed.
    ///
    /// # Errors
    /// `malformed`, naming the setting, when a placeholder is unknown or the body is not among the pieces.
    pub(super) fn of(request: Request<'_>) -> Result<Self, Refusal> {
        let mut rest = request.setting(SETTING).unwrap_or("{body}");
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let (literal, after) = rest.split_once('{').unwrap_or((rest, ""));
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            if literal.len() == rest.len() {
                break;
            }
            let wrong = || misconfigured(SETTING, "a `{` without its `}`");
            let (name, after) = after.split_once('}').ok_or_else(wrong)?;
            pieces.push(placeholder(name)?);
            rest = after;
        }
        if pieces.iter().filter(|piece| **piece == Piece::Body).count() != 1 {
            return Err(misconfigured(
                SETTING,
                "`{body}` must stand in it once: what is not signed is not proven",
            ));
        }
        if pieces.len() > PIECES {
            return Err(misconfigured(SETTING, format_args!("at most {PIECES} pieces")));
        }
        if pieces.contains(&Piece::Url) && request.setting("url").is_none() {
            return Err(misconfigured(
                "url",
                "`signed` names `{url}`; write the address that the sender signs",
            ));
        }
        Ok(Self(pieces))
    }

    /// Whether the signed time is among the pieces, or a header of this name.
    pub(super) fn covers_time(&self, header: Option<&str>) -> bool {
        self.0.iter().any(|piece| match piece {
            Piece::Time => true,
            Piece::Header(name) => Some(name.as_str()) == header,
            _ => false,
        })
    }

    /// Whether `{time}` stands in it.
    pub(super) fn names_time(&self) -> bool {
        self.0.contains(&Piece::Time)
    }

    /// The message of a delivery, with `time` as it was written.
    ///
    /// # Errors
    /// `unauthenticated` when a header is missing, or holds what separates it from the next piece: two different
    /// deliveries would share one signed text.
    pub(super) fn message(&self, request: Request<'_>, time: &str) -> Result<Vec<Part>, Refusal> {
        let next = self.0.iter().skip(1).map(Some).chain([None]);
        let parts = self.0.iter().zip(next).map(|(piece, next)| match piece {
            Piece::Literal(text) => Ok(Part::Literal(text.clone().into_bytes())),
            Piece::Header(name) => {
                apart(name, required(request, name)?, next)?;
                Ok(Part::Header(name.clone()))
            }
            Piece::Time => Ok(Part::Literal(time.as_bytes().to_vec())),
            Piece::Url => Ok(Part::Literal(request.setting("url").unwrap_or_default().as_bytes().to_vec())),
            Piece::Query => Ok(Part::Literal(request.query().as_bytes().to_vec())),
            Piece::Body => Ok(Part::Body),
        });
        parts.collect()
    }
}

fn placeholder(name: &str) -> Result<Piece, Refusal> {
    match name {
        "body" => Ok(Piece::Body),
        "time" => Ok(Piece::Time),
        "url" => Ok(Piece::Url),
        "query" => Ok(Piece::Query),
        _ => match name.strip_prefix("header:").filter(|name| !name.is_empty()) {
            Some(header) => Ok(Piece::Header(header.to_ascii_lowercase())),
            None => Err(misconfigured(
                SETTING,
                format_args!(
                    "`{{{name}}}` is unknown; use {{body}}, {{time}}, {{url}}, {{query}} or {{header:name}}"
                ),
            )),
        },
    }
}

/// That a header's value ends where the next piece begins: a JSON body begins with a brace or a bracket.
fn apart(name: &str, value: &str, next: Option<&Piece>) -> Result<(), Refusal> {
    let runs_on = match next {
        Some(Piece::Literal(text)) => value.contains(text.as_str()),
        Some(Piece::Body) => value.contains(['{', '[']),
        _ => false,
    };
    if runs_on {
        return Err(unauthenticated(format!(
            "header `{name}` holds what stands after it in the signed text"
        )));
    }
    Ok(())
}

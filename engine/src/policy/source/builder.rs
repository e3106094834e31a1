//! `Builder`: puts a document together from what the parser reports.

use saphyr_parser::{Event, Marker, ScalarStyle};
use serde_json::{Map, Value};

use super::scalar;
use super::spot::{self, Spot};
use crate::policy::Complaint;
use crate::problem::step;

/// How deeply lists and objects may stand in each other.
const DEPTH_MAX: usize = 64;

/// A document that is not finished.
#[derive(Debug, Default)]
pub(super) struct Builder {
    open: Vec<Frame>,
    done: Option<(Value, Spot)>,
}

/// A list or an object that is not finished.
#[derive(Debug)]
struct Frame {
    spot: Spot,
    so_far: SoFar,
}

#[derive(Debug)]
enum SoFar {
    List(Vec<Value>),
    /// The members and, between a name and its value, that name and its place.
    Object(Map<String, Value>, Option<(String, Marker)>),
}

type Taken = Result<(), Complaint>;

impl Builder {
    /// Takes the next report.
    pub(super) fn take(&mut self, event: Event<'_>, at: Marker) -> Taken {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_names_of_yaml(anchor, tag.is_some(), at)?;
                self.scalar(&text, style, at)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_names_of_yaml(anchor, tag.is_some(), at)?;
                self.push(SoFar::List(Vec::new()), at)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_names_of_yaml(anchor, tag.is_some(), at)?;
                self.push(SoFar::Object(Map::new(), None), at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.pop();
                Ok(())
            }
            Event::Alias(_) => Err(self.complaint(at, "aliases are not read: write the value out")),
            Event::DocumentStart(_) if self.done.is_some() => {
                Err(self.complaint(at, "a second document begins here, and a policy is one"))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    /// The document, if there was one.
    pub(super) fn finish(self) -> Result<(Value, Spot), Complaint> {
        self.done.ok_or_else(|| Complaint {
            pointer: String::new(),
            line: 1,
            column: 1,
            detail: "the document is empty".to_owned(),
        })
    }

    fn refuse_names_of_yaml(&self, anchor: usize, tagged: bool, at: Marker) -> Taken {
        match (anchor, tagged) {
            (0, false) => Ok(()),
            (0, true) => Err(self.complaint(at, "tags are not read: quote what is meant as text")),
            _ => Err(self.complaint(at, "anchors are not read: write the value out where it is needed")),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: Marker) -> Taken {
        if let Some(Frame { spot, so_far: SoFar::Object(_, name @ None) }) = self.open.last_mut() {
            let Some(first) = spot.children.get(text) else {
                *name = Some((text.to_owned(), at));
                return Ok(());
            };
            let detail = format!("is written twice, in line {} and in line {}", first.at.0, at.line());
            let pointer = self.pointer(Some(text));
            return Err(complaint(pointer, at, detail));
        }
        let value = match style {
            ScalarStyle::Plain => scalar::plain(text).map_err(|detail| self.complaint(at, detail))?,
            _ => text.into(),
        };
        self.attach(value, Spot::new(at));
        Ok(())
    }

    fn push(&mut self, so_far: SoFar, at: Marker) -> Taken {
        if matches!(self.open.last(), Some(Frame { so_far: SoFar::Object(_, None), .. })) {
            return Err(self.complaint(at, "a name must be text"));
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(self.complaint(at, format!("is nested more than {DEPTH_MAX} levels deep")));
        }
        self.open.push(Frame { spot: Spot::new(at), so_far });
        Ok(())
    }

    fn pop(&mut self) {
        if let Some(Frame { spot, so_far }) = self.open.pop() {
            let value = match so_far {
                SoFar::List(items) => Value::Array(items),
                SoFar::Object(members, _) => Value::Object(members),
            };
            self.attach(value, spot);
        }
    }

    /// Puts a finished value where it belongs. A member is found by its name, not by where its value begins.
    fn attach(&mut self, value: Value, mut spot: Spot) {
        match self.open.last_mut() {
            None => self.done = Some((value, spot)),
            Some(Frame { spot: parent, so_far: SoFar::List(items) }) => {
                parent.children.insert(items.len().to_string(), spot);
                items.push(value);
            }
            Some(Frame { spot: parent, so_far: SoFar::Object(members, name) }) => {
                if let Some((name, at)) = name.take() {
                    spot.at = spot::of(at);
                    parent.children.insert(name.clone(), spot);
                    members.insert(name, value);
                }
            }
        }
    }

    /// The pointer of what is being read, or of its member `name`.
    fn pointer(&self, name: Option<&str>) -> String {
        let steps = self.open.iter().filter_map(|frame| match &frame.so_far {
            SoFar::List(items) => Some(items.len().to_string()),
            SoFar::Object(_, name) => name.as_ref().map(|(name, _)| name.clone()),
        });
        steps.chain(name.map(str::to_owned)).map(|name| step(&name)).collect()
    }

    fn complaint(&self, at: Marker, detail: impl Into<String>) -> Complaint {
        complaint(self.pointer(None), at, detail)
    }
}

fn complaint(pointer: String, at: Marker, detail: impl Into<String>) -> Complaint {
    let (line, column) = spot::of(at);
    Complaint { pointer, line, column, detail: detail.into() }
}

//! What one event is read from: its part of the body, the whole body and the headers.
//!
//! It finds places and names them; it does not know what they mean.

use crate::payload::node::Node;
use crate::payload::pointer::Pointer;
use crate::payload::query::Query;
use crate::request::Request;

/// The surroundings of one event.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'n, 'b> {
    /// The whole body.
    pub(crate) body: &'n Node<'b>,
    /// The part of it that becomes the event.
    pub(crate) element: &'n Node<'b>,
    place: String,
    request: Request<'n>,
}

impl<'n, 'b> Scope<'n, 'b> {
    /// The whole body as one event.
    pub(crate) fn whole(request: Request<'n>, body: &'n Node<'b>) -> Self {
        Self { body, element: body, place: String::new(), request }
    }

    /// The same delivery, narrowed to one element that stands at `place`.
    pub(crate) fn element(&self, element: &'n Node<'b>, place: String) -> Self {
        Self { element, place, ..self.clone() }
    }

    /// The value that a pointer leads to.
    pub(crate) fn find(&self, pointer: &Pointer) -> Option<&'n Node<'b>> {
        let start = if pointer.is_absolute() { self.body } else { self.element };
        start.walk(pointer.tokens())
    }

    /// The values that a query leads to, in order.
    pub(crate) fn find_all(&self, query: &Query) -> Vec<&'n Node<'b>> {
        let start = if query.is_absolute() { self.body } else { self.element };
        query.find(start).into_iter().map(|(node, _)| node).collect()
    }

    /// The value at a way of plain member names such as `data/user_id`, within the event's part of the body.
    pub(crate) fn at(&self, way: &str) -> Option<&'n Node<'b>> {
        self.element.walk(way.split('/'))
    }

    /// A pointer as seen from the whole body, for refusals.
    pub(crate) fn place(&self, pointer: &Pointer) -> String {
        if pointer.is_absolute() { pointer.path() } else { format!("{}{}", self.place, pointer.path()) }
    }

    /// The same for a way of plain member names.
    pub(crate) fn place_of(&self, way: &str) -> String {
        format!("{}/{way}", self.place)
    }

    /// The first header of this lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&'n str> {
        self.request.header(name)
    }

    /// The delivery.
    pub(crate) fn request(&self) -> Request<'n> {
        self.request
    }

    /// The message id of a Standard Webhooks delivery.
    pub(crate) fn webhook_id(&self) -> Option<String> {
        self.request.webhook_id().map(str::to_owned)
    }

    /// The id that the sender gave the message in any header.
    pub(crate) fn message_id(&self) -> Option<String> {
        self.request.message_id().map(str::to_owned)
    }
}

//! Which of Adyen's two kinds of webhook a delivery is. Both functions of the connector ask here, so that what is
//! checked is what is read.

use ase_connector_kit::Node;
use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::Refusal;

/// Most items of one batch that are read: each is a claim of its own, and a host checks no more than these. Adyen
/// documents one item for JSON and up to six elsewhere.
pub(crate) const ITEMS: usize = 8;

/// A body.
#[derive(Debug)]
pub(crate) enum Message<'b> {
    /// A Standard webhook: items, each with a signature of its own.
    Standard(Batch<'b>),
    /// A webhook of a balance platform, signed as a whole by a header.
    Platform(Node<'b>),
}

/// The body of a Standard webhook.
#[derive(Debug)]
pub(crate) struct Batch<'b> {
    body: Node<'b>,
}

impl<'b> Message<'b> {
    /// Reads a body.
    ///
    /// # Errors
    /// `malformed` when it is neither kind, or a batch without items or with too many.
    ///
    /// Source: <https://docs.adyen.com/development-resources/webhooks/webhook-types>.
    pub(crate) fn read(body: &'b [u8]) -> Result<Self, Refusal> {
        let body = Node::object(body)?;
        if body.at("notificationItems").is_none() {
            let known = body.object_at("data").is_some() && body.word("type").is_some();
            let neither =
                || malformed("the body has neither `notificationItems` nor `type` and `data`", None);
            return known.then_some(Self::Platform(body)).ok_or_else(neither);
        }
        match body.elements("notificationItems").len() {
            0 => Err(malformed("the batch has no items, or far too many", Some("/notificationItems"))),
            count if count > ITEMS => Err(malformed(
                format!("the batch has {count} items, and at most {ITEMS} can be checked"),
                Some("/notificationItems"),
            )),
            _ => Ok(Self::Standard(Batch { body })),
        }
    }
}

impl<'b> Batch<'b> {
    /// Whether the items are of the test environment. A batch that does not say counts as live, so that nothing
    /// escapes scoring.
    pub(crate) fn is_test(&self) -> bool {
        self.body.flag("live") == Some(false)
    }

    /// The items in order, each with its place in the batch.
    ///
    /// # Errors
    /// `malformed` where an element of the batch is no item.
    pub(crate) fn items(&self) -> impl Iterator<Item = Result<(usize, &Node<'b>), Refusal>> {
        self.body.elements("notificationItems").iter().enumerate().map(|(place, element)| {
            let item = element.object_at("NotificationRequestItem");
            let pointer = format!("/notificationItems/{place}/NotificationRequestItem");
            item.map(|item| (place, item))
                .ok_or_else(|| malformed("the batch holds no item here", Some(&pointer)))
        })
    }
}

//! One delivery around its body.

use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::{Event, Refusal, Subject};
use ase_connector_kit::{Node, event, time};

/// A delivery, opened.
#[derive(Debug)]
pub(crate) struct Notice<'n, 'b> {
    /// The topic, such as `order.created`.
    pub(crate) topic: &'n str,
    /// What stands behind its dot.
    pub(crate) verb: &'n str,
    /// The body as it was signed.
    pub(crate) raw: &'n [u8],
    /// The same, opened.
    pub(crate) body: &'n Node<'b>,
}

impl Notice<'_, '_> {
    /// The refusal of a body that is not what its topic promises.
    pub(crate) fn unfit(&self, noun: &str) -> Refusal {
        malformed(format!("the body is not {noun}, which topic {} promises", self.topic), Some(""))
    }

    /// The id of the resource.
    ///
    /// # Errors
    /// `malformed` when there is none.
    pub(crate) fn id(&self) -> Result<String, Refusal> {
        let id = self.body.id("id").filter(|id| id != "0");
        id.ok_or_else(|| malformed("the body has no id", Some("/id")))
    }

    /// A moment in UTC, which WooCommerce writes without an offset.
    pub(crate) fn moment(&self, field: &str) -> Option<String> {
        time::from_utc(&self.body.text(field)?)
    }

    /// An event of this neutral type.
    ///
    /// The delivery's own id is an unsigned header and new with every delivery, so the event is known by its topic,
    /// its resource and its body: the same body is the same event, and a shop that changes an order twice within a
    /// second tells of two.
    pub(crate) fn event(&self, neutral: &str, id: &str, subject: Subject) -> Event {
        let base =
            event::event(format!("{}:{id}:{:016x}", self.topic, fingerprint(self.raw)), neutral, subject);
        let first = if self.verb == "created" { "date_created_gmt" } else { "date_modified_gmt" };
        Event { occurred_at: self.moment(first).or_else(|| self.moment("date_modified_gmt")), ..base }
    }
}

/// FNV-1a of 64 bits: it tells bodies of one shop apart. What is authentic is settled by the signature.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_the_published_function() {
        let cases =
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)];
        for (text, hash) in cases {
            assert_eq!(fingerprint(text.as_bytes()), hash, "{text:?}");
        }
    }
}

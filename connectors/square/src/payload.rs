//! The body: from Square's event to one neutral event. Authenticity is settled before; nothing here checks it,
//! except that the event is of the seller that the source is for.

mod attributes;
mod card;
mod customer;
mod description;
mod dispute;
mod gift_card;
mod notice;
mod order;
mod payment;
mod payout;
mod refund;
mod revocation;
mod topic;

use ase_connector_kit::refusal::{malformed, other_account};
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};
use ase_connector_kit::{Node, request};

use notice::Notice;
use topic::Meaning;

/// What a delivery becomes: one event, or the reason why it is of no concern.
///
/// # Errors
/// `malformed` when the body is not a JSON object or lacks the id, the type or the object of the event;
/// `unauthenticated` when the event is of another seller than the source's.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    let body = Node::object(&input.body)?;
    let id = body.id("event_id").ok_or_else(|| malformed("the event has no id", Some("/event_id")))?;
    let kind = body.word("type").ok_or_else(|| malformed("the event has no type", Some("/type")))?;
    let merchant = body.id("merchant_id");
    own(request::setting(input, "merchant_id"), merchant.as_deref())?;
    let test = request::header(input, "square-environment").ok().flatten() == Some("Sandbox");
    if test && request::is_set(input, "production_only") {
        return Ok(Outcome::Ignored(
            "of the sandbox, and the source takes events of production only".to_owned(),
        ));
    }
    match topic::meaning(&kind) {
        Meaning::Unknown => Ok(Outcome::Ignored(format!("type {kind} is of no concern"))),
        Meaning::Ignored(why) => Ok(Outcome::Ignored(format!("type {kind} is of no concern: {why}"))),
        Meaning::About(member, read) => {
            let path = format!("data/object/{member}");
            let object = body.object_at(&path);
            let missing = || malformed("the event carries no object of its type", Some(&format!("/{path}")));
            let notice =
                Notice { id, kind: &kind, merchant, test, body: &body, object: object.ok_or_else(missing)? };
            Ok(Outcome::Events(vec![read(&notice)?]))
        }
    }
}

/// Whether the event is of the seller that the source is for.
fn own(wanted: Option<&str>, merchant: Option<&str>) -> Result<(), Refusal> {
    if wanted.is_none() || wanted == merchant {
        return Ok(());
    }
    Err(other_account("the event is not of the seller that the setting `merchant_id` names", "/merchant_id"))
}

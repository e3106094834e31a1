//! Items added to and taken from an order after it was placed. Owns the topic `orders/edited`.

use serde::Deserialize;

use super::{
    Payload, nameless,
    nested::{List, Nested},
    scalar::Scalar,
};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The envelope around the edit.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct OrderEdit<'a> {
    order_edit: Nested<Edit<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Edit<'a> {
    id: Scalar<'a>,
    committed_at: Scalar<'a>,
    created_at: Scalar<'a>,
    line_items: Nested<LineItems<'a>>,
    order_id: Scalar<'a>,
    user_id: Scalar<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct LineItems<'a> {
    additions: List<Nested<Delta<'a>>>,
    removals: List<Nested<Delta<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Delta<'a> {
    delta: Scalar<'a>,
}

/// How many pieces these deltas are together, spelt.
fn pieces(deltas: &List<Nested<Delta<'_>>>) -> Option<String> {
    let add = |sum: u64, delta: &Nested<Delta<'_>>| sum.checked_add(delta.get()?.delta.count()?);
    let count = deltas.items().iter().try_fold(0, add)?;
    deltas.is_named().then(|| count.to_string())
}

impl<'a> Payload<'a> for OrderEdit<'a> {
    const NOUN: &'static str = "an edit of an order";

    fn fits(&self, _: Kind) -> bool {
        self.order_edit.get().is_some()
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let named = self.order_edit.get().and_then(|edit| Some((edit, edit.order_id.id()?)));
        let (edit, order) = named.ok_or_else(|| nameless("the edited order", "/order_edit/order_id"))?;
        let id = edit.id.id();
        let moment = edit.committed_at.or(edit.created_at);
        let items = edit.line_items.get();
        let subject = event::subject(format!("order:{order}"));
        let base = notice.event(subject, id.as_deref().unwrap_or(&order), moment);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([edit.committed_at, edit.created_at]),
            action: Some(event::action("Change to the items of an order", "", None)),
            links: event::links([("order", Some(order)), ("order_edit", id)]),
            changes: event::change("line_items"),
            attributes: event::attributes([
                ("items_added", items.and_then(|items| pieces(&items.additions))),
                ("items_removed", items.and_then(|items| pieces(&items.removals))),
                ("staff_id", edit.user_id.id()),
            ]),
            ..base
        }))
    }
}

//! The end of a source: the seller took the application's permission back.
//!
//! Source: <https://developer.squareup.com/docs/oauth-api/receive-and-manage-tokens>, "revoked".

use ase_connector_kit::event;
use ase_connector_kit::wit::{Event, Refusal};

use super::attributes::attributes;
use super::notice::Notice;

/// The notice that nothing more will come.
#[expect(clippy::unnecessary_wraps, reason = "it stands in a table beside readers that can refuse")]
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let base = notice.event("source.removed", notice.seller());
    Ok(Event {
        links: event::links([("account", notice.merchant.clone())]),
        attributes: attributes(notice, &[("revoker", "revoker_type")]),
        ..base
    })
}
